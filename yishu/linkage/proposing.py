"""From pools to proposed links: `propose` is the door of this package; a night calls it after the gates.

Each kind: which records wait, whether anything has changed since the last run, model, scores. Written to DIR/linkage: `likely` (Delta), the
links above the threshold whatever was decided about them, and for each kind `run.json` and the model as JSON.
Not here: tickets, and what becomes of a decision (yishu/lake/links.py).
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from yishu.catalogue.models import Catalogue
from yishu.catalogue.variants import variant_characters
from yishu.lake import delta
from yishu.lake.links import RULE, links, rejections
from yishu.lake.pins import Pin
from yishu.lake.value_hash import value_hashes
from yishu.linkage.every import KINDS
from yishu.linkage.kinds import KEY_FEATURE, Kind
from yishu.linkage.measuring import Measure, hidden_key_trial
from yishu.linkage.model import Settings, as_json, digest, fixed_settings
from yishu.linkage.records import ID, SOURCE, SOURCE_KEY, Source, in_one_form, known, sources, waiting
from yishu.linkage.scoring import best, score
from yishu.linkage.training import learned_settings

SCHEMA = pl.Schema({"entity": pl.String, "department": pl.String, "resource": pl.String, "source_key": pl.String, "entity_key": pl.String,
                    "probability": pl.Float64, "weight": pl.Float64, "waterfall": pl.String, "model": pl.String,
                    "value_hash": pl.String})  # fmt: skip
_PLACE = ["entity", "department", "resource", "source_key"]
VERSION = "1"  # of this package's reckoning: another one makes every city's links anew


@dataclass(frozen=True)
class Run:
    """What was done for one kind. waiting, known: records and entities; pairs: compared; proposed: before decisions; learned: the model
    is the city's own; trial: how right it is where the answer is known, None without a learned model; unchanged: nothing was done."""

    entity: str
    inputs: str
    waiting: int = 0
    known: int = 0
    pairs: int = 0
    proposed: int = 0
    model: str = ""
    learned: bool = False
    trial: Measure | None = None
    unchanged: bool = False


def linkage_path(data: Path) -> Path:
    return data / "linkage"


def propose(data: Path, catalogue: Catalogue, pin: Pin, *, actor: str) -> list[Run]:
    """Bring DIR/linkage up to date; what was done for each kind of entity. Raises TooManyPairs."""
    before, runs, parts = _likely(data), [], [pl.DataFrame(schema=SCHEMA)]
    for kind in KINDS:
        run, anew = _of_kind(data, catalogue, pin, kind)
        parts.append(before.filter(pl.col("entity") == kind.entity) if anew is None else anew)
        runs.append(run)
    table = pl.concat(parts).sort(_PLACE)
    if not table.equals(before):
        key = f"{','.join(run.inputs for run in runs)}:{delta.version(likely_path(data))}"
        delta.replace(likely_path(data), table, key=key, actor=actor)
    for run in runs:  # last: what broke off before this is done again
        if not run.unchanged:
            _write(_run_path(data, run.entity), json.dumps(asdict(run), ensure_ascii=False, indent=1) + "\n")
    return runs


def proposals(data: Path) -> pl.DataFrame:
    """SCHEMA: the links proposed now: the likely ones, but for records that are linked and pairs rejected for the values the record has.

    model names the JSON beside the table; waterfall explains the weight, without values.
    """
    likely = _likely(data).with_columns(rule=pl.lit(RULE) + pl.col("entity"))
    rejected = rejections(data).rename({"subject": "source_key"})
    open_ones = likely.join(links(data), on=_PLACE, how="anti").join(rejected, on=[*_PLACE[1:], "rule", "entity_key", "value_hash"], how="anti")
    return open_ones.select(SCHEMA.names()).sort(_PLACE)


def _likely(data: Path) -> pl.DataFrame:
    path = likely_path(data)
    return delta.read(path).select(SCHEMA.names()).sort(_PLACE) if delta.exists(path) else pl.DataFrame(schema=SCHEMA)


