"""Running rules through GX on polars: passes, keys, what is refused, what GX is told. And the rules of the field, one
by one."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.io.plugins import register_io_source

from expectations.engine.repeats import conflicting, fingerprint, repeated
from expectations.engine.run import RuleResult, RunError, run_rules
from expectations.rules.identifiers import complete_citizen_id, complete_credit_code
from expectations.suite import Rule


def rule(expectation: str, severity: str = "content", **kwargs: Any) -> Rule:
    return Rule(expectation, expectation, kwargs, severity, "准确性", "E01", "…")


def numbered(**columns: Any) -> pl.DataFrame:
    return pl.DataFrame(columns).with_row_index("_row_number", offset=2)


def ask(
    frame: pl.DataFrame, expectation: str, **kwargs: Any
) -> RuleResult:
    return run_rules(frame, [rule(expectation, **kwargs)])[0]


def accused(
    frame: pl.DataFrame, expectation: str, **kwargs: Any
) -> list[int]:
    """Positions of the accused rows, the first being 0."""
    return [key - 2 for key in ask(frame, expectation, **kwargs).keys]


NAMES = numbered(name=["a", None, "b", "a"], code=["1", "2", "3", "4"])


class Source:
    """A table that knows how often it was read from its beginning, and in how many pieces it came."""

    def __init__(self, frame: pl.DataFrame, piece: int = 2) -> None:
        self.frame, self.piece, self.reads = frame, piece, 0

    def scan(self) -> pl.LazyFrame:
        return register_io_source(self._pieces, schema=self.frame.schema, is_pure=True)

    def _pieces(self, columns: list[str] | None, where: pl.Expr | None, rows: int | None, batch: int | None) -> Iterator[pl.DataFrame]:
        self.reads += 1
        for start in range(0, self.frame.height, self.piece):
            part = self.frame.slice(start, self.piece).select(columns or self.frame.columns)
            yield part if where is None else part.filter(where)


MANY = [
    *(rule("expect_column_values_to_not_be_null", column=name) for name in ("name", "code")),
    *(rule("expect_column_values_to_be_unique", column=name) for name in ("name", "code")),
    rule("expect_column_values_to_be_in_set", column="code", value_set=["1", "2", "3", "4"]),
    rule("expect_compound_columns_to_be_unique", column_list=["name", "code"]),
    rule("expect_table_row_count_to_be_between", min_value=1),
]


@pytest.mark.parametrize("frame", [NAMES, NAMES.drop_nulls().head(2)], ids=["with faults", "without faults"])
def test_all_counts_and_all_keys_of_a_suite_are_one_read_of_the_table(frame: pl.DataFrame) -> None:
    source = Source(frame)
    results = run_rules(source.scan(), MANY)
    assert source.reads == 1
    assert [result.unexpected for result in results] == ([1, 0, 2, 0, 0, 0, 0] if frame is NAMES else [0] * 7)
    assert [result.keys.to_list() for result in results] == [result.keys.to_list() for result in run_rules(frame, MANY)]


def test_results_come_in_the_order_of_the_rules_even_for_the_same_rule_twice() -> None:
    twice = [
        rule("expect_column_values_to_match_regex", column="code", regex=regex)
        for regex in ("^[12]$", "^[1234]$", "^[12]$")
    ]
    results = run_rules(NAMES, twice)
    assert [result.rule for result in results] == twice
    assert [result.keys.to_list() for result in results] == [[4, 5], [], [4, 5]]


def test_keys_are_complete_beyond_gx_own_limits() -> None:
    """GX cuts its lists of rows at 20 and of values at 200 (STACK_FACTS): tickets would miss people."""
    frame = numbered(name=pl.repeat(None, 5000, dtype=pl.String, eager=True))
    result = ask(frame, "expect_column_values_to_not_be_null", column="name")
    assert result.keys.to_list() == frame["_row_number"].to_list()


def test_an_empty_frame_passes_all_but_the_rule_that_it_is_not_empty() -> None:
    results = run_rules(NAMES.clear(), MANY)
    assert [result.success for result in results] == [True] * 6 + [False]
    assert all(result.keys.is_empty() and result.keys.dtype == pl.UInt32 for result in results)
    assert results[-1].observed == 0


def test_mostly_excuses_the_suite_but_not_the_rows() -> None:
    result = ask(NAMES, "expect_column_values_to_not_be_null", column="name", mostly=0.7)
    assert (result.success, result.unexpected, result.keys.to_list()) == (True, 1, [3])


def test_a_key_may_be_text() -> None:
    result = run_rules(NAMES, [rule("expect_column_values_to_not_be_null", column="name")], key="code")[0]
    assert result.keys.to_list() == ["2"]


def test_no_rules_need_no_pass() -> None:
    source = Source(NAMES)
    assert run_rules(source.scan(), []) == []
    assert source.reads == 0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (rule("expect_column_kl_divergence_to_be_less_than", column="name", min_value=1), "expect_column_kl_divergence_to_be_less_than"),
        (rule("expect_column_values_to_not_be_null", column="nowhere"), "nowhere"),
        (rule("expect_compound_columns_to_be_unique", column_list=["name", "nowhere"]), "nowhere"),
        (rule("expect_table_row_count_to_equal_other_table", other_table_name="death"), "death"),
        (rule("expect_column_values_to_be_between", column="name", min_value=1), "name"),
        (rule("expect_column_values_to_not_be_null", column="name", row_condition='col("nowhere") == "1"'), "nowhere"),
        (rule("expect_column_values_to_be_in_set", column="code", value_set=[1, 2]), "code"),
        (rule("expect_column_values_to_match_regex", column="code", regex="("), "正则"),
        (rule("expect_column_values_to_be_between", column="code", min_value="1", strict_min=[]), "参数"),
    ],
)
def test_a_rule_that_cannot_be_asked_is_refused_by_name_never_skipped(asked: Rule, words: str) -> None:
    with pytest.raises(RunError, match=words):
        run_rules(NAMES, [rule("expect_column_values_to_not_be_null", column="name"), asked])


def test_keys_that_do_not_match_the_count_stop_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tickets are written from the keys and the figures from the count: a row lost between the two must not pass unseen."""
    from expectations.engine import execution_engine
    from expectations.engine.one_pass import Reading

    def losing(*asked: Any) -> Reading:
        found = read(*asked)
        return Reading(found.values, {id_: keys.head(1) for id_, keys in found.keys.items()})

    read = execution_engine.read
    monkeypatch.setattr(execution_engine, "read", losing)
    with pytest.raises(AssertionError, match="2 rows counted, 1 keys"):
        ask(NAMES, "expect_column_values_to_be_unique", column="name")


