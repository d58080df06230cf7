"""双公示: permits and penalties in the columns of 2018, as the deciding departments write them and as the credit office collects them.

Habits: names in place of codes, dates with slashes, 2099/12/31 for no end. The credit office has a decision two days late.
"""

import numpy as np
import polars as pl

from yishu.sample.chance import Bools, Ints
from yishu.sample.credit import EMERGENCY, MARKET, TRANSPORT
from yishu.sample.legal_entities import ACTIVE, INDIVIDUAL, entity_names, registration_numbers
from yishu.sample.people import NONE, full_names
from yishu.sample.tables.text import codes, dates, either, looked_up, nothing, where
from yishu.sample.vocabulary import OFFENCES, PERMITS
from yishu.sample.world import World

# Short name for document numbers, title, credit code.
AUTHORITIES = (
    ("平市监", "平顶山市市场监督管理局", "11410400MB0A100483"),
    ("平交运", "平顶山市交通运输局", "11410400MB0A1011XN"),
    ("平应急", "平顶山市应急管理局", "11410400MB0A10128N"),
)
_PERMIT_AUTHORITY = np.array([permit[0] for permit in PERMITS])
_OFFENCE_AUTHORITY = np.array([offence[0] for offence in OFFENCES])
_LATE = 2
_DATE = "%Y/%m/%d"
_NO_END = "2099/12/31"
_VALID_YEARS, _PUBLISHED_YEARS = 3, 3
_IN_PERSON = 15  # one penalty in so many meets who answers for the company, not the company
_YEAR = 365


class PermitTable:
    """The permits of one authority, or of all of them as the credit office has them (None)."""

    def __init__(self, authority: int | None) -> None:
        self.authority = authority

    def subjects(self, world: World) -> Ints:
        permits = world.credit.permits
        if self.authority is None:
            return np.flatnonzero(permits.decided_day <= world.today - _LATE)
        return np.flatnonzero(_PERMIT_AUTHORITY[permits.kind] == self.authority)

    def build(self, world: World, positions: Ints) -> pl.DataFrame:
        permits = world.credit.permits.take(positions)
        authority = _PERMIT_AUTHORITY[permits.kind]
        entity = np.maximum(permits.entity, 0)
        # One permit in three outlives its holder: nobody has told the authority that the entity was closed.
        active = (permits.entity == NONE) | (world.entities.status[entity] == ACTIVE) | (permits.serial % 3 == 0)
        ended = (permits.until_day != NONE) & (permits.until_day < world.today)
        return pl.DataFrame(
            {
                "_subject": positions,
                **_counterpart(world, permits.entity, permits.person),
                "document_name": looked_up(PERMITS, 1, permits.kind),
                "document_no": _documents(authority, "许准字", permits.decided_day, permits.serial),
                "permit_kind": pl.Series(["", "普通", "特许", "认可", "核准", "登记", "其他"]).gather(
                    np.array([permit[4] for permit in PERMITS])[permits.kind]
                ),
                "certificate_name": looked_up(PERMITS, 2, permits.kind),
                "permit_no": "XK4104" + codes(permits.serial, 9),
                "content": looked_up(PERMITS, 3, permits.kind),
                "decided_date": dates(permits.decided_day, _DATE),
                "valid_from_date": dates(permits.decided_day, _DATE),
                "valid_until_date": dates(permits.until_day, _DATE).fill_null(_NO_END),
                **_authority(authority, "authority_name", "authority_code"),
                "state": codes(np.where(active & ~ended, 1, 2)),
                **_source(authority, self.authority is None),
                "remark": nothing(len(permits)),
            }
        )


