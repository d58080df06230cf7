"""What the rules between departments can see in what was written: the city's tables as a reader has them after each day, and the
rows that contradict another table there.

A wrong cell does not stay alone: an enterprise whose line cannot be read leaves its insured unit without a company. Each row of
the truth that is made here follows from what was written, by the rules of expectations/suites/cross, asked in polars alone; what
ingest, row gate and pool make of the files has no part in it. Not here: what is wrong within one row (defects/), and on which attributes
of a base database the tables disagree (disagreements.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from expectations.engine.coverage import declarations
from expectations.engine.row_rule import REQUIRED, Ask, RowRule
from expectations.joins import chosen, joined
from expectations.suite import Rule, load_rules
from yishu.catalogue import Catalogue, Resource
from yishu.catalogue.models import Item
from yishu.sample.chance import Ints
from yishu.sample.defects.book import Defect
from yishu.sample.disagreements import CONTRADICTION, disagreements
from yishu.sample.seen_places import with_places
from yishu.sample.truth import SCHEMA
from yishu.sample.values import CANONICAL, value_of
from yishu.settings import settings

_DOUBTS = ("not_null", *CANONICAL, "code", "date", "number", "phone")  # what makes a value unusable for everybody


@dataclass
class Consequences:
    """The tables as read so far, and what was told of them."""

    catalogue: Catalogue
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    told: set[tuple[str, str, int, str]] = field(default_factory=set)
    day: int = 0

    def read(self, rows: pl.DataFrame, lines: Ints, defects: Sequence[Defect], resource: Resource, file: str) -> None:
        """Take in a file as it was written (`apply`'s rows, the line of each)."""
        self.told |= {(resource.id, file, line, rule) for line, rule in _told(rows, lines, defects)}
        new = with_places(_readable(rows, lines, defects, resource, self.catalogue, file), resource)
        new = new.with_columns(_day=pl.lit(self.day), _row=pl.col("_line"))
        before = self.tables.get(resource.id, new.clear())
        items = [item.name for item in resource.items]
        if resource.delivery.mode == "snapshot":
            self.tables[resource.id] = _one_a_key(new, before, items)
        elif resource.delivery.mode == "append":
            self.tables[resource.id] = pl.concat([before, new]).unique("_key", keep="first", maintain_order=True)
        else:
            self.tables[resource.id] = _exchanged(new, before, items)

    def of_the_day(self, as_of: date) -> pl.DataFrame:
        """The truth of the rules between departments that was not told before: rows of SCHEMA."""
        found: list[tuple[object, ...]] = []
        for rule in _between_departments():
            reads = {str(rule.on), *(join.resource for join in rule.join)}
            if not reads <= set(self.tables):  # what has never come makes nobody unknown
                continue
            department, _, name = str(rule.on).partition(".")
            for place in self._accused(rule).iter_rows(named=True):
                told = (str(rule.on), place["_file"], place["_line"], rule.rule)
                if told not in self.told:
                    self.told.add(told)
                    column = rule.accused_column()
                    right = place["_right"] if place["_item"] == column else None
                    kind = place["_kind"] or CONTRADICTION
                    found.append((department, name, place["_file"], place["_line"], column, kind, right, rule.rule, as_of))
        self.day += 1
        return pl.concat([pl.DataFrame(found, schema=SCHEMA, orient="row"), self._disagreements(as_of)])

    def _disagreements(self, as_of: date) -> pl.DataFrame:
        found: list[tuple[object, ...]] = []
        for one in disagreements(self.catalogue, self.tables):
            department, _, name = one.resource.partition(".")
            told = (one.resource, one.file, one.line, one.rule)
            if told not in self.told:
                self.told.add(told)
                found.append((department, name, one.file, one.line, one.column, one.kind, one.right, one.rule, as_of))
        return pl.DataFrame(found, schema=SCHEMA, orient="row")

    def _accused(self, rule: Rule) -> pl.DataFrame:
        frame = chosen(joined(self.tables[str(rule.on)], rule.join, self.tables), rule.where)
        declaration = declarations()[rule.expectation]
        assert isinstance(declaration, RowRule), f"{rule.rule}: 跨部门规则应指到行"
        given = {name: value for name, value in declaration.values.items() if value is not REQUIRED} | rule.kwargs
        return frame.filter(declaration.predicate(Ask(given, frame.schema)))


def _between_departments() -> list[Rule]:
    return [rule for file in sorted((settings.suites_dir / "cross").glob("*.yaml")) for rule in load_rules(file)]


def _told(rows: pl.DataFrame, lines: Ints, defects: Sequence[Defect]) -> set[tuple[int, str]]:
    marks = zip(rows["_defect"].to_list(), lines.tolist(), strict=True)
    return {(line, rule) for at, line in marks if at is not None for rule in defects[at].rules}


def _readable(
    rows: pl.DataFrame, lines: Ints, defects: Sequence[Defect], resource: Resource, catalogue: Catalogue, file: str
) -> pl.DataFrame:
    """The records that reach the pool, typed; a value that its department is told to mend is missing."""
    lost = [defect.structural for defect in defects]
    marks = pl.DataFrame({"_defect": range(len(defects)), "_lost": lost}, schema={"_defect": pl.Int64, "_lost": pl.Boolean})
    numbered = rows.with_columns(pl.Series("_line", lines, dtype=pl.Int64)).join(marks, on="_defect", how="left", maintain_order="left")
    kept = numbered.filter(~pl.col("_lost").fill_null(False))
    key = pl.concat_str([value_of(kept[name], _item(resource, name), catalogue.codes).cast(pl.String) for name in resource.key], separator="|")
    values = [value_of(kept[item.name], item, catalogue.codes).alias(item.name) for item in resource.items]
    told = [None if place is None else defects[place] for place in kept["_defect"].to_list()]
    frame = pl.DataFrame(values).with_columns(
        pl.select(key).to_series().alias("_key"),
        pl.lit(file).alias("_file"),
        kept["_line"],
        pl.Series("_kind", [defect.kind if defect and not defect.rules else None for defect in told], dtype=pl.String),
        pl.Series("_broken", [defect.kind if defect else None for defect in told], dtype=pl.String),
        kept["_right"],
        pl.Series("_item", [defect.item if defect else None for defect in told], dtype=pl.String),
    )
    operation = kept["_operation"] if "_operation" in kept.columns else pl.Series("_operation", ["U"] * kept.height, dtype=pl.String)
    return _without_doubts(frame, told, resource).with_columns(operation)


def _item(resource: Resource, name: str) -> Item:
    return next(item for item in resource.items if item.name == name)


def _without_doubts(frame: pl.DataFrame, told: Sequence[Defect | None], resource: Resource) -> pl.DataFrame:
    doubted: dict[str, list[int]] = {}
    for row, defect in enumerate(told):
        for rule in defect.rules if defect else ():
            item, _, kind = rule.rpartition(".")
            if kind in _DOUBTS:
                doubted.setdefault(item, []).append(row)
    items = {item.name for item in resource.items}
    return frame.with_columns(frame[item].scatter(places, None) for item, places in doubted.items() if item in items)


def _one_a_key(new: pl.DataFrame, before: pl.DataFrame, items: list[str]) -> pl.DataFrame:
    """Of rows that contradict each other the one known before stays, else the first; a department finds it by the first line. What comes
    again unchanged keeps the day and the line (`_day`, `_row`) at which it came first."""
    first = new.group_by("_key", maintain_order=True).agg(pl.col("_line").min().alias("_first"))
    known = before.select(*items, "_key", _known_day="_day", _known_row="_row").with_columns(pl.lit(0).alias("_new"))
    ranked = new.join(known, on=[*items, "_key"], how="left", nulls_equal=True).sort("_key", pl.col("_new").fill_null(1), "_line")
    one = ranked.unique("_key", keep="first", maintain_order=True).drop("_new")
    one = one.with_columns(_day=pl.coalesce("_known_day", "_day"), _row=pl.coalesce("_known_row", "_row")).drop("_known_day", "_known_row")
    return one.join(first, on="_key", how="left", maintain_order="left").with_columns(_line=pl.col("_first")).drop("_first")


def _exchanged(new: pl.DataFrame, before: pl.DataFrame, items: list[str]) -> pl.DataFrame:
    """After an exchange: the last word on each key; what is told again unchanged stays where it was told first."""
    last = new.unique("_key", keep="last", maintain_order=True)
    same = last.filter(pl.col("_operation") != "D").join(before.select(*items, "_key"), on=[*items, "_key"], how="semi", nulls_equal=True)["_key"]
    moved = last.filter(~pl.col("_key").is_in(same.implode()))
    kept = before.filter(~pl.col("_key").is_in(moved["_key"].implode()))
    return pl.concat([kept, moved.filter(pl.col("_operation") != "D")])
