"""`python -m bench.desk`: how long the desk's pages take with many open rows. Figures of one machine; nothing here is a test."""

import resource
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from portal.serve import warm_up
from portal.setup import desk

PAGES = ("/desk/", "/desk/?tab=late", "/desk/?q=身份", "/desk/?department=d1", "/desk/overview", "/desk/refusals", "/desk/t/{number}/")
DEPARTMENTS, ROUNDS = 22, 5


@click.command()
@click.option("--tickets", default=3000, show_default=True)
@click.option("--rows", default=200_000, show_default=True, help="open rows, spread over the tickets")
def main(tickets: int, rows: int) -> None:
    """Seconds of each page, the best and the worst of five, for somebody of the bureau."""
    with tempfile.TemporaryDirectory(prefix="yishu-bench-") as folder, desk(Path(folder)):
        number = fill(tickets, rows)
        warm_up(Path(folder))
        client = bureau()
        for page in PAGES:
            address = page.format(number=number)
            seconds = sorted(timed(client, address) for _ in range(ROUNDS))
            click.echo(f"{address:<28} {seconds[0]:6.3f} s … {seconds[-1]:6.3f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    click.echo(f"{tickets:,} tickets, {rows:,} open rows, peak {peak:,} MiB")


def fill(tickets: int, rows: int) -> str:
    """Tickets with their rows, stored as a night would leave them; returns the number of one of them."""
    from portal.desk.models import Ticket, TicketItem

    each, today = rows // tickets, date.today()
    made = [_ticket(place, today, each) for place in range(tickets)]
    Ticket.objects.bulk_create(made, batch_size=500)
    kept = list(Ticket.objects.order_by("id"))
    for start in range(0, tickets, 200):
        TicketItem.objects.bulk_create([_item(one, n) for one in kept[start : start + 200] for n in range(each)], batch_size=2000)
    return str(kept[0].number)


def _ticket(place: int, today: date, rows: int) -> Any:
    from portal.desk.models import Ticket

    opened = today - timedelta(days=place % 60)
    return Ticket(
        number=f"T{opened:%Y%m%d}-{place:04d}", opened_on=opened, serial=place, opened_by="bench", department=f"d{place % DEPARTMENTS}",
        department_title=f"第{place % DEPARTMENTS}局", resource=f"r{place % 80}", resource_title=f"第{place % 80}项信息", rule=f"citizen_id.r{place}",
        message="公民身份号码校验不符", severity="content", dimension="准确性", due_on=opened + timedelta(days=14), due_working_days=10,
        due_basis="local", profile_name="pingdingshan", profile_version="-", key_types=["citizen_id"], item_count=rows, open_count=rows,
    )  # fmt: skip


def _item(ticket: Any, place: int) -> Any:
    from portal.desk.models import TicketItem

    return TicketItem(
        ticket=ticket, department=ticket.department, resource=ticket.resource, rule=ticket.rule, subject=f"{ticket.pk:09d}{place:09d}",
        row_number=place + 2, opened_on=ticket.opened_on, since=ticket.opened_on, file="r.csv", delivery_id="-",
    )  # fmt: skip


def bureau() -> Any:
    """A browser in which somebody of the bureau has signed in."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from portal.desk.models import Officer

    user = get_user_model().objects.create_user("bureau")
    Officer.objects.create(user=user, role="bureau")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def timed(client: Any, address: str) -> float:
    begun = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