class PenaltyTable:
    """The penalties of one authority, or of all of them as the credit office has them (None)."""

    def __init__(self, authority: int | None) -> None:
        self.authority = authority

    def subjects(self, world: World) -> Ints:
        penalties = world.credit.penalties
        if self.authority is None:
            return np.flatnonzero(penalties.decided_day <= world.today - _LATE)
        return np.flatnonzero(_OFFENCE_AUTHORITY[penalties.offence] == self.authority)

    def build(self, world: World, positions: Ints) -> pl.DataFrame:
        penalties = world.credit.penalties.take(positions)
        authority = _OFFENCE_AUTHORITY[penalties.offence]
        in_person, person = penalties.serial % _IN_PERSON == 11, world.entities.representative[penalties.entity]
        fined = where(penalties.fine != NONE, "罚款人民币" + codes(np.maximum(penalties.fine, 0)) + "元").fill_null("警告")
        return pl.DataFrame(
            {
                "_subject": positions,
                **_counterpart(world, np.where(in_person, NONE, penalties.entity), np.where(in_person, person, NONE)),
                "document_no": _documents(authority, "罚决字", penalties.decided_day, penalties.serial),
                "offence_kind": looked_up(OFFENCES, 1, penalties.offence),
                "facts": looked_up(OFFENCES, 2, penalties.offence),
                "legal_basis": looked_up(OFFENCES, 3, penalties.offence),
                "penalty_kinds": looked_up(OFFENCES, 4, penalties.offence),
                "content": fined,
                "fine_wan_yuan": _wan(penalties.fine),
                "confiscated_wan_yuan": _wan(penalties.confiscated),
                "revoked_certificate": nothing(len(penalties)),
                "decided_date": dates(penalties.decided_day, _DATE),
                "valid_until_date": dates(penalties.decided_day + _VALID_YEARS * _YEAR, _DATE),
                "published_until_date": dates(penalties.decided_day + _PUBLISHED_YEARS * _YEAR, _DATE),
                **_authority(authority, "authority_name", "authority_code"),
                **_source(authority, self.authority is None),
                "remark": nothing(len(penalties)),
            }
        )


def _counterpart(world: World, entity: Ints, person: Ints) -> dict[str, pl.Series]:
    """行政相对人: a company, an individual business, or a person."""
    organisation, known, somebody = entity != NONE, np.maximum(entity, 0), np.maximum(person, 0)
    entities, seats = world.entities.take(known), world.seats.take(known)
    single = organisation & (entities.kind == INDIVIDUAL)
    credit_code = world.credit_code.gather(known)
    kind = pl.Series(["自然人", "个体工商户", "法人及非法人组织"]).gather(np.where(single, 1, np.where(organisation, 2, 0)))
    id_kind = pl.Series(["身份证"]).new_from_index(0, len(entity))
    representative = organisation & ~single
    return {
        "counterpart_name": either(organisation, entity_names(entities, seats), full_names(world.persons, somebody)),
        "counterpart_kind": kind,
        "credit_code": where(organisation, credit_code),
        "registration_no": where(organisation, registration_numbers(entities)),
        "organisation_code": where(_shows_organisation_code(organisation, known), credit_code.str.slice(8, 9)),
        "tax_no": nothing(len(entity)),
        "institution_no": nothing(len(entity)),
        "social_organisation_no": nothing(len(entity)),
        "representative_name": where(representative, full_names(world.persons, entities.representative)),
        "representative_id_kind": where(representative, id_kind),
        "representative_id": where(representative, world.citizen_id.gather(entities.representative)),
        "id_kind": where(~organisation, id_kind),
        "citizen_id": where(~organisation, world.citizen_id.gather(somebody)),
    }


def _shows_organisation_code(organisation: Bools, entity: Ints) -> Bools:
    return np.asarray(organisation & (entity % 3 == 0))


def _documents(authority: Ints, word: str, decided: Ints, serial: Ints) -> pl.Series:
    """平市监许准字〔2026〕第000123号: the serial is the city's, so that no two documents share a number."""
    return looked_up(AUTHORITIES, 0, authority) + word + "〔" + dates(decided, "%Y") + "〕第" + codes(serial, 7) + "号"


def _authority(authority: Ints, name: str, code: str) -> dict[str, pl.Series]:
    return {name: looked_up(AUTHORITIES, 1, authority), code: looked_up(AUTHORITIES, 2, authority)}


def _source(authority: Ints, collected: bool) -> dict[str, pl.Series]:
    if not collected:
        return _authority(authority, "source_unit", "source_unit_code")
    size = len(authority)
    return {
        "source_unit": pl.Series(["平顶山市发展和改革委员会"]).new_from_index(0, size),
        "source_unit_code": pl.Series(["11410400MB0A10072K"]).new_from_index(0, size),
    }


def _wan(yuan: Ints) -> pl.Series:
    """Yuan as 万元 with six decimals; null for NONE."""
    amount = np.maximum(yuan, 0)
    return where(yuan != NONE, codes(amount // 10_000) + "." + codes(amount % 10_000, 4) + "00")


MARKET_PERMITS, TRANSPORT_PERMITS, COLLECTED_PERMITS = PermitTable(MARKET), PermitTable(TRANSPORT), PermitTable(None)
MARKET_PENALTIES, EMERGENCY_PENALTIES, COLLECTED_PENALTIES = PenaltyTable(MARKET), PenaltyTable(EMERGENCY), PenaltyTable(None)
