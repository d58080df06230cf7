"""What the models say about a city small enough to know by heart."""

from datetime import date
from typing import Any
from uuid import uuid5

import duckdb
import polars as pl

from tests.unit.dbt.known_rows import ENTERPRISE, UNREGISTERED, WANG, YOUNG, ZHAO
from tests.unit.dbt.small_city import AS_OF, Built
from tests.unit.dbt.test_survivorship_laws import NAMESPACE
from yishu.catalogue.base_models import BESIDE_GOLDEN
from yishu.gate.conflicts import conflicts
from yishu.lake.warehouse import pin_digest


def one(tables: duckdb.DuckDBPyConnection, table: str, where: str) -> dict[str, Any]:
    rows = tables.query(f"select * from {table} where {where}").pl().to_dicts()
    assert len(rows) == 1, (table, where, len(rows))
    return rows[0]


def test_each_attribute_comes_from_the_source_of_highest_authority(tables: duckdb.DuckDBPyConnection) -> None:
    person = one(tables, "base_person.person", f"citizen_id = '{WANG}'")
    assert person["full_name"] == "王大明"
    assert person["residence_address"] == "矿工路2号"
    assert person["pension_insured_status"] == "1"


def test_a_new_source_counts_by_its_catalogue_entry_and_one_authority_line(tables: duckdb.DuckDBPyConnection) -> None:
    assert one(tables, "base_person.person", f"citizen_id = '{WANG}'")["phone"] == "13900000009"


def test_provenance_resolves_a_value_to_department_delivery_and_row(
    tables: duckdb.DuckDBPyConnection, city: Built
) -> None:
    query = f"attribute = 'residence_address' and entity_id = (select entity_id from base_person.person where citizen_id = '{WANG}')"
    source = one(tables, "base_person.provenance", query)
    seq = 1 + list(city.catalogue.resources).index("civil_affairs.elderly_allowance")
    assert (source["department"], source["resource"]) == ("civil_affairs", "elderly_allowance")
    assert (source["delivery_id"], source["row_number"], source["as_of"]) == (f"delivery-{seq}", 2, AS_OF)


def test_a_conflict_keeps_the_losers_and_marks_the_chosen(tables: duckdb.DuckDBPyConnection) -> None:
    rows = tables.execute(
        "select value, chosen, resource from base_person.conflict where attribute = 'full_name' order by all"
    ).fetchall()
    assert rows == [
        ("王大名", False, "elderly_allowance"),
        ("王大明", False, "insured_person"),
        ("王大明", True, "resident"),
    ]
    names = tables.execute(
        "select value, chosen from base_legal_entity.conflict where attribute = 'name' order by chosen"
    ).fetchall()
    assert names == [("平顶山甲有限公司", False), ("平顶山甲公司", True)]


def test_rows_without_a_valid_identifier_wait_unlinked_with_their_reason(tables: duckdb.DuckDBPyConnection) -> None:
    rows = tables.execute(
        "select source_key, reason, key_text, row_number from base_person.unlinked order by all"
    ).fetchall()
    damaged = ("553|H2", "invalid", "810000199001010010", 3)
    assert rows == [damaged, ("p3", "missing", None, 4), ("p4", "invalid", "410402194001010012", 5)]


def test_who_has_only_a_document_is_a_person_known_by_it_and_no_elder_of_the_city(tables: duckdb.DuckDBPyConnection) -> None:
    person = one(tables, "base_person.person", "document_no = 'E1'")
    assert (person["citizen_id"], person["full_name"], person["nationality"]) == (None, "约翰•史密斯", "840")
    assert person["entity_id"] == str(uuid5(NAMESPACE, "414|E1"))
    known = one(tables, "base_person.identity", f"entity = 'person' and entity_id = '{person['entity_id']}'")
    assert (known["kind"], known["identifier"], known["valid_to"]) == ("document", "414|E1", None)
    source = one(tables, "base_person.provenance", f"entity_id = '{person['entity_id']}' and attribute = 'full_name' and entity = 'person'")
    assert (source["resource"], source["row_number"]) == ("travel_document", 2)


def test_names_and_addresses_stand_as_written_and_in_the_form_by_which_they_are_compared(tables: duckdb.DuckDBPyConnection) -> None:
    person = one(tables, "base_person.person", "document_no = 'E1'")
    assert (person["full_name"], person["normal_full_name"]) == ("约翰•史密斯", "约翰·史密斯")
    assert (person["residence_address"], person["normal_residence_address"]) == ("建设路１２号院三幢", "建设路12号3号楼")
    assert person["normal_registered_address"] is None
    assert one(tables, "base_legal_entity.legal_entity", "normal_name is not null")["normal_name"] == "平顶山甲公司"


def test_a_person_under_check_stays_and_is_marked(tables: duckdb.DuckDBPyConnection) -> None:
    marked = tables.execute("select citizen_id from base_person.person where under_check").fetchall()
    assert sorted(marked) == [(WANG,), (UNREGISTERED,)]
    assert one(tables, "theme_elderly_care.elderly_person", f"citizen_id = '{WANG}'")["under_check"] is True


def test_the_theme_holds_the_living_of_sixty_and_over(tables: duckdb.DuckDBPyConnection) -> None:
    ids = {row[0] for row in tables.execute("select citizen_id from theme_elderly_care.elderly_person").fetchall()}
    assert ids == {WANG, ZHAO, UNREGISTERED}
    assert YOUNG not in ids