def test_a_frame_without_the_key_is_refused() -> None:
    with pytest.raises(RunError, match="_row_number"):
        run_rules(NAMES.drop("_row_number"), MANY)


def test_gx_is_told_severity_and_clause_and_draws_no_bars(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from great_expectations.validator.validator import Validator

    told: list[Any] = []
    validate = Validator.graph_validate

    def recorded(self: Validator, configurations: list[Any], *args: Any, **kwargs: Any) -> Any:
        told.extend(configurations)
        return validate(self, configurations, *args, **kwargs)

    monkeypatch.setattr(Validator, "graph_validate", recorded)
    severities = ("structural", "content", "advisory")
    run_rules(NAMES, [rule("expect_column_values_to_not_be_null", severity, column="name") for severity in severities])
    assert [str(configuration.severity.value) for configuration in told] == ["critical", "warning", "info"]
    assert told[0].meta["clause"] == "E01"
    assert capfd.readouterr().err == ""


IDS = complete_citizen_id(pl.Series(["41040219850315123", "41040219900101002", "41040220300101002"]))


def test_citizen_ids_are_valid_up_to_the_day_of_the_data() -> None:
    frame = numbered(citizen_id=[*IDS, None, "", "41040219850315123x"])
    assert accused(frame, "expect_column_values_to_be_valid_citizen_id", column="citizen_id") == [4, 5]
    assert accused(frame, "expect_column_values_to_be_valid_citizen_id", column="citizen_id", as_of="2026-01-01") == [
        2,
        4,
        5,
    ]
    assert accused(
        frame, "expect_column_values_to_be_valid_citizen_id", column="citizen_id", as_of=dt.date(2026, 1, 1)
    ) == [2, 4, 5]


def test_credit_codes_are_valid() -> None:
    right = complete_credit_code(pl.Series(["91410402"]), pl.Series(["MA3X2BC4"])).item()
    frame = numbered(code=[right, right[:17] + "-", None, right.lower()])
    assert accused(frame, "expect_column_values_to_be_valid_credit_code", column="code") == [1, 3]


def test_birth_date_and_sex_are_held_against_the_id() -> None:
    born, other = dt.date(1985, 3, 15), dt.date(1985, 3, 16)
    frame = numbered(
        citizen_id=[IDS[0], IDS[0], IDS[0][:17] + "?", None, IDS[0], IDS[0]],
        birth_date=[born, other, other, other, None, born],
        sex=["1", "2", "2", "2", None, "9"],
    )
    assert accused(
        frame, "expect_column_values_to_match_citizen_id_birth", column_A="birth_date", column_B="citizen_id"
    ) == [1]
    assert accused(frame, "expect_column_values_to_match_citizen_id_sex", column_A="sex", column_B="citizen_id") == [1]


def test_dates_and_numbers_as_text() -> None:
    frame = numbered(day=["2024-02-29", "2023-02-29", None, "20240101"], number=["12", "12.5", "1,2", None])
    assert accused(frame, "expect_column_values_to_be_real_date", column="day") == [1]
    assert accused(frame, "expect_column_values_to_be_number", column="number") == [2]
    assert accused(frame, "expect_column_values_to_be_number", column="number", integer=True) == [1, 2]


def test_a_day_after_the_data_is_accused() -> None:
    frame = numbered(day=[dt.date(2026, 3, 1), dt.date(2026, 3, 2), None])
    assert accused(frame, "expect_column_values_to_not_be_after", column="day", date="2026-03-01") == [1]


def test_the_two_hashes_of_a_row_are_independent() -> None:
    """Were the second a function of the first, rows would be told apart by 64 bits, not 128."""
    rows = pl.DataFrame({"name": [str(i) for i in range(10_000)]}).select(fingerprint([pl.col("name")]))
    assert rows.select(pl.col("a") ^ pl.col("b")).n_unique() == rows["a"].n_unique() == rows["b"].n_unique() == 10_000
    assert abs((rows["a"] % 2 == rows["b"] % 2).mean() - 0.5) < 0.05


@pytest.mark.parametrize(("how", "evaluated"), [(None, 1), ("either_value_is_missing", 1), ("both_values_are_missing", 2), ("neither", 3)])
def test_what_a_suite_says_of_missing_values_reaches_the_rules_of_the_field(how: str | None, evaluated: int) -> None:
    frame = numbered(sex=["1", "1", None], code=["11010519491231002X", None, None])
    asked = {"column_A": "sex", "column_B": "code", **({"ignore_row_if": how} if how else {})}
    assert ask(frame, "expect_column_values_to_match_citizen_id_sex", **asked).evaluated == evaluated


def test_every_member_of_a_group_of_equal_rows_is_accused() -> None:
    frame = numbered(key=["1", "1", "2", "1", None], name=["x", "x", "x", None, None])
    assert accused(frame, "expect_rows_not_to_be_repeated", column_list=["key", "name"]) == [0, 1]
    assert accused(frame, "expect_rows_not_to_be_repeated", column_list=["name"]) == [0, 1, 2]


def test_every_row_of_a_key_with_differing_rows_is_accused() -> None:
    frame = numbered(key=["1", "1", "1", "2", "2", None, None, "3"], name=["x", "x", None, "y", "y", "p", "q", "z"])
    assert accused(frame, "expect_key_not_to_conflict", column="key", column_list=["key", "name"]) == [0, 1, 2]
    assert accused(frame, "expect_key_not_to_conflict", column="key", column_list=["name"]) == [0, 1, 2]


small_rows = st.lists(
    st.tuples(st.sampled_from(["1", "2", None]), st.sampled_from(["x", "y", None]), st.sampled_from([1, None])),
    max_size=8,
)


@settings(deadline=None)
@given(small_rows)
def test_repeated_rows_and_conflicting_keys_are_found_as_by_hand(
    rows: list[tuple[str | None, str | None, int | None]],
) -> None:
    frame = pl.DataFrame(rows, schema={"key": pl.String, "name": pl.String, "n": pl.Int64}, orient="row")
    columns = [pl.col(name) for name in frame.columns]
    told = frame.select(
        repeated=repeated(pl.struct(fingerprint(columns))),
        conflicting=conflicting(pl.struct(*fingerprint(columns[:1], "key "), *fingerprint(columns))),
    )
    assert told["repeated"].to_list() == [rows.count(row) > 1 for row in rows]
    by_hand = [any(other[0] == row[0] and other != row for other in rows) for row in rows]
    assert told["conflicting"].to_list() == by_hand
