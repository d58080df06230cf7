"""How long, and in how much memory, a ticket of many rows goes out as a workbook and comes back corrected: `python -m bench.desk_excel [ROWS]`.

Prints one line a step. Not here: whether what comes back is right (tests/portal/test_exchange.py).
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROWS = 100_000


def main(rows: int) -> None:
    from portal.desk import service
    from tests.portal.nights import Desk
    from tests.portal.people import POLICE
    from tests.portal.rows import NUMBER, desk_with_rows, resident
    from yishu.catalogue.calendar import WorkingDayCalendar
    from yishu.catalogue.law import load_profile
    from yishu.settings import ROOT

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        service.list_tickets(data)
        place = Desk(data, load_profile("pingdingshan", ROOT / "catalogue"), WorkingDayCalendar.load(ROOT / "catalogue"))
        people = [resident(_citizen_id(number), sex="7") for number in range(rows)]
        with desk_with_rows(place, people):
            from portal.exchange import steps

            book = _timed("download", lambda: steps.download(POLICE, NUMBER).read())
            back = _timed("  (corrected by a program that plays the officer)", lambda: _corrected(book))
            draft = _timed("upload and check", lambda: steps.check_file(POLICE, NUMBER, "a.xlsx", back))
            print(f"accepted {draft.accepted}, unchanged {draft.unchanged}, refused {len(draft.refused)}; workbook {len(book) >> 20} MiB")
            _timed("confirm, and write the delivery", lambda: steps.confirm(POLICE, NUMBER, draft.key))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB here, {children} MiB in the confined reader")


def _timed(what: str, work: Callable[[], Any]) -> Any:
    before = time.perf_counter()
    done = work()
    print(f"{what}: {time.perf_counter() - before:.1f} s, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB", flush=True)
    return done


def _citizen_id(number: int) -> str:
    """Valid ones of women (even ordinals), a made-up one for each number."""
    day, ordinal = divmod(number, 499)
    body = f"410402{1950 + day // 336}{day % 336 // 28 + 1:02d}{day % 28 + 1:02d}{ordinal * 2 + 2:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def _corrected(book: bytes) -> bytes:
    """Every row with its sex put right, and the birth date of its number."""
    import io

    import xlsxwriter

    from yishu.ingest.confined import open_confined

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as made:
        sheet = made.add_worksheet("更正")
        header: list[str] = []
        for line, (*texts, _, _) in enumerate(open_confined(book, "xlsx", "更正").rows.iter_rows()):
            row = [text or "" for text in texts]
            header = header or row
            if line:
                born = row[header.index("公民身份号码（GMSFHM）")][6:14]
                row[header.index("性别（XB）")] = "2"
                row[header.index("出生日期（CSRQ）")] = f"{born[:4]}-{born[4:6]}-{born[6:]}"
            for place, text in enumerate(row):
                if text:
                    sheet.write_string(line, place, text)
    return out.getvalue()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
