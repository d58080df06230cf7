"""A desk that was begun before the loop goes on: what was open is raised, and the counts are as its items say."""

from datetime import date

from portal.setup import desk
from tests.portal.nights import RESIDENT, Desk, failing, settled


def test_an_older_desk_keeps_its_tickets_open_counted_and_workable(empty_desk: Desk) -> None:
    other = "110105194912310038"
    empty_desk.night([failing(RESIDENT), failing(other, row_number=3)])
    empty_desk.night([failing(RESIDENT)], [settled(other)], on=date(2026, 3, 2))
    with desk(empty_desk.data):
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", "desk", "0002", verbosity=0)
        with connection.cursor() as cursor:
            for table in ("desk_ticket", "desk_historicalticket"):
                cursor.execute(f"update {table} set state = 'open' where state = 'raised'")  # the word of that time
        call_command("migrate", "desk", verbosity=0)
    [ticket] = empty_desk.tickets()
    assert (ticket["state"], ticket["open_count"], ticket["item_count"]) == ("raised", 1, 2)
    empty_desk.night([], [settled(RESIDENT, closed_run=9)], on=date(2026, 3, 3))
    assert [ticket["state"] for ticket in empty_desk.tickets()] == ["closed"]
