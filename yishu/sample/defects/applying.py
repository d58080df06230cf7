"""Putting the standing defects into a table: wrong cells, second rows, repeated headers; and saying what each line
then holds."""

import numpy as np
import polars as pl

from yishu.catalogue import Resource
from yishu.sample.chance import stream
from yishu.sample.defects.book import Book, Defect


def apply(rows: pl.DataFrame, book: Book, resource: Resource, seed: int, day: int) -> tuple[pl.DataFrame, list[Defect]]:
    """The rows as they will be written: with `_order` Int64, `_defect` (index into the list returned, null if right)
    and `_right` (the true text of the wrong cell). Defects of subjects that are not among the rows are left
    out."""
    subjects, wanted = rows["_subject"].to_numpy(), book.subjects()
    places = np.searchsorted(subjects, wanted)  # the rows are in ascending order of their subjects
    present = places < len(subjects)
    present[present] = subjects[places[present]] == wanted[present]
    places = places[present]
    defects = [book.standing[subject] for subject in wanted[present].tolist()]
    right = [_cell(rows, place, defect.item) for place, defect in zip(places.tolist(), defects, strict=True)]
    rows = rows.with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("_order") * 2,
        pl.lit(None, dtype=pl.Int64).alias("_defect"),
        pl.lit(None, dtype=pl.String).alias("_right"),
    )
    extra = _second_rows(rows, defects, places, right, resource, seed, day)
    rows = _wrong_cells(rows, defects, places, right)
    return (pl.concat([rows, extra]).sort("_order", maintain_order=True) if extra.height else rows), defects


def _cell(rows: pl.DataFrame, place: int, item: str | None) -> str | None:
    return None if item is None else rows[item][place]


def _wrong_cells(
    rows: pl.DataFrame, defects: list[Defect], places: np.ndarray, right: list[str | None]
) -> pl.DataFrame:
    """Rows that are wrong themselves, and the first ones of pairs."""
    changed: dict[str, tuple[list[int], list[str | None]]] = {}
    own = [at for at, defect in enumerate(defects) if defect.manner != "header"]
    for at in own:
        defect = defects[at]
        if defect.manner == "cell" and defect.item is not None and defect.wrong is not None:
            for item, text in ((defect.item, defect.wrong), *defect.also):
                positions, texts = changed.setdefault(item, ([], []))
                positions.append(int(places[at]))
                texts.append(text or None)
    columns = [rows[item].scatter(positions, texts) for item, (positions, texts) in changed.items()]
    marks = rows["_defect"].scatter(places[own], pl.Series(own, dtype=pl.Int64))
    single = [at for at in own if defects[at].manner == "cell"]
    truths = rows["_right"].scatter(places[single], pl.Series([right[at] for at in single], dtype=pl.String))
    return rows.with_columns(*columns, marks, truths)


def _second_rows(
    rows: pl.DataFrame,
    defects: list[Defect],
    places: np.ndarray,
    right: list[str | None],
    resource: Resource,
    seed: int,
    day: int,
) -> pl.DataFrame:
    """Copies, contradicting rows and headers, each somewhere below or above in the file."""
    rng = stream(seed, day, f"places of second rows of {resource.id}")
    extra = [rows.clear()]
    for at, defect in enumerate(defects):
        if defect.manner not in ("copy", "conflict", "header"):
            continue
        row = rows[int(places[at])]
        target = int(places[at]) * 2 + 1 if defect.manner == "header" else int(rng.integers(0, rows.height)) * 2 + 1
        changes: dict[str, str | None] = {}
        if defect.manner == "header":
            changes = {item.name: item.column for item in resource.items}
        elif defect.manner == "conflict" and defect.item is not None:
            changes = {defect.item: defect.wrong}
        extra.append(
            row.with_columns(
                *(pl.lit(text, dtype=pl.String).alias(name) for name, text in changes.items()),
                pl.lit(target, dtype=pl.Int64).alias("_order"),
                pl.lit(at, dtype=pl.Int64).alias("_defect"),
                pl.lit(right[at] if defect.manner == "conflict" else None, dtype=pl.String).alias("_right"),
            )
        )
    return pl.concat(extra)
