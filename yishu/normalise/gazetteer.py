"""The names that a written address may begin with, in every form that registers write them: divisions of the country, towns, communities,
streets and quarters of the city.

Belongs here: from code lists and the register of standard addresses to tables of forms. Not here: reading a text (`parsing`).
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from expectations.rules.divisions import division_years
from expectations.rules.successors import division_successors
from yishu.catalogue.models import Catalogue

LEVELS: Final = (
    "province",
    "city",
    "division_code",
    "town",
    "community",
    "street",
    "door_plate_no",
    "quarter",
    "building",
    "unit",
    "room",
)
_PROVINCE_KINDS: Final = "(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$"
_CITY_KINDS: Final = "(市|地区|盟)$"  # an autonomous prefecture is never named without its kind: 海南 is the province
_TOWN_KINDS: Final = ("街道", "镇", "乡")
_TOWN_FORMS: Final = ("街道办事处", "街道办", "办事处", "街道", "镇", "乡", "办")
_NO_SUCH_LEVEL: Final = "无"
_RESIDENCE_PERMITS: Final = ("81", "82", "83")
MUNICIPALITIES: Final = ("11", "12", "31", "50")


@dataclass(frozen=True)
class Gazetteer:
    """Tables `form` -> what it names; `short` marks a form without its kind (新华 for 新华区), which may as well begin another name.

    provinces, cities: form, code (GB/T 2260), name, short; counties: the same with former names (`former`); towns: form, division_code,
    town, short; communities, streets, quarters: form, name, short. register: the levels from division_code to quarter of each known address,
    null where it has none; a street is a road, never a group of a village. home: the four digits of the city.
    """

    home: str
    provinces: pl.DataFrame
    cities: pl.DataFrame
    counties: pl.DataFrame
    towns: pl.DataFrame
    communities: pl.DataFrame
    streets: pl.DataFrame
    quarters: pl.DataFrame
    register: pl.DataFrame
    names: dict[str, str]


def gazetteer(catalogue: Catalogue, standard_addresses: pl.DataFrame) -> Gazetteer:
    """From the code lists gb_t_2260, gb_t_2260_upper and local_former_division, and the pool of standard addresses (the levels by the
    catalogue's names, 无 or null for a level that an address does not have; it may be empty)."""
    upper, local = catalogue.codes["gb_t_2260_upper"].entries, catalogue.codes["gb_t_2260"].entries
    home = next(iter(local))[:4]
    register = _register(standard_addresses)
    counties = _counties(local, catalogue.codes["local_former_division"].entries)
    current = counties.filter(~pl.col("former") & ~pl.col("short"))
    return Gazetteer(
        home=home,
        provinces=_divisions({code: name for code, name in upper.items() if code.endswith("0000")}, _PROVINCE_KINDS),
        cities=_divisions({code: name for code, name in upper.items() if not code.endswith("0000")}, _CITY_KINDS),
        counties=counties,
        towns=_towns(register),
        communities=_communities(register),
        streets=_named(register, "street"),
        quarters=_named(register, "quarter"),
        register=register,
        names={**dict(zip(current["code"], current["name"], strict=True)), **upper, **local},
    )


def _register(addresses: pl.DataFrame) -> pl.DataFrame:
    levels = ["division_code", "town", "community", "street", "door_plate_no", "quarter"]
    stated = [pl.col(name).cast(pl.String).replace(_NO_SUCH_LEVEL, None) for name in levels]
    known = addresses.select(stated).unique().sort(levels)
    return known.with_columns(pl.when(~pl.col("street").str.contains("^[0-9]+组$")).then("street"))


def _divisions(entries: dict[str, str], kind: str) -> pl.DataFrame:
    listed = pl.DataFrame({"code": list(entries), "name": list(entries.values())}, schema={"code": pl.String, "name": pl.String})
    whole = listed.select("code", "name", form="name", short=pl.lit(False))
    short = listed.select("code", "name", form=pl.col("name").str.replace(kind, ""), short=pl.lit(True))
    return _forms(pl.concat([whole, short]))


def _counties(local: dict[str, str], former: dict[str, str]) -> pl.DataFrame:
    years = division_years().filter((pl.col("name") != "市辖区") & ~pl.col("code").str.head(2).is_in(_RESIDENCE_PERMITS))
    # Some codes of 市辖区 (01) were those of a city, which has another code today.
    alone = pl.len().over(pl.col("code").str.head(4), "name") == 1
    years = years.filter(~pl.col("code").str.ends_with("01") | alone)
    current = years.filter(pl.col("last_year").is_null()).select("code", "name").filter(~pl.col("code").is_in(list(local)))
    city = pl.DataFrame({"code": list(local), "name": list(local.values())}, schema={"code": pl.String, "name": pl.String})
    ended = years.join(division_successors(), on="code").select(code="successor", name="name")
    renamed = pl.DataFrame({"code": [code[:6] for code in former], "name": list(former.values())}, schema={"code": pl.String, "name": pl.String})
    whole = pl.concat([current, city]).with_columns(form="name", short=pl.lit(False), former=pl.lit(False))
    short = city.with_columns(form=pl.col("name").str.replace("(区|县|市)$", ""), short=pl.lit(True), former=pl.lit(False))
    old = pl.concat([ended, renamed]).with_columns(form="name", short=pl.lit(False), former=pl.lit(True))
    return _forms(pl.concat([whole, short, old]))


def _towns(register: pl.DataFrame) -> pl.DataFrame:
    """曙光街街道 is also written 曙光街办事处 and 曙光街街道办事处, and a town that was a township still bears that name in old rows. A stem
    that ends like a street stands for no town."""
    towns = register.select("division_code", "town").drop_nulls("town").unique()
    stem = pl.col("town").str.replace(f"({'|'.join(_TOWN_KINDS)})$", "")
    whole = towns.with_columns(form="town", short=pl.lit(False))
    others = [towns.with_columns(form=stem + kind, short=pl.lit(False)) for kind in _TOWN_FORMS]
    bare = towns.with_columns(form=stem, short=pl.lit(True)).filter(~pl.col("form").str.contains("[路街]$"))
    known = whole.select("division_code", "form")
    # What is a town's own name is nobody else's older one: 石桥乡 beside 石桥镇 in one county.
    return _forms(pl.concat([whole, pl.concat([*others, bare]).join(known, on=["division_code", "form"], how="anti")]))


def _communities(register: pl.DataFrame) -> pl.DataFrame:
    listed = register.select(name="community").drop_nulls().unique()
    whole = listed.with_columns(form="name", short=pl.lit(False))
    villages = listed.filter(pl.col("name").str.ends_with("村"))
    bare = villages.with_columns(form=pl.col("name").str.replace("村$", ""), short=pl.lit(True))
    return _forms(pl.concat([whole, bare]))


def _named(register: pl.DataFrame, level: str) -> pl.DataFrame:
    return _forms(register.select(name=level).drop_nulls().unique().with_columns(form="name", short=pl.lit(False)))


def _forms(table: pl.DataFrame) -> pl.DataFrame:
    """Forms of one character name too much to name anything."""
    return table.filter(pl.col("form").str.len_chars() >= 2).unique(maintain_order=True).sort("form", "short", maintain_order=True)
