"""电子证照目录: as the issuing departments keep it, and the city's directory of all. The directory has a certificate a day late."""

import numpy as np
import polars as pl

from expectations.rules.registers import complete_certificate_id
from yishu.sample.certificates import FOOD, LICENCE, TRANSPORT
from yishu.sample.chance import Ints
from yishu.sample.legal_entities import ACTIVE, entity_names
from yishu.sample.people import NONE, full_names
from yishu.sample.places import division_codes
from yishu.sample.tables.text import codes, dates, either, looked_up
from yishu.sample.world import World

_MARKET, _TRANSPORT, _CIVIL = "11410400MB0A100483", "11410400MB0A1011XN", "11410400MB0A10021B"
# In the order of the kinds: name, issuer, its code, number of the type among those the issuer has defined.
_KINDS = (
    ("营业执照", "平顶山市市场监督管理局", _MARKET, "001"),
    ("食品经营许可证", "平顶山市市场监督管理局", _MARKET, "002"),
    ("道路运输经营许可证", "平顶山市交通运输局", _TRANSPORT, "001"),
    ("老年人优待证", "平顶山市民政局", _CIVIL, "001"),
)
_DATE = "%Y-%m-%d"
_SERIALS = 10**11


def of_market_regulation(world: World) -> Ints:
    return np.flatnonzero(np.isin(world.certificates.kind, (LICENCE, FOOD)))


def of_transport(world: World) -> Ints:
    return np.flatnonzero(world.certificates.kind == TRANSPORT)


def in_directory(world: World) -> Ints:
    return np.flatnonzero(world.certificates.issued_day < world.today)


def certificates(world: World, positions: Ints) -> pl.DataFrame:
    chosen = world.certificates.take(positions)
    by_person = chosen.entity == NONE
    entity, person = np.maximum(chosen.entity, 0), np.maximum(chosen.person, 0)
    entities, seats, homes = world.entities.take(entity), world.seats.take(entity), world.homes.take(np.maximum(world.persons.household[person], 0))
    issuer_code = looked_up(_KINDS, 2, chosen.kind)
    type_code = issuer_code + looked_up(_KINDS, 3, chosen.kind)
    serial = pl.Series((positions + 1) * 7_368_787 % _SERIALS).cast(pl.String).str.zfill(11)
    version = pl.Series(["001"]).new_from_index(0, len(positions))
    ended = (~by_person & (entities.status != ACTIVE)) | (by_person & (world.persons.death_day[person] != NONE))
    expired = (chosen.until_day != NONE) & (chosen.until_day < world.today)
    return pl.DataFrame(
        {
            "_subject": positions,
            "certificate_id": complete_certificate_id(type_code, issuer_code, serial, version),
            "name": looked_up(_KINDS, 0, chosen.kind),
            "type_code": type_code,
            "number": "4104" + codes(positions + 1, 10),
            "holder": either(by_person, full_names(world.persons, person), entity_names(entities, seats)),
            "holder_code": either(by_person, world.citizen_id.gather(person), world.credit_code.gather(entity)),
            "holder_kind": pl.Series(["001", "111"]).gather(by_person.astype(np.int64)),
            "issuer": looked_up(_KINDS, 1, chosen.kind),
            "issuer_code": issuer_code,
            "issued_date": dates(chosen.issued_day, _DATE),
            "valid_from_date": dates(chosen.issued_day, _DATE),
            "valid_until_date": dates(chosen.until_day, _DATE).fill_null("2099-12-31"),
            "division_code": either(by_person, division_codes(homes), division_codes(seats)),
            "state": codes(np.where(ended, 2, np.where(expired, 3, 1))),
        }
    )
