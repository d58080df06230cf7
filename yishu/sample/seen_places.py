"""What a reader of a table learns about its points: in what division, town and village each lies, and whether it lies in the city at all.

Told by the seeds of the communities (land.py), not by the boundaries that are delivered: the truth about points does not rest on the
geometry that it measures. The arithmetic of coordinate systems is shared.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from expectations.rules.coordinates import SYSTEMS, to_cgcs2000
from yishu.catalogue import Resource
from yishu.sample.land import outline, whereabouts

Floats = npt.NDArray[np.float64]


def with_places(frame: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """With `located_state`, `located_division` and so on (the columns that cross rules may ask for) where the entry declares coordinates."""
    declared = resource.coordinates
    if declared is None:
        return frame
    east, north = (frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in (declared.east, declared.north))
    system = frame[declared.system_item] if declared.system_item else pl.repeat(declared.system, frame.height, dtype=pl.String, eager=True)
    points, turned = _moved(east, north, system), _moved(north, east, system)
    found = whereabouts(*points)
    known = np.isfinite(east) & np.isfinite(north) & system.is_not_null().to_numpy()
    state = np.select([~known, found["inside"].to_numpy(), whereabouts(*turned)["inside"].to_numpy(), _near(*points)],
                      ["", "located", "swapped", "outside"], "far")  # fmt: skip
    told = {name: found[name] for name in ("division", "town_name", "village", "village_name")}
    columns = {"state": pl.Series(state.astype(str)).replace("", None), **told}
    return frame.with_columns(values.alias(f"located_{name}") for name, values in columns.items())


def _moved(east: Floats, north: Floats, system: pl.Series) -> tuple[Floats, Floats]:
    longitude, latitude = np.full(len(east), np.nan), np.full(len(east), np.nan)
    for name in SYSTEMS:
        own = (system == name).fill_null(False).to_numpy()
        longitude[own], latitude[own] = to_cgcs2000(east[own], north[own], name)
    return longitude, latitude


def _near(longitude: Floats, latitude: Floats) -> npt.NDArray[np.bool_]:
    """Within half the city's size of its box."""
    west, south, east, north = outline().bounds
    return np.asarray((abs(longitude - (west + east) / 2) <= east - west) & (abs(latitude - (south + north) / 2) <= north - south))
