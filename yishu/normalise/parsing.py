"""A written address split into its levels (docs/normalisation.md).

The end of an address (plate, building, unit, room) has a grammar and is read by one pattern; its beginning (province to quarter) is names, of
which a city has few: each distinct one is read once. Not here: the names themselves (`gazetteer`).
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from yishu.normalise.gazetteer import LEVELS, Gazetteer
from yishu.normalise.inference import inferred, inferred_by_number
from yishu.normalise.places import named_upper, read_places
from yishu.normalise.texts import replaced_all, tidy_address

# What is left out in writing: 3-2-501, 3号楼2-501, 2单元501, 12号院3号501室.
_WRITTEN_OUT: Final = (
    (r"(^|[^0-9-])([0-9]{1,3})-([0-9]{1,2})-([0-9]{3,4})室?($|[,(])", "${1}${2}号楼${3}单元${4}室${5}"),
    (r"号楼([0-9]{1,2})-([0-9]{3,4})室?($|[,(])", "号楼${1}单元${2}室${3}"),
    (r"(号院?)([0-9]{1,3})号([0-9]+室)", "${1}${2}号楼${3}"),
    (r"(号楼|单元|层)([0-9]{3,4})号?($|[,(])", "${1}${2}室${3}"),
)
_TAIL: Final = (
    "(?:(?<group>[0-9]+组)?(?:(?<door_plate_no>[0-9]+(?:-[0-9]+)?号院?(?:附[0-9]+号)?)(?<behind>[^0-9,(楼][^0-9,(]*?)?)?)"
    "(?<building>[0-9A-Z]+号楼)?(?<unit>[0-9A-Z]+单元)?(?<floor>[0-9]+层)?(?<room>[0-9A-Z-]+室)?(?<remark>[,(].*)?$"
)
_END: Final = f"^(?<place>.*?){_TAIL}"
# The same where no figure, letter, comma or bracket is before the end: nothing to try, a quarter of the time.
_QUICK_END: Final = f"^(?<place>[^0-9A-Z,(]*){_TAIL}"


def parse_addresses(written: pl.Series, known: Gazetteer, variants: Mapping[str, str]) -> pl.DataFrame:
    """One row a text, in order: the eleven levels by the catalogue's names (null where neither text nor register says), `floor`, `remark`,
    `inferred` (levels that the register told, with bars between) and `unread` (what no level took). variants: variant -> standard character."""
    ends = _ends(written, variants).with_columns(has_building=pl.col("building").is_not_null())
    places = read_places(ends.select("place", "has_building").unique(maintain_order=True), known)
    read = ends.join(places, on=["place", "has_building"], how="left", maintain_order="left")
    read = read.with_columns(_elsewhere(known.home), quarter=pl.coalesce("behind", "quarter"))
    told = inferred_by_number(inferred(read, known.register), known.register)
    said = [
        pl.when(read[level].is_null() & pl.col(level).is_not_null()).then(pl.lit(level)) for level in ("division_code", "town", "community")
    ]
    told = told.with_columns(inferred=pl.concat_str(said, separator="|", ignore_nulls=True).replace("", None))
    # A group of a village stands where other addresses have their street.
    whole = named_upper(told.with_columns(street=pl.coalesce("street", "group")), known)
    return whole.select(*LEVELS, "floor", "remark", "inferred", "unread")


def _elsewhere(home: str) -> pl.Expr:
    """Does the text name another city or province? Then our register says nothing of it."""
    stated = pl.coalesce("division_code", "city_code", "province_code")
    other_city = ~stated.str.starts_with(home) & ~stated.str.ends_with("0000")
    return (other_city | ~stated.str.starts_with(home[:2])).fill_null(False).alias("elsewhere")


def _ends(written: pl.Series, variants: Mapping[str, str]) -> pl.DataFrame:
    """The named parts of each text; by the quick pattern, and by the patient one where a figure or letter is part of a name (312国道)."""
    texts = replaced_all(tidy_address(written.cast(pl.String), variants), _WRITTEN_OUT)
    parts = _parts(texts, _QUICK_END)
    missed = (parts["place"].is_null() & texts.is_not_null()).arg_true()
    patient = _parts(texts.gather(missed), _END)
    return pl.DataFrame([part if missed.is_empty() else part.scatter(missed, patient[part.name]) for part in parts.iter_columns()])


def _parts(texts: pl.Series, pattern: str) -> pl.DataFrame:
    return texts.str.extract_groups(pattern).struct.unnest()
