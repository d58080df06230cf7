"""A ticket's workbook: what goes out comes back as it was, only what was typed is filed, and what is wrong is said row by row."""

import csv
import io
import zipfile
from typing import Any

import polars as pl
import pytest

from portal.desk.actor import DeskError, NotAllowed, NotFound
from tests.portal.nights import Desk
from tests.portal.people import BUREAU, CIVIL, POLICE
from tests.portal.rows import IDS, NUMBER, ODD, desk_with_rows, items_of, resident
from tests.portal.workbooks import changed, downloaded, filed, place_of, uploaded, workbook
from yishu.ingest.confined import open_confined
from yishu.lake import delta
from yishu.lake.pool import pool_path


def corrections() -> list[Any]:
    from portal.desk.models import Correction

    return list(Correction.objects.all())


def test_a_form_that_comes_back_as_it_went_files_nothing(filled: Desk) -> None:
    draft = uploaded(downloaded())
    assert (draft.accepted, draft.unchanged, draft.refused) == (0, 4, [])


def test_a_corrected_row_is_filed_whole_and_as_text(filled: Desk) -> None:
    from portal.exchange import steps

    draft = uploaded(changed("性别", "2"))
    assert (draft.accepted, draft.unchanged, draft.refused) == (1, 3, [])
    made = steps.confirm(POLICE, NUMBER, draft.key)
    assert made.rows == 1
    [row] = filed(filled)
    assert row["XB"] == "2" and row["GMSFHM"] == IDS[0] and row["HJXZ"] == ODD["registered_address"]


def test_every_cell_goes_out_as_text_and_the_stamp_is_hidden(filled: Desk) -> None:
    from portal.exchange import steps
    from portal.exchange.reading import formula_rows

    content = steps.download(POLICE, NUMBER).read()
    assert formula_rows(content) == {}
    table = downloaded()
    assert table[1][place_of(table, "户籍详址")] == ODD["registered_address"]
    assert table[1][place_of(table, "曾用名")] == "+1"
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert 'min="5" max="5"' in sheet and 'hidden="1"' in sheet and "<sheetProtection" in sheet


def test_who_takes_the_rows_is_kept_and_the_bureau_gets_them_masked(filled: Desk) -> None:
    from portal.exchange import steps

    content = steps.download(BUREAU, NUMBER).read()
    rows = open_confined(content, "xlsx", "更正").rows.rows()
    assert not any(one[6:] in str(rows) for one in IDS) and "建设路1号" not in str(rows)
    assert ("downloaded", BUREAU.name) in items_of()[0].ticket.events.values_list("kind", "actor")
    with pytest.raises(NotAllowed):
        steps.check_file(BUREAU, NUMBER, "a.xlsx", content)
    with pytest.raises(NotFound):
        steps.download(CIVIL, NUMBER)


@pytest.mark.parametrize(
    ("title", "value", "words"),
    [
        ("性别", "8", "仍不符合本工单的规则"),
        ("性别", "1", "更正后的值不符合规则"),  # not that of the citizen id
        ("户号", "12", "更正后的值不符合规则"),
        ("公民身份号码", "110105194912310126", "标识不能修改"),
        ("公民身份号码", "", "将不能入池"),
        ("明细编号", "999999", "不属于这张工单"),
        ("明细编号", "", "不属于这张工单"),
        ("校验码", "0123456789abcdef", "又有新的报送"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line_and_the_others_are_not(filled: Desk, title: str, value: str, words: str) -> None:
    table = changed("性别", "2")
    table[1][place_of(table, title)] = value
    if title != "性别":
        table[2][place_of(table, "性别")] = "1"
    draft = uploaded(table)
    assert draft.accepted == (title != "性别")
    told = [one for one in draft.refused if words in one["reason"]]
    assert told and told[0]["line"] == 2 and told[0]["way_out"], draft.refused


def test_a_formula_refuses_its_row_whatever_it_has_computed(filled: Desk) -> None:
    table = changed("性别", "2", lines=[1])
    draft = uploaded(table, formulas={(2, place_of(table, "性别")): "=1"})
    assert draft.accepted == 1
    [told] = draft.refused
    assert (told["line"], told["reason"]) == (3, "有公式") and told["column"].startswith("性别")


def test_a_row_that_comes_twice_is_refused_both_times(filled: Desk) -> None:
    table = changed("性别", "2")
    draft = uploaded([*table, table[1]])
    assert draft.accepted == 0 and [one["line"] for one in draft.refused] == [2, 6]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda table: [[*row, "x"] for row in table], "不认识的列：x"),
        (lambda table: [row[:-1] for row in table], "缺少列：联系电话"),
        (lambda table: [[*row, row[-1]] for row in table], "重复的列"),
        (lambda table: table[1:], "表头"),
        (lambda table: [row[:4] + row[5:] for row in table], "校验码"),
    ],
)
def test_a_form_with_other_columns_is_refused_as_a_whole(filled: Desk, change: Any, words: str) -> None:
    with pytest.raises(DeskError, match=words):
        uploaded(change(downloaded()))


