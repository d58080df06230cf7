"""The macros against an independent recomputation in polars, over small random sources."""

import re
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.unit.dbt.small_city import AS_OF, Built, pool_frame
from yishu.catalogue import Catalogue
from yishu.catalogue.authority import authority_of
from yishu.catalogue.dbt_export import LAKE_TABLES
from yishu.lake.duck import TIME_ZONE
from yishu.lake.identities import NAMESPACE

ENTITIES = [
    "person", "legal_entity", "administrative_permit", "administrative_penalty", "credit_subject",
    "parcel", "real_estate_unit", "address", "certificate",
]  # fmt: skip
KEYS = [None, "k1", "k2", "豫证3"]
VALUES: dict[str, list[Any]] = {
    "string": [None, "甲", "乙", "丙"],
    "date": [None, date(1950, 1, 1), date(1960, 2, 2)],
    "double": [None, 1.5, 2.0],
    "bigint": [None, 1, 2],
}


@dataclass(frozen=True)
class Row:
    """One random source row, before it becomes a pool row."""

    delivery: int
    key: str | None
    choices: tuple[int, ...]
    invalid: int
    """Which of the row's items broke its rule: 0 none, 1 the key, else one of the attributes."""


deliveries = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=6)
rows = st.lists(
    st.builds(
        Row,
        st.integers(0, 5),
        st.sampled_from(KEYS),
        st.tuples(*[st.integers(0, 3)] * 28),
        st.sampled_from([0, 0, 0, 1, 2, 3]),
    ),
    max_size=12,
)


def pool_rows(
    catalogue: Catalogue, base: str, sent: list[tuple[int, int]], drawn: list[Row]
) -> dict[str, list[dict[str, Any]]]:
    """Random rows as pool rows of the base's sources. A delivery belongs to one resource and has one date."""
    sources = authority_of(catalogue)[base]["sources"]
    pools: dict[str, list[dict[str, Any]]] = {}
    for number, row in enumerate(drawn):
        seq = row.delivery % len(sent)
        source, days = sent[seq]
        source_of = sources[source % len(sources)]
        resource_id = f"{source_of['department']}.{source_of['resource']}"
        resource = catalogue.resources[resource_id]
        fed = [item for item in resource.items if item.feeds and item.name != source_of["key_columns"][0]]
        pool_row: dict[str, Any] = {source_of["key_columns"][0]: row.key}
        for item, choice in zip(fed, row.choices, strict=False):
            kind = {"date": "date", "decimal": "double", "integer": "bigint"}.get(item.type, "string")
            pool_row[item.name] = VALUES[kind][choice % len(VALUES[kind])]
        broken = {0: None, 1: source_of["key_columns"][0]}.get(row.invalid, fed[row.invalid % len(fed)].name)
        pool_row |= {"_invalid": f"|{broken}|" if broken else None, "_key": f"row{number}", "_row_number": number + 2}
        pool_row |= {"_delivery_seq": seq + 1, "_delivery_id": f"d{seq + 1}", "_as_of": AS_OF - timedelta(days=days)}
        pools.setdefault(resource_id, []).append(pool_row)
    return pools


def claims(catalogue: Catalogue, base: str, pools: dict[str, list[dict[str, Any]]]) -> pl.DataFrame:
    """Long form, recomputed without SQL: each valid row's values, best first within (key, attribute)."""
    database = authority_of(catalogue)[base]
    key_columns = {f"{s['department']}.{s['resource']}": s["key_columns"][0] for s in database["sources"]}
    found = []
    for attribute, claimed in database["attributes"].items():
        for place, source in enumerate(claimed["sources"]):
            resource_id = f"{source['department']}.{source['resource']}"
            for row in pools.get(resource_id, []):
                invalid = (row["_invalid"] or "").strip("|").split("|")
                key, value = row[key_columns[resource_id]], row.get(source["column"])
                if key is None or key_columns[resource_id] in invalid or value is None or source["column"] in invalid:
                    continue
                order = (place, -row["_as_of"].toordinal(), -row["_delivery_seq"], row["_row_number"])
                found.append(
                    {
                        "key": key,
                        "attribute": attribute,
                        "value": value,
                        "order": order,
                        "department": source["department"],
                        "resource": source["resource"],
                        "delivery_id": row["_delivery_id"],
                        "row_number": row["_row_number"],
                        "as_of": row["_as_of"],
                    }
                )
    found.sort(key=lambda claim: (claim["key"], claim["attribute"], claim["order"]))
    schema = {
        "key": pl.String,
        "attribute": pl.String,
        "value": pl.Object,
        "department": pl.String,
        "resource": pl.String,
        "delivery_id": pl.String,
        "row_number": pl.Int64,
        "as_of": pl.Date,
    }
    return pl.DataFrame([{name: claim[name] for name in schema} for claim in found], schema=schema)


def _kept(entity: dict[str, Any]) -> dict[str, str]:
    """The columns of the golden table that a build remembers of the one before."""
    stated = {name: claimed["type"] for name, claimed in entity["attributes"].items()}
    return {"entity_id": "string", "known_since": "date"} | stated | {f"{group}_since": "date" for group in entity["groups"]}


