"""What an entry says about where its rows lie: its points with their coordinate system, or the boundaries it holds.

Belongs here: the declaration. Not here: conversion (expectations/rules/coordinates.py) and what lies where (yishu/spatial).
"""

from collections.abc import Iterator, Set

from pydantic import Field, field_validator, model_validator

from expectations.rules.coordinates import SYSTEMS
from yishu.catalogue.entry import Entry, Name

# What the build finds as `lake.located` (yishu/spatial/step.py): title, and the columns with their types.
LOCATED_TABLE = (
    "各资源池的点位：换算为 CGCS2000，归到现行界线的县、乡、村",
    {
        "relation": "string", "key": "string", "system": "string", "source_east": "double", "source_north": "double",
        "longitude": "double", "latitude": "double", "division": "string", "town": "string", "village": "string", "state": "string",
    },
)  # fmt: skip


def _known(system: str | None) -> str | None:
    if system is not None and system not in SYSTEMS:
        raise ValueError(f"坐标系 {system} 不在支持之列；请改为 {'、'.join(SYSTEMS)} 之一")
    return system


class Coordinates(Entry):
    """The point of each row. east, north: the items with longitude and latitude in degrees, or easting and northing in metres.
    The system is one for the whole table, or what each row states in an item of the code list `coordinate_system`."""

    east: Name = Field(description="经度（或横坐标，向东）所在信息项")
    north: Name = Field(description="纬度（或纵坐标，向北）所在信息项")
    system: str | None = Field(default=None, description="全表的坐标系：EPSG:4490（CGCS2000）、GCJ-02、BD-09 或 3 度带高斯投影的 EPSG 代码")
    system_item: Name | None = Field(default=None, description="逐行写明坐标系的信息项（codes: coordinate_system）")

    _system_is_known = field_validator("system")(_known)

    @model_validator(mode="after")
    def _one_way_to_know_the_system(self) -> "Coordinates":
        if (self.system is None) == (self.system_item is None):
            raise ValueError("坐标系须写明一次：全表相同的写 system，逐行写明的写 system_item；请补充或删去其一")
        return self

    def names(self) -> Iterator[tuple[str, str]]:
        """Field and the item it names."""
        yield from (("east", self.east), ("north", self.north))
        if self.system_item is not None:
            yield "system_item", self.system_item


class Boundaries(Entry):
    """The boundaries of divisions, one a row, as well-known text. code: the item with 6 digits for a county, 9 for a town, 12 for a
    village; each is in force from the first day to before the last (open where there is none)."""

    geometry: Name = Field(description="界线（WKT 面）所在信息项")
    code: Name = Field(description="区划代码所在信息项：6 位县级、9 位乡级、12 位村级")
    title: Name = Field(description="区划名称所在信息项")
    valid_from: Name = Field(description="生效日期所在信息项")
    valid_until: Name = Field(description="失效日期所在信息项，空为现行")
    system: str = Field(description="界线的坐标系")

    _system_is_known = field_validator("system")(_known)

    def names(self) -> Iterator[tuple[str, str]]:
        """Field and the item it names."""
        for field in ("geometry", "code", "title", "valid_from", "valid_until"):
            yield field, getattr(self, field)


def strange_items(known: Set[str], coordinates: Coordinates | None, boundaries: Boundaries | None) -> Iterator[tuple[str, str, str]]:
    """Part, field and name where an entry's places name what is none of its items."""
    for part, declared in (("coordinates", coordinates), ("boundaries", boundaries)):
        yield from ((part, field, name) for field, name in (declared.names() if declared else ()) if name not in known)
