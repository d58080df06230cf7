"""The written levels of an address and the codes of what stands there, shared by the departments that keep them."""

import numpy as np
import polars as pl

from yishu.sample import coordinates
from yishu.sample.chance import Ints
from yishu.sample.estate import Parcels, Sites
from yishu.sample.land import community_of
from yishu.sample.places import DIVISION_CODES, QUARTER, ROAD, TOWNS, VILLAGE, written
from yishu.sample.vocabulary import QUARTERS, ROADS, VILLAGES

_ROOMS_A_BUILDING = 40


def levels(sites: Sites) -> pl.DataFrame:
    """Town, community, street, door_plate_no, quarter, building, unit, room (null where an address has no such level), and
    full_address."""
    road, quarter, village = (pl.lit(pl.Series(sites.style == style)) for style in (ROAD, QUARTER, VILLAGE))
    names = pl.DataFrame(
        {
            "town": pl.Series(TOWNS).gather(sites.town),
            "road": pl.Series(ROADS).gather(sites.street % len(ROADS)),
            "of_quarter": pl.Series(QUARTERS).gather(sites.street % len(QUARTERS)),
            "village": pl.Series(VILLAGES).gather(sites.street % len(VILLAGES)),
            "number": sites.number,
            "block": sites.building,
            "stair": sites.unit,
            "door": sites.room,
        }
    )
    named = pl.when(road).then(pl.col("road").str.replace("(路|街|大道)$", "")).otherwise("of_quarter")
    return names.select(
        "town",
        pl.when(village).then(pl.col("village") + "村").otherwise(named + "社区").alias("community"),
        pl.when(road).then("road").when(village).then(pl.format("{}组", "block")).alias("street"),
        pl.when(road).then(pl.format("{}号院", "number")).when(village).then(pl.format("{}号", "number")).alias("door_plate_no"),
        pl.when(quarter).then("of_quarter").alias("quarter"),
        pl.when(~village).then(pl.format("{}号楼", "block")).alias("building"),
        pl.when(quarter).then(pl.format("{}单元", "stair")).alias("unit"),
        pl.when(~village).then(pl.format("{}室", "door")).alias("room"),
        written(sites.addresses()).alias("full_address"),
    )


def address_codes(sites: Sites, positions: Ints) -> pl.Series:
    """Local codes: DZ, the division, and a number that is given once."""
    return "DZ" + pl.Series(DIVISION_CODES).gather(sites.division) + pl.Series(positions + 1).cast(pl.String).str.zfill(8)


def parcel_codes(parcels: Parcels) -> pl.Series:
    """GB/T 37346: division, cadastral district (the town), sub-district (the street), ownership and right, number."""
    # A street's road and its quarter of the same number lie in different sub-districts: the first digit tells.
    sub = parcels.style * 300 + parcels.street + 1
    town, street, group = (
        pl.Series(values).cast(pl.String).str.zfill(width) for values, width in ((parcels.town + 1, 3), (sub, 3), (parcels.group + 1, 5))
    )
    kind = pl.Series(["GB", "JC"]).gather((parcels.style == VILLAGE).astype(np.int64))
    return pl.Series(DIVISION_CODES).gather(parcels.division) + town + street + kind + group


def unit_codes(sites: Sites, parcels: Parcels) -> pl.Series:
    """The parcel, F for a house, building and room, four digits each."""
    building, room = sites.slot // _ROOMS_A_BUILDING + 1, sites.slot % _ROOMS_A_BUILDING + 1
    last = pl.Series(building).cast(pl.String).str.zfill(4) + pl.Series(room).cast(pl.String).str.zfill(4)
    return parcel_codes(parcels.take(sites.parcel)) + "F" + last


def storeys_of(sites: Sites) -> Ints:
    """On which storey a site lies: houses in villages begin at the ground."""
    return np.where(sites.style == VILLAGE, 1, sites.room // 100)


def site_points(sites: Sites) -> tuple[Ints, Ints]:
    """Longitude and latitude, millionths of a degree, CGCS2000."""
    return coordinates.points(community_of(sites.town, sites.style, sites.street), sites.lots())


def parcel_points(parcels: Parcels) -> tuple[Ints, Ints]:
    return coordinates.points(community_of(parcels.town, parcels.style, parcels.street), parcels.group)
