"""Who is who over the JSON interface: for the bureau signed in on this site, read by auditors, closed to departments (walked in test_api.py)."""

import json

from tests.portal.at_the_desk import annotations
from tests.portal.nights import Desk
from tests.portal.published import DELIVERY, publish
from tests.portal.rows import IDS
from tests.portal.test_api import BODIES, busy, signed_in

__all__ = ["busy"]  # the fixture


def test_the_bureau_decides_who_is_who_over_the_interface_and_reads_masked_until_it_opens(busy: Desk) -> None:
    publish(busy.data)
    bureau = signed_in("bureau")
    found = bureau.say("/entities", entity="person", identifier=IDS[0]).json()
    address, rows = f"/entities/{found['id']}", [row["name"] for row in found["rows"]]
    assert rows == [f"{DELIVERY}:2"] and IDS[0] not in json.dumps(found)
    merged = bureau.say(f"{address}/merge", identifier=IDS[1], reason="同一人", basis="档案")
    assert merged.status_code == 201 and merged.json()["is_standing"]
    revoked = bureau.say(f"{address}/decisions/{merged.json()['id']}/revoke", reason="有误", basis="档案")
    assert revoked.json()["kind"] == "merge_revoked"
    assert bureau.say(f"{address}/split", rows=rows, identifier=IDS[2], reason="不是同一人", basis="档案").status_code == 201
    assert [said["kind"] for said in annotations(busy.data)] == ["entities_merged", "merge_revoked", "row_split"]
    refused = bureau.say(f"{address}/merge", identifier="110105194912310037", reason="同一人", basis="档案")
    assert refused.status_code == 409 and "没有人口使用" in refused.json()["message"]
    assert IDS[0] in json.dumps(bureau.say(f"{address}/reveal").json())
    shown = bureau.ask(address)
    assert not any(one in shown.content.decode() for one in IDS)
    assert [event["kind"] for event in shown.json()["events"]] == ["opened", "split", "merge_revoked", "merged"]
    assert {event["is_standing"] for event in shown.json()["events"] if event["kind"] == "merged"} == {False}


def test_an_auditor_reads_an_entity_over_the_interface_and_decides_nothing(busy: Desk) -> None:
    publish(busy.data)
    auditor = signed_in("auditor")
    number = auditor.say("/entities", entity="person", identifier=IDS[0]).json()["id"]
    assert auditor.ask(f"/entities/{number}").status_code == 200
    for call in ("reveal", "merge", "split", "decisions/1/revoke"):
        body = BODIES.get(f"entities/{call}", BODIES["revoke"])
        assert auditor.say(f"/entities/{number}/{call}", **body).status_code == 403
    assert annotations(busy.data) == []
