"""What a ticket keeps from its night: the deadline with its basis, the law's version, whom it addresses."""

from dataclasses import replace
from datetime import date

import pytest

from portal.desk.service import TicketNotFound, list_tickets, show_ticket
from tests.portal.nights import RESIDENT, Desk, failing, settled
from yishu.catalogue import load_catalogue
from yishu.catalogue.correction import CorrectionClock
from yishu.catalogue.law import Parameter, Profile
from yishu.gate.supervised import BREACH
from yishu.settings import ROOT


def under_law(profile: Profile, working_days: int) -> Profile:
    """The profile of a jurisdiction whose law gives tickets of a gate a number of days."""
    clock = Parameter[CorrectionClock](
        value=CorrectionClock(working_days=working_days, words="两日内", applies_to=frozenset({"gate"})),
        article="第九条",
        quote="两日内",
    )
    parameters = profile.parameters.model_copy(update={"P20": clock})
    return profile.model_copy(update={"parameters": parameters, "version": "another"})


def test_the_due_date_counts_working_days_and_says_that_it_is_a_local_default(empty_desk: Desk) -> None:
    empty_desk.night([failing()], on=date(2026, 9, 28))
    (ticket,) = empty_desk.tickets()
    assert (ticket["due_on"], ticket["due_working_days"], ticket["due_provisional"]) == ("2026-10-16", 10, False)
    assert (ticket["due_basis"], ticket["due_basis_title"], ticket["due_article"]) == ("local", "本地默认", "")


def test_a_deadline_in_law_is_kept_with_its_article(empty_desk: Desk, profile: Profile) -> None:
    empty_desk.night([failing()], on=date(2026, 9, 28), profile=under_law(profile, 2))
    (ticket,) = empty_desk.tickets()
    assert (ticket["due_on"], ticket["due_basis"], ticket["due_article"]) == ("2026-09-30", "law", "第九条")


def test_a_due_date_beyond_the_known_calendar_is_provisional(empty_desk: Desk) -> None:
    empty_desk.night([failing()], on=date(2026, 12, 25))
    (ticket,) = empty_desk.tickets()
    assert (ticket["due_on"], ticket["due_provisional"]) == ("2027-01-08", True)


def test_a_ticket_keeps_the_law_it_was_opened_under_when_the_law_changes(empty_desk: Desk, profile: Profile) -> None:
    empty_desk.night([failing()])
    before = empty_desk.tickets()
    empty_desk.night([failing(), failing(rule="phone.phone")], on=date(2026, 3, 2), profile=under_law(profile, 2))
    old, new = empty_desk.tickets()
    assert [old] == before
    assert (old["profile_name"], old["profile_version"], new["profile_version"]) == (
        "pingdingshan",
        profile.version,
        "another",
    )


def test_a_ticket_addresses_the_data_officer_and_names_the_head(empty_desk: Desk) -> None:
    empty_desk.catalogue = load_catalogue(ROOT / "catalogue", empty_desk.profile.name)
    empty_desk.night([failing()])
    (ticket,) = empty_desk.tickets()
    entry = empty_desk.catalogue.departments["public_security"]
    assert (ticket["data_officer_name"], ticket["head_name"]) == (entry.data_officer.name, entry.head.name)
    assert (ticket["department_title"], ticket["resource_title"]) == ("平顶山市公安局", "户籍人口信息")
    assert ticket["message"] == "性别不在代码表内"


def test_a_breach_of_the_register_is_a_ticket_of_origin_catalogue_and_closes_when_it_is_mended(empty_desk: Desk) -> None:
    breach = {"rule": BREACH, "clause": "C03", "row_number": None, "file": None, "delivery_id": None, "delivery_seq": None, "column": None}
    empty_desk.night([failing("P15", **breach, dimension="规范性", message="以文件报送", value_hash=None)])
    assert [(one["origin"], one["state"], one["clause"]) for one in empty_desk.tickets()] == [("catalogue", "raised", "C03")]
    empty_desk.night([], [settled("P15", rule=BREACH)], on=date(2026, 3, 2))
    assert [one["state"] for one in empty_desk.tickets()] == ["closed"]


def test_a_resource_that_left_the_catalogue_keeps_its_name_on_the_ticket(empty_desk: Desk) -> None:
    empty_desk.catalogue = load_catalogue(ROOT / "catalogue", empty_desk.profile.name)
    empty_desk.night([failing(department="harbour", resource="ship")])
    (ticket,) = empty_desk.tickets()
    assert (ticket["department_title"], ticket["resource_title"], ticket["data_officer_name"]) == (
        "harbour",
        "ship",
        "",
    )
    (item,) = empty_desk.ticket(ticket["number"])["items"]
    assert RESIDENT[6:] not in item["subject"]


def test_tickets_are_found_by_department_and_by_state_in_code_or_title(empty_desk: Desk) -> None:
    empty_desk.catalogue = load_catalogue(ROOT / "catalogue", empty_desk.profile.name)
    empty_desk.night([failing(), failing(department="civil_affairs", resource="elderly_allowance")])
    data = empty_desk.data
    assert len(list_tickets(data)) == 2
    by_name, by_title = (
        list_tickets(data, department="public_security"),
        list_tickets(data, department="平顶山市公安局"),
    )
    assert by_name == by_title and len(by_name) == 1
    assert len(list_tickets(data, state="异议提出")) == len(list_tickets(data, state="open")) == 2
    assert list_tickets(data, state="标注撤销") == []


def test_a_state_or_number_that_does_not_exist_is_answered_with_the_way_out(empty_desk: Desk) -> None:
    with pytest.raises(ValueError, match="open（在办）"):
        list_tickets(empty_desk.data, state="lost")
    with pytest.raises(TicketNotFound, match="tickets list"):
        show_ticket(empty_desk.data, "T20260301-0001")


def test_a_provisional_deadline_is_settled_when_the_calendar_arrives(empty_desk: Desk) -> None:
    night = date(2026, 12, 25)
    empty_desk.night([failing()], on=night)
    before = empty_desk.tickets()[0]
    new_year = frozenset({date(2027, 1, 1), date(2027, 1, 4)})
    known = replace(empty_desk.calendar, known_through=date(2027, 12, 31), holidays=empty_desk.calendar.holidays | new_year)
    empty_desk.calendar = known
    report = empty_desk.night([failing()], on=date(2026, 12, 28))
    after = empty_desk.tickets()[0]
    assert (before["due_on"], before["due_provisional"]) == ("2027-01-08", True)
    assert (after["due_on"], after["due_provisional"], report.settled_deadlines) == ("2027-01-12", False, 1)
    assert not empty_desk.night([failing()], on=date(2026, 12, 28)).changed