def test_age_counts_full_years_at_the_pins_date(tables: duckdb.DuckDBPyConnection) -> None:
    ages = dict(tables.execute("select citizen_id, age_years from theme_elderly_care.elderly_person").fetchall())
    assert ages == {WANG: 86, ZHAO: 70, UNREGISTERED: 90}


def test_who_no_register_knows_has_the_birth_date_of_the_identity_number(tables: duckdb.DuckDBPyConnection) -> None:
    person = one(tables, "theme_elderly_care.elderly_person", f"citizen_id = '{UNREGISTERED}'")
    assert person["birth_date"] == date(1935, 12, 31)
    assert person["lives_alone"] is None


def test_a_stopped_allowance_is_not_received(tables: duckdb.DuckDBPyConnection) -> None:
    paid = tables.execute(
        "select citizen_id, monthly_amount_yuan from theme_elderly_care.elderly_person where receives_allowance"
    ).fetchall()
    assert paid == [(WANG, 50.0)]


def test_who_outlived_the_household_lives_alone(tables: duckdb.DuckDBPyConnection) -> None:
    person = one(tables, "theme_elderly_care.elderly_person", f"citizen_id = '{WANG}'")
    assert person["lives_alone"] is True
    assert (person["division_code"], person["sex_name"]) == ("410403", "男")


def test_the_summary_counts_every_elderly_person_once(tables: duckdb.DuckDBPyConnection) -> None:
    rows = tables.execute(
        "select division_code, age_band, person_count, allowance_count, insured_count from theme_elderly_care.division_summary order by all"
    ).fetchall()
    assert rows == [("410403", "80-89", 1, 1, 1), ("410404", "90-99", 1, 0, 0), (None, "70-79", 1, 0, 1)]


def test_a_legal_entity_joins_its_sources_by_credit_code(tables: duckdb.DuckDBPyConnection) -> None:
    entity = one(tables, "base_legal_entity.legal_entity", f"credit_code = '{ENTERPRISE}'")
    assert (entity["name"], entity["phone"], entity["insured_count"]) == ("平顶山甲公司", "0375-1", 3)


def test_the_open_rules_travel_with_the_record_to_base_and_theme(tables: duckdb.DuckDBPyConnection) -> None:
    person, migrant = (one(tables, "base_person.person", f"citizen_id = '{id_}'") for id_ in (WANG, UNREGISTERED))
    asked = "select entity, entity_id, department, resource, rule, since from base_person.under_check order by entity, rule desc"
    told = tables.execute(asked).fetchall()
    # The other doubt is about a row without a valid number: it is nobody's, and waits unlinked. One row may speak of two entities of a person.
    assert told == [
        ("person", person["entity_id"], "civil_affairs", "elderly_allowance", "r", date(2026, 2, 1)),
        ("person", migrant["entity_id"], "public_security", "residence_registration", "q", date(2026, 2, 2)),
        ("residence_registration", migrant["entity_id"], "public_security", "residence_registration", "q", date(2026, 2, 2)),
    ]
    in_theme = tables.execute("select entity_id, rule from theme_elderly_care.under_check order by rule desc").fetchall()
    assert in_theme == [(person["entity_id"], "r"), (migrant["entity_id"], "q")]


def test_every_table_records_the_pin_it_was_built_from(tables: duckdb.DuckDBPyConnection, city: Built) -> None:
    pins = tables.execute("select distinct pin, as_of from lake.built").fetchall()
    (pin,) = {row[0] for row in pins}
    assert pins == [(pin, AS_OF)]
    built = {row[0] for row in tables.execute("select table_name from lake.built").fetchall()}
    assert {"base_person.person", "base_legal_entity.unlinked", "theme_elderly_care.division_summary"} <= built
    databases = {entity.schema_ for entity in city.catalogue.authority.values()}
    golden = {f"{entity.schema_}.{name}" for name, entity in city.catalogue.authority.items()}
    assert golden | {f"{schema}.{table}" for schema in databases for table in BESIDE_GOLDEN} <= built
    resources = [row[0] for row in tables.execute("select resource from lake.pin").fetchall()]
    assert pin == pin_digest(dict.fromkeys(resources, 0))


def test_the_gate_between_sources_sees_the_conflicts_that_the_models_keep(tables: duckdb.DuckDBPyConnection, city: Built) -> None:
    kept = set()
    for schema in {entity.schema_ for entity in city.catalogue.authority.values()}:
        kept |= set(
            tables.execute(
                f"select l.entity, l.attribute, l.department || '.' || l.resource, l.delivery_id, l.row_number from {schema}.conflict as l "
                f"join {schema}.conflict as w on w.chosen and (w.entity, w.entity_id, w.attribute) = (l.entity, l.entity_id, l.attribute) "
                "where l.value <> w.value and (l.department, l.resource) <> (w.department, w.resource)"
            ).fetchall()
        )
    pin = {row[0]: 0 for row in tables.execute("select resource from lake.pin").fetchall()}
    seen = set()
    for one in conflicts(city.data, city.catalogue, pin):
        department, _, name = one.loser.partition(".")
        pool = pl.read_delta(str(city.data / "pool" / department / name)).filter(pl.col("_key").is_in(one.keys.implode()))
        seen |= {(one.entity, one.attribute, one.loser, *place) for place in pool.select("_delivery_id", "_row_number").iter_rows()}
    assert seen == kept and kept