def answers(
    city: Built, base: str, pools: dict[str, list[dict[str, Any]]], models: tuple[str, ...]
) -> dict[str, list[dict[str, Any]]]:
    """The rows about the entity in the compiled models ("" is the golden table) over these pools."""
    found = {}
    authority = authority_of(city.catalogue)
    database = authority[base]["database"]
    with duckdb.connect() as connection:
        connection.execute(
            f"set TimeZone = '{TIME_ZONE}'; attach ':memory:' as build; use build; create schema pool; create schema lake"
        )
        for table, (_, columns) in LAKE_TABLES.items():
            connection.execute(f"create table lake.{table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
        connection.execute("insert into lake.pin (as_of) values (?)", [AS_OF])
        kept = ", ".join(f"{name} {kind}" for name, kind in _kept(authority[base]).items())
        connection.execute(f"create schema before; create table before.{base} ({kept})")
        sources = [source for entity in authority.values() if entity["database"] == database for source in entity["sources"]]
        for source in {source["relation"]: source for source in sources}.values():
            resource_id = f"{source['department']}.{source['resource']}"
            frame = pool_frame(city.catalogue, resource_id, pools.get(resource_id, []))  # noqa: F841 (DuckDB reads it by name)
            connection.execute(f"create table pool.{source['relation']} as from frame")
        connection.execute("create schema claim")
        for name in [base, *(one for one, entity in authority.items() if entity["database"] == database and one != base and set(models) - {""})]:
            connection.execute(f"create table claim.{name} as {city.compiled(f'claim_{name}')}")
        for model in models:
            rows = connection.query(city.compiled(f"{database}_{model}" if model else base)).pl().to_dicts()
            found[model] = [row for row in rows if row.get("entity", base) == base]
    return found


# The examples are small as drawn; shrinking one that fails would run the models for minutes.
law = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@law
@given(sent=deliveries, drawn=rows, base=st.sampled_from(ENTITIES))
def test_the_models_agree_with_a_recomputation(
    city: Built, sent: list[tuple[int, int]], drawn: list[Row], base: str
) -> None:
    database = authority_of(city.catalogue)[base]
    pools = pool_rows(city.catalogue, base, sent, drawn)
    expected, found = claims(city.catalogue, base, pools), answers(city, base, pools, ("", "provenance"))
    best = expected.unique(["key", "attribute"], keep="first", maintain_order=True)
    ids = {row[database["kind"]]: row["entity_id"] for row in found[""]}

    assert ids == {key: str(uuid.uuid5(NAMESPACE, key)) for key in ids}
    stated = {
        (row[database["kind"]], name, row[name])
        for row in found[""]
        for name in database["attributes"]
        if row[name] is not None
    }
    assert stated == {(row["key"], row["attribute"], row["value"]) for row in best.to_dicts()}

    lineage = ("attribute", "department", "resource", "delivery_id", "row_number", "as_of")
    assert sorted(tuple(row[name] for name in ("entity_id", *lineage)) for row in found["provenance"]) == sorted(
        (ids[row["key"]], *(row[name] for name in lineage)) for row in best.to_dicts()
    )


@law
@given(sent=deliveries, drawn=rows, base=st.sampled_from(ENTITIES))
def test_conflicts_are_exactly_the_claims_that_differ(
    city: Built, sent: list[tuple[int, int]], drawn: list[Row], base: str
) -> None:
    pools = pool_rows(city.catalogue, base, sent, drawn)
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for claim in claims(city.catalogue, base, pools).to_dicts():
        grouped.setdefault((str(uuid.uuid5(NAMESPACE, claim["key"])), claim["attribute"]), []).append(claim)
    expected = sorted(
        (entity, attribute, str(claim["value"]), claim["resource"], claim["row_number"], position == 0)
        for (entity, attribute), listed in grouped.items()
        if len({claim["value"] for claim in listed}) > 1
        for position, claim in enumerate(listed)
    )
    names = ("entity_id", "attribute", "value", "resource", "row_number", "chosen")
    assert (
        sorted(tuple(row[name] for name in names) for row in answers(city, base, pools, ("conflict",))["conflict"])
        == expected
    )


@law
@given(sent=deliveries, drawn=rows, base=st.sampled_from(ENTITIES))
def test_every_source_row_is_linked_or_unlinked(
    city: Built, sent: list[tuple[int, int]], drawn: list[Row], base: str
) -> None:
    database = authority_of(city.catalogue)[base]
    pools = pool_rows(city.catalogue, base, sent, drawn)
    found = answers(city, base, pools, ("", "unlinked"))
    key_columns = {f"{s['department']}.{s['resource']}": s["key_columns"][0] for s in database["sources"]}
    waiting, linked = set(), set()
    for resource_id, listed in pools.items():
        for row in listed:
            broken = row["_invalid"] == f"|{key_columns[resource_id]}|"
            key = row[key_columns[resource_id]]
            if broken or key is None:
                waiting.add((row["_key"], "invalid" if broken else "missing"))
            else:
                linked.add(key)
    assert {(row["source_key"], row["reason"]) for row in found["unlinked"]} == waiting
    assert {row[database["kind"]] for row in found[""]} == linked


def test_ranks_hold_their_widest_values_without_overflow(city: Built) -> None:
    """The last source of a list, a delivery a century old, the largest numbers: still positive, still decoded right."""
    widest = {
        "citizen_id": "k",
        "full_name": "甲",
        "_delivery_seq": 2**20 - 1,
        "_row_number": 2**25 - 1,
        "_delivery_id": "d",
        "_key": "k",
    }
    pools = {"civil_affairs.elderly_allowance": [widest | {"_as_of": date(1926, 1, 1)}]}
    (row,) = (
        row for row in answers(city, "person", pools, ("provenance",))["provenance"] if row["attribute"] == "full_name"
    )
    assert (row["department"], row["delivery_id"], row["row_number"]) == ("civil_affairs", "d", 2**25 - 1)


def test_the_namespace_is_the_one_written_in_the_macro(city: Built) -> None:
    text = (city.dbt_dir / "macros" / "entity_id.sql").read_text("utf-8")
    assert re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", text) == [str(NAMESPACE)]