def likely_path(data: Path) -> Path:
    return linkage_path(data) / "likely"


def _of_kind(data: Path, catalogue: Catalogue, pin: Pin, kind: Kind) -> tuple[Run, pl.DataFrame | None]:
    """The run, and its proposals; None where nothing has changed since the last one."""
    found = sources(data, catalogue, pin, kind)
    inputs = _inputs(found, catalogue, kind)
    last = _last_run(data, kind)
    if last is not None and last.inputs == inputs:
        return last, None
    found = in_one_form(found, catalogue, kind)
    records = waiting(found, kind)
    if not records.height:
        return Run(kind.entity, inputs), pl.DataFrame(schema=SCHEMA)
    entities = known(found, catalogue, kind)
    work = data / "work"
    settings, learned = learned_settings(found, catalogue, kind, entities.height, work)
    scored = score(records, entities, kind, settings, taken=taken(found), work=work)
    likely = best(scored, kind, settings).filter(pl.col("probability") >= kind.threshold)
    _write(linkage_path(data) / kind.entity / f"model-{digest(settings)}.json", as_json(settings))
    trial = hidden_key_trial(found, catalogue, kind, settings, work) if learned else None
    run = Run(kind.entity, inputs, records.height, entities.height, scored.compared, likely.height, digest(settings), learned, trial)
    return run, _told(records, found, likely, kind, settings)


def taken(found: Sequence[Source]) -> pl.DataFrame:
    """SOURCE and entity_key: the entities that have a row of their own in a source which holds one an entity; another is not theirs."""
    parts = [source.rows.select(pl.lit(source.resource.id).alias(SOURCE), "entity_key").drop_nulls() for source in found if source.alone]
    return pl.concat([pl.DataFrame(schema={SOURCE: pl.String, "entity_key": pl.String}), *parts]).unique()


def _told(records: pl.DataFrame, found: Sequence[Source], likely: pl.DataFrame, kind: Kind, settings: Settings) -> pl.DataFrame:
    hashes = pl.concat([_hashes(source, kind) for source in found])
    where = records.select(ID, SOURCE, SOURCE_KEY).join(hashes, on=[SOURCE, SOURCE_KEY], how="left")
    named = likely.join(where, on=ID, how="left").with_columns(
        entity=pl.lit(kind.entity), department=pl.col(SOURCE).str.split(".").list.first(), resource=pl.col(SOURCE).str.split(".").list.last(),
        model=pl.lit(digest(settings)))  # fmt: skip
    return named.select(SCHEMA.names()).cast(SCHEMA)


def _hashes(source: Source, kind: Kind) -> pl.DataFrame:
    """The value hash of each record that waits: of what the model sees of it, so that a figure that moves monthly asks nobody again."""
    rows = source.rows.filter(pl.col("entity_key").is_null())
    seen = {name: name for name in (KEY_FEATURE, *kind.attributes)}
    return rows.select(SOURCE_KEY, value_hashes(rows, seen).alias("value_hash"), pl.lit(source.resource.id).alias(SOURCE))


def _inputs(found: Sequence[Source], catalogue: Catalogue, kind: Kind) -> str:
    """What the run depends on, as one word: the rows of the sources as the model sees them, and the model's definition."""
    seen = [(source.resource.id, source.alone, source.rows.height, int(source.rows.hash_rows().sum() if source.rows.height else 0))
            for source in found]  # fmt: skip
    stated = (as_json(fixed_settings(kind, 2)), [feature.attributes for feature in kind.features], variant_characters(catalogue))
    return hashlib.sha256(repr((VERSION, pl.__version__, seen, stated, kind.threshold)).encode()).hexdigest()[:16]


def _last_run(data: Path, kind: Kind) -> Run | None:
    path = _run_path(data, kind.entity)
    if not path.exists():
        return None
    told = json.loads(path.read_text("utf-8"))
    return Run(**told | {"trial": Measure(**told["trial"]) if told["trial"] else None, "unchanged": True})


def _run_path(data: Path, entity: str) -> Path:
    return linkage_path(data) / entity / "run.json"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)
