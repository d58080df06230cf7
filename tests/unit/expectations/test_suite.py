"""Suite files: what is read from them, and how a fault in one is named."""

from pathlib import Path

import pytest

from expectations.suite import Rule, SuiteError, load_rules

SUITES = Path(__file__).parents[3] / "expectations" / "suites"
RIGHT = """\
rules:
  - rule: monthly_amount_yuan.range
    expectation: expect_column_values_to_be_between
    kwargs: {column: monthly_amount_yuan, min_value: 0, max_value: 3000}
    severity: content
    dimension: 准确性
    clause: E01
    message: 月发放金额应在 0 至 3000 元之间
"""


def written(path: Path, text: str) -> Path:
    file = path / "suite.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_rule_is_read_with_its_column(tmp_path: Path) -> None:
    assert load_rules(written(tmp_path, RIGHT)) == [
        Rule(
            "monthly_amount_yuan.range",
            "expect_column_values_to_be_between",
            {"column": "monthly_amount_yuan", "min_value": 0, "max_value": 3000},
            "content",
            "准确性",
            "E01",
            "月发放金额应在 0 至 3000 元之间",
            "monthly_amount_yuan",
        )
    ]


def test_the_field_on_is_a_word_not_the_yaml_boolean(tmp_path: Path) -> None:
    text = RIGHT + '    on: civil_affairs.elderly_allowance\n    where: {status: ["1"]}\n'
    rule = load_rules(written(tmp_path, text))[0]
    assert (rule.on, rule.where) == ("civil_affairs.elderly_allowance", {"status": ["1"]})


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("severity: content", "severity: severe", 5, ["severity", "severe", "advisory"]),
        ("dimension: 准确性", "dimension: 漂亮", 6, ["dimension", "规范性"]),
        ("    clause: E01\n", "", 2, ["缺少字段 clause"]),
        ("clause: E01", "clauses: E01", 7, ["不认识字段 clauses", "clause"]),
        ("clause: E01", "clause:", 7, ["clause", "文本"]),
        ("clause: E01", "rule: again", 7, ["字段 rule 写了两次"]),
        (
            "expect_column_values_to_be_between",
            "expect_column_kl_divergence_to_be_less_than",
            3,
            ["不支持期望", "expect_column_kl_divergence_to_be_less_than"],
        ),
        ("max_value: 3000", "row_condition: x", 4, ["无法理解条件 x", 'col("列")']),
        ("max_value: 3000", "strictly: true", 4, ["strictly", "不支持参数"]),
        ("min_value: 0, max_value: 3000", "mostly: 0.9", 4, ["min_value"]),
        ("min_value: 0", "min_value: 9999", 4, ["min_value 大于 max_value"]),
        ("max_value: 3000", "mostly: 3", 4, ["mostly", "0 到 1"]),
        ("column: monthly_amount_yuan, ", "", 4, ["缺少参数 column"]),
        ("column: monthly_amount_yuan", "column: [a]", 4, ["column", "列名"]),
        ("kwargs: {", "kwargs: [", 4, ["YAML"]),
        ("rules:", "rule:", 1, ["rules"]),
    ],
)
def test_a_fault_names_file_line_field_and_way_out(
    tmp_path: Path, old: str, new: str, line: int, words: list[str]
) -> None:
    assert old in RIGHT
    with pytest.raises(SuiteError) as fault:
        load_rules(written(tmp_path, RIGHT.replace(old, new, 1)))
    assert f"suite.yaml:{line}: " in str(fault.value)
    for word in words:
        assert word in str(fault.value)


@pytest.mark.parametrize(
    ("expectation", "kwargs", "words"),
    [
        ("expect_column_values_to_match_regex", '{column: a, regex: "(?=x)"}', "正则"),
        ("expect_column_values_to_be_in_set", '{column: a, value_set: ["1", 2]}', "同一类型"),
        ("expect_column_values_to_be_in_set", "{column: a, value_set: abc}", "列表"),
        ("expect_column_values_to_not_be_after", "{column: a, date: soon}", "YYYY-MM-DD"),
        ("expect_column_values_to_be_valid_citizen_id", "{column: a, as_of: soon}", "YYYY-MM-DD"),
        ("expect_column_pair_values_to_be_equal", "{column_A: a, column_B: b, ignore_row_if: never}", "ignore_row_if"),
        ("expect_compound_columns_to_be_unique", "{column_list: a}", "列表"),
        ("expect_table_row_count_to_equal_other_table", "{}", "other_table_name"),
    ],
)
def test_kwargs_that_could_only_fail_at_night_are_refused_when_loaded(
    tmp_path: Path, expectation: str, kwargs: str, words: str
) -> None:
    text = RIGHT.replace("expect_column_values_to_be_between", expectation)
    text = text.replace("{column: monthly_amount_yuan, min_value: 0, max_value: 3000}", kwargs)
    with pytest.raises(SuiteError, match=words):
        load_rules(written(tmp_path, text))


def test_a_rule_is_written_once_for_each_resource_it_is_on(tmp_path: Path) -> None:
    entry = RIGHT.removeprefix("rules:\n")
    elsewhere = entry + "    on: civil_affairs.elderly_allowance\n"
    assert len(load_rules(written(tmp_path, RIGHT + elsewhere))) == 2
    with pytest.raises(SuiteError, match=r"suite.yaml:9: .*第 2 行"):
        load_rules(written(tmp_path, RIGHT + entry))


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    file = tmp_path / "suite.yaml"
    file.write_bytes(RIGHT.encode("gb18030"))
    with pytest.raises(SuiteError, match="UTF-8"):
        load_rules(file)


@pytest.mark.parametrize("file", sorted(SUITES.rglob("*.yaml")), ids=lambda file: file.stem)
def test_every_suite_in_the_tree_can_be_loaded(file: Path) -> None:
    rules = load_rules(file)
    assert rules
    assert all(bool(rule.on) == ("raw" not in file.parts) for rule in rules)


def test_nothing_structural_is_asked_of_rows_across_departments() -> None:
    """DESIGN 2: the cross gate accuses, it never holds a row back."""
    crossing = [rule for file in (SUITES / "cross").glob("*.yaml") for rule in load_rules(file)]
    assert {rule.severity for rule in crossing} <= {"content", "advisory"}
