"""Tables as a whole: how many rows and columns, which columns, as many rows as another table."""

from expectations.engine.core.values import BOUNDS, wrong_bounds
from expectations.engine.row_rule import REQUIRED, TableRule

RULES = (
    TableRule(expectation="expect_table_row_count_to_be_between", values=BOUNDS, wrong=wrong_bounds),
    TableRule(expectation="expect_table_row_count_to_equal", values={"value": REQUIRED}),
    TableRule(expectation="expect_table_row_count_to_equal_other_table", values={"other_table_name": REQUIRED}),
    TableRule(expectation="expect_table_column_count_to_be_between", values=BOUNDS, wrong=wrong_bounds),
    TableRule(expectation="expect_table_column_count_to_equal", values={"value": REQUIRED}),
    TableRule(expectation="expect_table_columns_to_match_set", values={"column_set": REQUIRED, "exact_match": True}),
    TableRule(expectation="expect_table_columns_to_match_ordered_list", values={"column_list": REQUIRED}),
    TableRule(expectation="expect_column_to_exist", values={"column": REQUIRED, "column_index": None}),
)
