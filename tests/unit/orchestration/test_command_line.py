"""The command line's errors: one line of Chinese on standard error, the right exit code, no trace."""

import json
import shutil
import subprocess
import sys
from contextlib import nullcontext
from datetime import date

import pytest

from yishu.lake.ledger import Ledger
from yishu.lake.lock import writing
from yishu.settings import ROOT


def clean(result, code: int, *words: str) -> None:
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    for word in words:
        assert word in result.stderr


@pytest.fixture
def held(data):
    """A held delivery of elderly_allowance, as a mapping of what its file's header lacked to its id."""

    def make(header: str, rule: str = "delivery.missing_column") -> str:
        ledger = Ledger(data)
        delivery = ledger.receive(department="civil_affairs", resource="elderly_allowance", as_of=date(2026, 3, 1), content_hash="0" * 64,
                                  file="elderly_allowance_20260301.csv", size=1, actor="night", catalogue_version="-", profile="pingdingshan")
        folder = data / "archive" / delivery.delivery_id
        folder.mkdir(parents=True)
        (folder / delivery.file).write_text(header + "\n", encoding="gb18030")
        ledger.record(delivery.delivery_id, landed=1, faults=[{"rule": rule, "message": "缺少列"}])
        ledger.move(delivery.delivery_id, "held", actor="night")
        return delivery.delivery_id

    return make


def columns(*without: str) -> str:
    from orchestration.register import current_catalogue

    return ",".join(column for column in current_catalogue().resources["civil_affairs.elderly_allowance"].columns if column not in without)


def key_column() -> str:
    from orchestration.register import current_catalogue

    resource = current_catalogue().resources["civil_affairs.elderly_allowance"]
    return resource.item(resource.key[0]).column


@pytest.mark.parametrize(("arguments", "words"), [
    (["nightly"], "没有这个命令"), (["night", "--date", "1 March"], "--date 的值无效"), (["deliveries", "show"], "缺少"),
    (["query", "select 1", "--colour"], "没有选项 --colour"), (["deliveries", "release", "x"], "缺少 --approval"),
])
def test_wrong_usage_is_said_in_chinese_with_exit_code_2(yishu, arguments, words):
    clean(yishu(*arguments, placed=False), 2, words)


@pytest.mark.parametrize("arguments", [["status"], ["rebuild"], ["deliveries", "list"], ["tickets", "list"], ["deliveries", "show", "x"]])
def test_a_data_folder_without_data_is_refused_and_not_made(yishu, data, arguments):
    clean(yishu(*arguments), 2, "还没有数据", "yishu night")
    assert not data.exists()


def test_a_query_before_any_release_says_what_to_do(yishu):
    clean(yishu("query", "select 1"), 2, "还没有发布过数据")


