"""`python -m bench.golden LAKE`: every value of every golden record of the published release against the pools, by a second way.

The release's pin says which versions of the pools it was made from; they are read again and each attribute decided by sorting: place in the
authority list, later day, later delivery, earlier line; broken and missing values never count. Ends with an error where one value differs.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import duckdb
import polars as pl

from bench.golden.oracle import Identities, expected
from yishu.catalogue import load_catalogue
from yishu.catalogue.models import Catalogue
from yishu.lake.links import links


@dataclass(frozen=True)
class Compared:
    """An entity's golden records against the pools; a value on one side only is different too."""

    entity: str
    records: int
    values: int
    different: int


@click.command()
@click.argument("lake", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--entity", multiple=True, help="only these")
def main(lake: Path, entity: tuple[str, ...]) -> None:
    """Prints, for each entity: records, values compared, values that differ."""
    found = []
    for one in compared(lake, load_catalogue(), entity):
        click.echo(f"{one.entity:<28}{one.records:>12,} records{one.values:>14,} values{one.different:>8,} different")
        found.append(one)
    wrong = sum(one.different for one in found)
    click.echo(f"{sum(one.values for one in found):,} values, {wrong:,} different")
    sys.exit(1 if wrong else 0)


def compared(lake: Path, catalogue: Catalogue, entities: Sequence[str] = ()) -> Iterator[Compared]:
    """Every entity of the published release, or these; each attribute by itself, so that memory holds one at a time."""
    pin = json.loads((lake / "published" / "release.json").read_text("utf-8"))["pin"]
    with duckdb.connect(str(lake / "published" / "city.duckdb"), read_only=True) as city:
        for name in entities or catalogue.authority:
            entity, values, different = catalogue.authority[name], 0, 0
            identities = identities_of(city, lake, entity.schema_, name)
            golden = city.table(f"{entity.schema_}.{name}").pl()
            for attribute in entity.attributes:
                right = expected(lake, catalogue, name, attribute, identities, pin)
                stated = golden.select(pl.col("entity_id").alias("entity"), pl.col(attribute).alias("stated")).filter(pl.col("stated").is_not_null())
                both = stated.join(right.with_columns(pl.col("value").cast(stated.schema["stated"])), on="entity", how="full", coalesce=True)
                values += both.height
                different += both.filter(pl.col("stated").ne_missing(pl.col("value"))).height
            yield Compared(name, golden.height, values, different)


def identities_of(city: duckdb.DuckDBPyConnection, lake: Path, schema: str, name: str) -> Identities:
    """What the release says of identifiers, and people of links and of rows split off."""
    known = city.sql(f"select distinct kind, identifier, entity_id from {schema}.identity where entity = ?", params=[name]).pl()
    confirmed = links(lake).filter(pl.col("entity") == name).join(known, left_on="entity_key", right_on="identifier")
    of = pl.concat_str("department", "resource", separator=".").alias("id")
    linked = confirmed.select(of, pl.col("source_key").alias("_key"), by_link="entity_id", is_split="is_split")
    return Identities(known, {str(id_): rows.drop("id").unique("_key") for (id_,), rows in linked.partition_by("id", as_dict=True).items()})


if __name__ == "__main__":
    main()
