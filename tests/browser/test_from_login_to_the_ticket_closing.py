"""The loop as an officer walks it, in Debian's Chromium: sign in, take up, download, correct, upload, and the next night closes it.

On the way every page is checked for what keyboard and screen reader need. Pictures go to YISHU_PICTURES where that is set.
"""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from portal.pages.headers import POLICY
from portal.setup import desk
from tests.browser.accessibility import faults_of
from tests.cities import SMALL, City, after_first_night
from yishu.settings import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NO_BROWSER = pytest.mark.skipif(CHROMIUM is None, reason="没有 Chromium：apt-get install chromium fonts-noto-cjk 后再运行（.ci/run 会自动安装）")
pytestmark = [pytest.mark.city, NO_BROWSER]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
PASSWORD, READY = "ren-gong-shi-yong-2026", "更正工单台："
OFFICER, BUREAU, NIGHT = "police-officer", "bureau-staff", 1
# Chromium tells the page of everything that the content policy kept from it.
WATCH = "document.addEventListener('securitypolicyviolation', event => { throw Error(event.violatedDirective + ' ' + event.blockedURI) })"


@dataclass
class Work:
    """A ticket whose every row the truth knows the right value of: by row of the file."""

    number: str
    column: str
    values: dict[int, str]

    @classmethod
    def of(cls, city: City) -> "Work":
        truth = city.truth().filter(pl.col("right_value").is_not_null() & (pl.col("department") == "public_security"))
        right = truth.select("file", "rule", "right_value", row_number=pl.col("line").cast(pl.Int64))
        still = pl.col("closed_run").is_null() & (pl.col("severity") == "content") & (pl.col("column") != "citizen_id")
        known = city.violations().filter(still & (pl.col("resource") == "resident")).join(right, on=["file", "row_number", "rule"], how="left")
        for (rule,), rows in known.group_by(["rule"], maintain_order=True):
            if rows["right_value"].null_count() == 0 and rows.height == rows["row_number"].n_unique():
                number = next(t["number"] for t in city.tickets() if (t["resource"], t["rule"]) == ("resident", rule))
                return cls(number, rows["column"][0], dict(zip(rows["row_number"], rows["right_value"], strict=True)))
        raise AssertionError("the sample has no ticket that the truth can put right")


