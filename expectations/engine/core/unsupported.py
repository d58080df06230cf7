"""What GX 1.24 ships and this engine refuses, each by name and with its reason; a test holds the list against GX's own."""

from types import MappingProxyType
from typing import Final

_SQL = "要用 SQL 查询，本引擎只读 polars 表；请改写为逐行规则，或放在 dbt 测试中"
_STUB = "Great Expectations 1.24 只有名称，没有实现"
_DISTRIBUTION = "要对照一个分布，本引擎没有实现；请改用分位数或均值的范围"
UNSUPPORTED: Final = MappingProxyType(
    {
        "unexpected_rows_expectation": _SQL,
        "expect_query_results_to_match_comparison": _SQL,
        "expect_column_kl_divergence_to_be_less_than": _DISTRIBUTION,
        "expect_column_bootstrapped_ks_test_p_value_to_be_greater_than": _STUB,
        "expect_column_chisquare_test_p_value_to_be_greater_than": _STUB,
        "expect_column_pair_cramers_phi_value_to_be_less_than": _STUB,
        "expect_column_parameterized_distribution_ks_test_p_value_to_be_greater_than": _STUB,
        "expect_multicolumn_values_to_be_unique": (
            "已由 Great Expectations 停用；请改用 expect_select_column_values_to_be_unique_within_record"
        ),
    }
)
