"""The libraries of the field as contestants: what they say of province, city and division. They are no dependency of ours.

cpca 0.5.5 (MIT) holds the divisions of about 2015, jionlp 1.5.31 (Apache-2.0) those of 2021 with towns and villages by name; neither splits a
street, a plate, a building or a room, and neither knows a city's register of addresses.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Final

import polars as pl

from yishu.catalogue import load_catalogue
from yishu.normalise import LEVELS


def _framed(rows: list[dict[str, Any]]) -> pl.DataFrame:
    nothing = dict.fromkeys(LEVELS)
    return pl.DataFrame([{**nothing, **row} for row in rows], schema=dict.fromkeys(LEVELS, pl.String))


def _cpca(texts: pl.Series) -> pl.DataFrame:
    import cpca

    found = cpca.transform(texts.to_list())
    # What is only known to the province or city has a code that ends in noughts.
    codes = [code if isinstance(code, str) and not code.endswith("00") else None for code in found["adcode"]]
    return _framed(
        [{"province": p, "city": c, "division_code": code} for p, c, code in zip(found["省"], found["市"], codes, strict=True)]
    )


def _jionlp(texts: pl.Series) -> pl.DataFrame:
    import jionlp

    codes = {name: code for code, name in load_catalogue().codes["gb_t_2260"].entries.items()}
    rows = []
    for text in texts:
        found = jionlp.parse_location(text)
        rows.append({"province": found["province"], "city": found["city"], "division_code": codes.get(found["county"] or "")})
    return _framed(rows)


_KNOWN: Final[dict[str, Callable[[pl.Series], pl.DataFrame]]] = {"cpca": _cpca, "jionlp": _jionlp}
LIBRARIES: Final = {name: library for name, library in _KNOWN.items() if find_spec(name)}
MISSING: Final = tuple(name for name in _KNOWN if name not in LIBRARIES)
