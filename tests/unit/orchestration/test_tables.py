"""Tables keep their columns under one another, whatever the width of the letters, and cut nothing."""

from orchestration.cli.tables import show, width


def test_columns_stand_under_one_another_and_numbers_to_the_right(capsys):
    show([{"名称": "户籍", "rows": 12345}, {"名称": "a", "rows": None}])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "名称    rows"
    assert lines[2] == "户籍  12,345"
    assert {width(line) for line in lines[:3]} == {12}


def test_a_long_cell_is_whole(capsys):
    show([{"id": "x" * 500}])
    assert "x" * 500 in capsys.readouterr().out


def test_an_empty_table_says_so(capsys):
    show([], empty="没有批次")
    assert capsys.readouterr().out == "没有批次\n"