@dataclass
class Served:
    """A city after its first night, its desk served on loopback."""

    city: City
    address: str
    work: Work


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    city = after_first_night(tmp_path_factory.mktemp("city"), SMALL, tmp_path_factory)
    shutil.rmtree(city.data / "landing")  # departments deliver no second day: what the officer says is all that is new
    work = Work.of(city)
    with desk(city.data):
        from django.contrib.auth import get_user_model

        from portal.desk.models import Officer

        for name, place in ((OFFICER, {"role": "officer", "department": "public_security"}), (BUREAU, {"role": "bureau"})):
            Officer.objects.create(user=get_user_model().objects.create_user(name, password=PASSWORD), full_name="韩专员", **place)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = "import sys; from pathlib import Path; from portal.serve import serve; serve(Path(sys.argv[1]), port=int(sys.argv[2]))"
    environment = {**os.environ, "YISHU_CATALOGUE": str(city.root / "catalogue"), "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen([sys.executable, "-c", program, str(city.data), str(port)], env=environment, stdout=subprocess.PIPE, text=True)
    limit = threading.Timer(300, server.kill)  # whatever becomes of the test, the server ends
    limit.start()
    try:
        assert server.stdout is not None and READY in server.stdout.readline()
        yield Served(city, f"http://127.0.0.1:{port}", work)
    finally:
        limit.cancel()
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def page(served: Served) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        tab = browser.new_page(viewport={"width": 1280, "height": 900}, locale="zh-CN", accept_downloads=True)
        loaded: list[str] = []
        errors: list[str] = []
        tab.add_init_script(WATCH)
        tab.on("request", lambda request: loaded.append(request.url))
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.set_default_timeout(60_000)
        yield tab
        browser.close()
    outside = [url for url in loaded if not url.startswith((served.address, "data:", "blob:"))]
    assert not outside, f"the desk loads from outside: {outside}"
    assert not errors, f"errors in pages: {errors}"


def picture(page: Any, name: str) -> None:
    if folder := os.environ.get("YISHU_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=False)


def corrected(file: Path, column: str, values: dict[int, str]) -> Path:
    """The officer's work in Excel: the right values in the yellow column."""
    import python_calamine
    import xlsxwriter

    from yishu.catalogue import load_catalogue

    entry = load_catalogue(ROOT / "catalogue").resources["public_security.resident"]
    title = next((item.title for item in entry.items if item.name == column), column)
    rows = python_calamine.CalamineWorkbook.from_path(str(file)).get_sheet_by_name("更正").to_python()
    head = [str(cell) for cell in rows[0]]
    place = next(at for at, cell in enumerate(head) if title in cell)
    of_file = head.index("原文件行号")
    done = file.with_name("改好.xlsx")
    with xlsxwriter.Workbook(str(done), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("更正")
        for line, row in enumerate(rows):
            cells = [str(cell) for cell in row]
            if line:
                cells[place] = values[int(float(cells[of_file]))]
            for at, cell in enumerate(cells):
                sheet.write_string(line, at, cell)
    return done


def sign_in(page: Any, address: str, name: str) -> None:
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/desk/")


def test_a_wrong_value_goes_from_the_night_through_the_officers_hands_to_the_closed_ticket(served: Served, page: Any, tmp_path: Path) -> None:
    work = served.work
    page.goto(f"{served.address}/desk/")
    assert faults_of(page) == []
    picture(page, "desk-login")
    sign_in(page, served.address, OFFICER)
    assert faults_of(page) == []
    picture(page, "desk-inbox")

    page.goto(f"{served.address}/desk/t/{work.number}/")
    assert faults_of(page) == []
    page.get_by_role("button", name="受理").first.click()
    assert "标注" in page.locator("main").inner_text()
    picture(page, "desk-ticket")

    page.goto(f"{served.address}/desk/t/{work.number}/excel/")
    assert faults_of(page) == []
    with page.expect_download() as begun:
        page.get_by_role("link", name="下载明细").click()
    file = tmp_path / "明细.xlsx"
    begun.value.save_as(str(file))
    page.set_input_files("input[type=file]", str(corrected(file, work.column, work.values)))
    page.get_by_role("button", name="上传并检查").click()
    assert f"{len(work.values)} 条" in page.locator("main").inner_text()
    assert faults_of(page) == []
    picture(page, "desk-upload")
    page.get_by_role("button", name="提交更正").click()
    page.get_by_role("status").first.wait_for()

    served.city.night(NIGHT + 1)
    page.goto(f"{served.address}/desk/t/{work.number}/")
    told = page.locator("main").inner_text()
    picture(page, "desk-closed")
    assert "标注撤销" in told and "已更正" in told


@pytest.mark.parametrize("path", ["", "overview", "doubts/", "doubts/new", "password/"])
def test_every_page_serves_keyboard_reader_and_phone(served: Served, page: Any, path: str) -> None:
    page.goto(f"{served.address}/desk/{path}")
    assert faults_of(page) == []
    if path == "overview":
        picture(page, "desk-overview")
    fits_a_phone(page, path.strip("/").replace("/", "-") or "inbox")


def fits_a_phone(page: Any, name: str) -> None:
    page.set_viewport_size({"width": 375, "height": 740})
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    picture(page, f"desk-phone-{name}")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert wide <= 0, f"a phone must scroll sideways by {wide} pixels"


def test_the_interface_s_description_is_drawn_and_tried_out_under_the_strict_policy(served: Served, page: Any) -> None:
    """What its page would load from outside, or run against the policy, fails in the fixture."""
    answer = page.goto(f"{served.address}/desk/api/v1/docs")
    assert answer.headers["content-security-policy"] == POLICY
    mine = page.locator(".opblock", has_text="/desk/api/v1/me")
    mine.locator("button").first.click()
    mine.get_by_role("button", name="Try it out").click()
    mine.get_by_role("button", name="Execute").click()
    assert "public_security" in mine.locator(".live-responses-table").inner_text()
    assert page.locator(".opblock").count() >= 20
    picture(page, "desk-api")


def test_the_bureau_s_outbox_serves_keyboard_reader_and_phone(served: Served, page: Any) -> None:
    page.context.clear_cookies()
    page.goto(f"{served.address}/desk/")
    sign_in(page, served.address, BUREAU)
    page.goto(f"{served.address}/desk/outbox/")
    assert "待发送" in page.locator("main").inner_text()
    assert faults_of(page) == []
    picture(page, "desk-outbox")
    fits_a_phone(page, "outbox")


def test_an_entity_is_looked_up_without_its_identifier_in_an_address_and_serves_keyboard_reader_and_phone(served: Served, page: Any) -> None:
    page.context.clear_cookies()
    page.goto(f"{served.address}/desk/")
    sign_in(page, served.address, BUREAU)
    page.goto(f"{served.address}/desk/entities/")
    assert faults_of(page) == []
    fits_a_phone(page, "entities")
    number = served.city.table("base_person.person")["citizen_id"].min()
    page.get_by_label("主体种类").select_option("person")
    page.get_by_label("标识", exact=True).fill(number)
    page.get_by_role("button", name="查询").click()
    assert "来源行" in page.locator("main").inner_text() and number not in page.url and number not in page.content()
    for summary in page.locator("summary").all():
        summary.click()
    assert faults_of(page) == []
    picture(page, "desk-entity")
    fits_a_phone(page, "entity")
    page.get_by_role("button", name="查看完整标识").click()
    assert number in page.locator("main").inner_text() and number not in page.url
    assert faults_of(page) == []