@pytest.mark.parametrize(("name", "content"), [("a.exe", b"x"), ("a.xlsx", b""), ("a.xlsx", b"PK\x03\x04"), ("a.csv", b"\x00"), ("a.csv", b'"a')])
def test_what_is_no_form_is_refused_in_words(filled: Desk, name: str, content: bytes) -> None:
    from portal.exchange import steps

    with pytest.raises(DeskError, match="请"):
        steps.check_file(POLICE, NUMBER, name, content)


def test_a_workbook_that_unpacks_without_end_is_not_opened(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.exchange import steps
    from yishu.ingest import workbook as limits

    monkeypatch.setattr(limits, "MOST_UNPACKED_BYTES", 1000)
    with pytest.raises(DeskError, match="解压"):
        steps.check_file(POLICE, NUMBER, "a.xlsx", workbook(downloaded()))


def test_a_form_saved_as_csv_is_read_as_well(filled: Desk) -> None:
    from portal.exchange import steps

    out = io.StringIO(newline="")
    csv.writer(out).writerows(changed("性别", "2"))
    for encoding in ("utf-8-sig", "gb18030"):
        draft = steps.check_file(POLICE, NUMBER, "a.csv", out.getvalue().encode(encoding))
        assert (draft.accepted, draft.unchanged, draft.refused) == (1, 3, [])


def test_confirming_twice_files_once_and_only_the_department_can(filled: Desk) -> None:
    from portal.exchange import drafts, steps

    draft = uploaded(changed("性别", "2"))
    with pytest.raises(NotFound):
        steps.confirm(CIVIL, NUMBER, draft.key)
    with pytest.raises(NotFound):  # whatever was asked before it
        drafts.find(filled.data, CIVIL, NUMBER, draft.key)
    assert steps.confirm(POLICE, NUMBER, draft.key).pk == steps.confirm(POLICE, NUMBER, draft.key).pk
    assert len(corrections()) == len(filed(filled)) == 1
    assert items_of()[0].filed_on and not items_of()[1].filed_on
    assert items_of()[0].ticket.state == "verifying"


def test_rows_that_moved_on_after_the_check_are_not_filed(filled: Desk) -> None:
    from portal.exchange import steps

    draft = uploaded(changed("性别", "2"))
    item = items_of()[0]
    type(item).objects.filter(pk=item.pk).update(row_number=9)
    with pytest.raises(DeskError, match="新的报送"):
        steps.confirm(POLICE, NUMBER, draft.key)
    type(item).objects.filter(pk=item.pk).update(state="corrected")
    with pytest.raises(DeskError, match="已办结"):
        steps.confirm(POLICE, NUMBER, draft.key)
    assert corrections() == []


def test_a_wrong_key_is_corrected_where_the_ticket_is_about_it_but_never_into_another_s(empty_desk: Desk) -> None:
    from portal.exchange import steps

    broken = "110105194912310021"
    with desk_with_rows(empty_desk, [resident(broken, sex="2")], "citizen_id.identifier", "citizen_id") as place:
        entry = place.catalogue.resources["public_security.resident"]
        delta.replace(pool_path(place.data, entry), pl.DataFrame({"_key": [IDS[1]]}), key="x", actor="night")
        table = changed("公民身份号码", IDS[1])
        table[1][place_of(table, "性别")] = "1"
        [told] = uploaded(table).refused
        assert told["reason"] == "改成的标识已是另一条记录的标识"
        draft = uploaded(changed("公民身份号码", IDS[0]))
        assert (draft.accepted, draft.rekeyed, draft.refused) == (1, 1, [])
        steps.confirm(POLICE, NUMBER, draft.key)
        assert [row["GMSFHM"] for row in filed(place)] == [IDS[0]]


def test_a_ticket_about_no_rows_says_so(empty_desk: Desk) -> None:
    from portal.exchange import steps

    with desk_with_rows(empty_desk, [resident(IDS[0])]):
        type(items_of()[0]).objects.update(row_number=None)
        with pytest.raises(DeskError, match="没有可以逐行更正的数据"):
            steps.download(POLICE, NUMBER)


def test_the_pages_lead_from_the_upload_to_what_was_filed_and_html_is_text(filled: Desk) -> None:
    from django.contrib.auth import get_user_model
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    from portal.desk.models import Officer

    user = get_user_model().objects.create_user("han", password="mulan-7-rivers")
    Officer.objects.create(user=user, role="officer", department="public_security", full_name="韩专员")
    browser, address = Client(SERVER_NAME="127.0.0.1"), f"/desk/t/{NUMBER}/excel/"
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert "上传并检查" in browser.get(address).content.decode()
    assert b"".join(browser.get(address + "download/").streaming_content)[:2] == b"PK"
    table = changed("性别", "2")
    table[2][place_of(table, "明细编号")] = "<script>alert(1)</script>"
    answer = browser.post(address, {"file": SimpleUploadedFile("<b>.xlsx", workbook(table))}, follow=True)
    page = answer.content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page and "提交更正（1 条）" in page
    result = answer.redirect_chain[-1][0]
    assert b"".join(browser.get(result + "refused/").streaming_content)[:2] == b"PK"
    assert "已提交更正 1 条" in browser.post(result + "confirm/", follow=True).content.decode()
    assert "不是下载表格" not in page and browser.post(address, {}).status_code == 400


# As an officer might type: no character that a cell cannot hold, no spelled-out escape that reading would undo.
