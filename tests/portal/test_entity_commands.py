"""`yishu desk entity`: identifiers from standard input only, masked in what is printed, one line for what cannot be done."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from tests.portal.at_the_desk import annotations
from tests.portal.nights import Desk
from tests.portal.published import DELIVERY
from tests.portal.rows import IDS

WHY = ("--reason", "同一人", "--basis", "户籍档案第 7 号", "--actor", "li")
Run = Callable[..., Result]


@pytest.fixture
def entity(known: Desk) -> Run:
    from orchestration.cli import main

    def run(*arguments: str, typed: tuple[str, ...] = ()) -> Result:
        said = "".join(f"{one}\n" for one in typed)
        return CliRunner().invoke(main, ["desk", "entity", *arguments, "--data", str(known.data)], input=said)

    return run


def test_a_merger_a_split_and_their_revocations_are_told_to_the_lake_and_print_no_identifier(known: Desk, entity: Run) -> None:
    merged = entity("merge", *WHY, typed=IDS[:2])
    assert merged.exit_code == 0 and "已合并 110105************（决定 1）" in merged.stdout, merged.output
    assert "已撤销合并" in entity("revoke", "1", *WHY).stdout
    assert "已拆分" in entity("split", "--row", f"{DELIVERY}:2", *WHY, typed=(IDS[0], IDS[2])).stdout
    assert "已撤销拆分" in entity("revoke", "3", *WHY).stdout
    assert [(said["kind"], said["actor"]) for said in annotations(known.data)] == [
        ("entities_merged", "li"), ("merge_revoked", "li"), ("row_split", "li"), ("split_revoked", "li")]  # fmt: skip
    assert not any(one[6:] in merged.stdout for one in IDS)


def test_an_entity_is_shown_masked_with_its_rows_and_decisions(entity: Run) -> None:
    entity("merge", *WHY, typed=IDS[:2])
    shown = entity("show", "--json", typed=IDS[:1])
    found = json.loads(shown.stdout)
    assert [row["name"] for row in found["rows"]] == [f"{DELIVERY}:2"] and found["events"][0]["is_standing"]
    table = entity("show", typed=IDS[:1]).stdout
    assert "合并" in table and "是" in table
    assert not any(one[6:] in shown.stdout + table for one in IDS)


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (("merge", *WHY), (IDS[0], "110105194912310118"), "没有人口使用这个标识"),
        (("merge", *WHY), (IDS[0], IDS[0]), "不需要再次合并"),
        (("merge", "--entity", "moon", *WHY), IDS[:2], "没有这种主体"),
        (("split", "--row", f"{DELIVERY}:2", *WHY), (IDS[0], "110105194912310119"), "校验位"),
        (("split", "--row", "x", *WHY), IDS[:2], "不属于本主体"),
        (("revoke", "99", *WHY), (), "没有合并或拆分决定 99"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_two(entity: Run, arguments: tuple[str, ...], typed: tuple[str, ...], told: str) -> None:
    done = entity(*arguments, typed=typed)
    assert done.exit_code == 2 and told in done.stderr, done.output


def test_no_identifier_can_be_given_as_an_argument(entity: Run) -> None:
    assert entity("show", IDS[0]).exit_code == 2 and entity("merge", *WHY, IDS[0], IDS[1]).exit_code == 2
