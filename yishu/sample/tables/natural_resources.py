"""市自然资源局: parcels and registered real estate. Habits: dates with slashes, areas with two decimals, owners written as on
the certificate."""

import numpy as np
import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.coordinates import written
from yishu.sample.estate import DWELLING, Parcels, is_titled
from yishu.sample.legal_entities import entity_names
from yishu.sample.people import NONE, full_names
from yishu.sample.places import DIVISION_CODES, QUARTER, ROAD, TOWNS, VILLAGE
from yishu.sample.tables.addresses import levels, parcel_codes, parcel_points, storeys_of, unit_codes
from yishu.sample.tables.text import amounts, choice, codes, dates, either, where
from yishu.sample.vocabulary import DIVISIONS, QUARTERS, ROADS, VILLAGES
from yishu.sample.world import World

_WITHOUT_STOREYS = 30  # one in so many: old titles tell the area only


def titled(world: World) -> Ints:
    """The sites whose title is registered."""
    return np.flatnonzero(is_titled(world.estate.sites))


def parcels(world: World, positions: Ints) -> pl.DataFrame:
    chosen = world.estate.parcels.take(positions)
    village = chosen.style == VILLAGE
    longitude, latitude = written(*parcel_points(chosen))
    return pl.DataFrame(
        {
            "_subject": positions,
            "parcel_code": parcel_codes(chosen),
            "division_code": pl.Series(DIVISION_CODES).gather(chosen.division),
            "location": _locations(chosen),
            "area_square_metres": amounts(chosen.area),
            "right_kind": choice(village, "5", "3"),
            "right_nature": codes(np.where(village, 202, np.where(chosen.group % 3 == 0, 101, 102))),
            "land_use": codes(np.where(village, 5, np.where(chosen.group % 7 == 6, 2, 1))),
            "longitude_degrees": longitude,
            "latitude_degrees": latitude,
            "registered_date": dates(chosen.registered_day, "%Y/%m/%d"),
            "status": codes(np.ones(len(chosen), dtype=np.int64)),
        }
    )


def _locations(parcels: Parcels) -> pl.Series:
    division, town = pl.Series([name for _, name, _, _ in DIVISIONS]).gather(parcels.division), pl.Series(TOWNS).gather(parcels.town)
    road, quarter, village = (pl.Series(words).gather(parcels.street % len(words)) for words in (ROADS, QUARTERS, VILLAGES))
    street = either(parcels.style == ROAD, road, either(parcels.style == QUARTER, quarter, village + "村"))
    return division + town + street + codes(parcels.group + 1) + "号地"


def real_estate_units(world: World, positions: Ints) -> pl.DataFrame:
    sites = world.estate.sites.take(positions)
    by_person = sites.owner_person != NONE
    persons, owners = np.maximum(sites.owner_person, 0), np.maximum(sites.owner_entity, 0)
    storeys_known = positions % _WITHOUT_STOREYS != 0
    names = entity_names(world.entities.take(owners), world.seats.take(owners))
    return pl.DataFrame(
        {
            "_subject": positions,
            "unit_code": unit_codes(sites, world.estate.parcels),
            "parcel_code": parcel_codes(world.estate.parcels.take(sites.parcel)),
            "certificate_no": "豫(" + dates(sites.registered_day, "%Y") + ")平顶山市不动产权第" + codes(sites.title, 7) + "号",
            "owner_name": either(by_person, full_names(world.persons, persons), names),
            "owner_id_kind": choice(by_person, "111", "001"),
            "owner_id": either(by_person, world.citizen_id.gather(persons), world.credit_code.gather(owners)),
            "right_kind": choice(sites.style == VILLAGE, "6", "4"),
            "location": levels(sites)["full_address"],
            "planned_use": choice(sites.use == DWELLING, "1", "2"),
            "floor_area_square_metres": amounts(sites.area),
            "storey": where(storeys_known, codes(storeys_of(sites))),
            "storeys": where(storeys_known, codes(sites.storeys)),
            "registered_date": dates(sites.registered_day, "%Y/%m/%d"),
            "status": codes(np.ones(len(sites), dtype=np.int64)),
        }
    )