def test_a_second_writer_names_the_holder(yishu, data):
    program = ("import sys; from pathlib import Path; from yishu.lake.lock import writing\n"
               "with writing(Path(sys.argv[1]), '导入'): print(1, flush=True); input()")
    with subprocess.Popen([sys.executable, "-c", program, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline()
        result = yishu("night", "--date", "2026-03-01")
        other.communicate("\n")
    clean(result, 2, "导入", str(other.pid))


def test_another_profile_than_the_folder_s_is_refused(yishu, data):
    Ledger(data).hold_profile("fujian")
    clean(yishu("night", "--date", "2026-03-01"), 2, "fujian")


@pytest.mark.parametrize(("on", "follows"), [(date(2025, 10, 10), False), (date(2025, 10, 11), True)])
def test_a_folder_of_an_expired_regulation_goes_on_under_the_one_above_it(data, monkeypatch, on, follows):
    from orchestration.lake import hold_profile
    from yishu.lake.ledger import ProfileDiffers
    from yishu.settings import settings

    monkeypatch.setattr(settings, "profile", "fujian")
    ledger = Ledger(data)
    ledger.hold_profile("jinjiang")
    with nullcontext() if follows else pytest.raises(ProfileDiffers):
        hold_profile(ledger, on)
    assert ledger.recall("profile") == ("fujian" if follows else "jinjiang")


def test_every_fault_of_the_catalogue_is_listed_with_its_line_and_way_out(yishu, tmp_path, monkeypatch):
    from yishu.settings import settings

    shutil.copytree(ROOT / "catalogue", tmp_path / "catalogue")
    file = tmp_path / "catalogue/departments/civil_affairs/elderly_allowance.yaml"
    file.write_text(file.read_text("utf-8").replace("frequency:", "frequence:"), encoding="utf-8")
    monkeypatch.setattr(settings, "catalogue", tmp_path / "catalogue")
    result = yishu("catalogue", "check", placed=False)
    clean(result, 1, "frequency：缺少必填字段。请补充该字段", "frequence：没有这个字段", "共 2 处错误")
    assert f"{file}:" in result.stderr
    clean(yishu("night", "--date", "2026-03-01"), 2, "frequence")


def test_the_whole_catalogue_is_exported_as_json(yishu):
    result = yishu("catalogue", "export", placed=False)
    assert "public_security.resident" in json.loads(result.stdout)["resources"]


def test_a_held_delivery_is_released_by_a_named_person(yishu, data, held):
    delivery_id = held(columns(key_column()).replace(",", f",{key_column()},", 1), "delivery.shrink")
    result = yishu("deliveries", "release", delivery_id, "--approval", "平数〔2026〕1号", "--reason", "机构合并", "--actor", "李四")
    clean(result, 0)
    ledger = Ledger(data)
    assert ledger.delivery(delivery_id).state == "received"
    assert ledger.delivery(delivery_id).release_approval == "平数〔2026〕1号"
    assert {name: ledger.events(delivery_id)[-1][name] for name in ("actor", "approval", "reason")} == {
        "actor": "李四", "approval": "平数〔2026〕1号", "reason": "机构合并"}


def test_a_delivery_without_its_key_column_cannot_be_released(yishu, data, held):
    delivery_id = held(columns(key_column()))
    clean(yishu("deliveries", "release", delivery_id, "--approval", "1", "--reason", "急用"), 2, key_column(), "请退回")
    assert Ledger(data).delivery(delivery_id).state == "held"


def test_an_empty_file_cannot_be_released(yishu, data, held):
    delivery_id = held("", "delivery.empty")
    clean(yishu("deliveries", "release", delivery_id, "--approval", "1", "--reason", "急用"), 2, key_column(), "请退回")
    assert Ledger(data).delivery(delivery_id).state == "held"


def test_a_blank_approval_or_reason_is_none(yishu, data, held):
    delivery_id = held(columns(), "delivery.shrink")
    for approval, reason in ((" ", "机构合并"), ("平数〔2026〕1号", "")):
        clean(yishu("deliveries", "release", delivery_id, "--approval", approval, "--reason", reason), 2, "不能为空")
    assert Ledger(data).delivery(delivery_id).state == "held"


def test_a_rejected_delivery_is_decided_once(yishu, data, held):
    delivery_id = held(columns(key_column()))
    clean(yishu("deliveries", "reject", delivery_id, "--approval", "1", "--reason", "缺主键"), 0)
    assert Ledger(data).delivery(delivery_id).state == "rejected"
    clean(yishu("deliveries", "release", delivery_id, "--approval", "1", "--reason", "急用"), 2, "已退回")


def test_a_fault_of_the_program_leaves_its_trace_in_a_private_file_only(yishu, data, monkeypatch):
    Ledger(data)

    def broken(*_args):
        raise RuntimeError("11010519491231002X")

    monkeypatch.setattr("orchestration.standing.standing", broken)
    result = yishu("status")
    clean(result, 1, "程序故障", "last-fault.txt")
    assert "11010519491231002X" not in result.output
    assert "11010519491231002X" in (data / "work" / "last-fault.txt").read_text("utf-8")


def test_a_night_that_cannot_begin_alerts_and_ends_with_3(yishu, data, monkeypatch):
    told = []
    monkeypatch.setattr("orchestration.alert.send", told.append)

    def broken(*_args):
        raise RuntimeError("dbt")

    monkeypatch.setattr("orchestration.nightly_run.run_night", broken)
    clean(yishu("night", "--date", "2026-03-01"), 3)
    assert [alert.outcome for alert in told] == ["failed"]


def test_the_lock_is_free_after_a_refusal(yishu, data):
    Ledger(data).hold_profile("fujian")
    yishu("night", "--date", "2026-03-01")
    with writing(data, "again"):
        pass


def test_an_accepted_delivery_is_withdrawn_with_an_approval_and_a_held_one_is_not(yishu, data, held):
    delivery_id = held(columns(key_column()))
    clean(yishu("deliveries", "withdraw", delivery_id, "--approval", "1", "--reason", "误报"), 2, "reject 退回")
    ledger = Ledger(data)
    ledger.move(delivery_id, "accepted", actor="night")
    clean(yishu("deliveries", "withdraw", delivery_id, "--reason", "误报"), 2, "--approval")
    clean(yishu("deliveries", "withdraw", delivery_id, "--approval", "平数〔2026〕2号", "--reason", "误报", "--actor", "李四"), 0)
    last = ledger.events(delivery_id)[-1]
    assert (last["state"], last["actor"], last["approval"], last["reason"]) == ("withdrawn", "李四", "平数〔2026〕2号", "误报")


def test_a_difference_asks_git_for_revisions_only(yishu):
    clean(yishu("catalogue", "diff", "--", "--output=x", placed=False), 2, "不是版本")
    clean(yishu("catalogue", "diff", "no-such-revision", placed=False), 2, "no-such-revision")
