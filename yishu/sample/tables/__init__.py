"""The tables of the departments, derived from the world: `TABLES` by resource id.

A builder takes the world and the positions of the things to write, and returns their rows as text as the department
writes them: the catalogue's item names as columns, null where nothing is written, and `_subject`, the position.
"""

from collections.abc import Callable, Sized
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.former_ids import changed
from yishu.sample.tables import (
    bodies,
    certificates,
    civil_affairs,
    civil_life,
    court,
    filings,
    healthcare,
    holdings,
    housing,
    housing_fund,
    human_resources,
    land,
    licences,
    market_regulation,
    movements,
    natural_resources,
    public_security,
    publicity,
    schooling,
    taxation,
    utilities,
)
from yishu.sample.world import World

Builder = Callable[[World, Ints], pl.DataFrame]
Subjects = Callable[[World], Ints]


class Writes(Protocol):
    """What a resource's table can do: say what stands in it today, and write it."""

    def subjects(self, world: World, /) -> Ints: ...

    def build(self, world: World, positions: Ints, /) -> pl.DataFrame: ...


@dataclass(frozen=True)
class Table:
    """One resource: how its rows are written, and which subjects (ascending positions) stand in it today."""

    build: Builder
    subjects: Subjects


def every(store: Callable[[World], Sized]) -> Subjects:
    """All things of a store, in their order."""
    return lambda world: np.arange(len(store(world)), dtype=np.int64)


# New tables go at the end: corrections are drawn in this order, and what stands above must not shift.
TABLES: dict[str, Writes] = {
    "public_security.resident": Table(public_security.residents, World.alive_here),
    "public_security.death": Table(public_security.deaths, every(lambda world: world.deaths)),
    "civil_affairs.elderly_allowance": Table(civil_affairs.allowances, every(lambda world: world.allowances)),
    "human_resources.insured_person": Table(human_resources.persons, every(lambda world: world.insured)),
    "human_resources.insured_unit": Table(human_resources.units, every(lambda world: world.units)),
    "market_regulation.enterprise": Table(market_regulation.enterprises, every(lambda world: world.entities)),
    "human_resources.pension": Table(human_resources.pensions, every(lambda world: world.pensions)),
    "civil_affairs.social_organisation": Table(bodies.social_organisations, bodies.social),
    "establishment_office.public_institution": Table(bodies.public_institutions, bodies.public),
    "market_regulation.administrative_permit": publicity.MARKET_PERMITS,
    "market_regulation.administrative_penalty": publicity.MARKET_PENALTIES,
    "transport.administrative_permit": publicity.TRANSPORT_PERMITS,
    "emergency_management.administrative_penalty": publicity.EMERGENCY_PENALTIES,
    "credit_office.administrative_permit": publicity.COLLECTED_PERMITS,
    "credit_office.administrative_penalty": publicity.COLLECTED_PENALTIES,
    "taxation.tax_credit": Table(taxation.tax_credits, every(lambda world: world.credit.tax)),
    "court.defaulter": Table(court.defaulters, court.listed),
    "natural_resources.parcel": Table(natural_resources.parcels, every(lambda world: world.estate.parcels)),
    "natural_resources.real_estate_unit": Table(natural_resources.real_estate_units, natural_resources.titled),
    "housing.house": Table(housing.houses, housing.surveyed),
    "civil_affairs.standard_address": Table(civil_affairs.standard_addresses, every(lambda world: world.estate.sites)),
    "public_security.door_plate": Table(public_security.door_plates, public_security.plated),
    "market_regulation.certificate": Table(certificates.certificates, certificates.of_market_regulation),
    "transport.certificate": Table(certificates.certificates, certificates.of_transport),
    "government_services.certificate": Table(certificates.certificates, certificates.in_directory),
    "housing_fund.deposit_unit": Table(housing_fund.units, every(lambda world: world.units)),
    "housing_fund.deposit_account": Table(housing_fund.accounts, housing_fund.employed),
    "culture_tourism.entertainment_venue": Table(licences.venues, licences.one_in(licences.VENUES, "venue")),
    "culture_tourism.travel_agency": Table(licences.agencies, licences.one_in(licences.AGENCIES, "agency")),
    "water_utility.water_customer": Table(utilities.water_customers, utilities.with_water),
    "water_utility.water_usage": Table(utilities.water_usage, utilities.with_water),
    "power_utility.power_customer": Table(utilities.power_customers, utilities.with_power),
    "power_utility.power_usage": Table(utilities.power_usage, utilities.with_power),
    "taxation.tax_payment": Table(filings.tax_payments, filings.tax_payers),
    "market_regulation.abnormal_operation": Table(filings.abnormal_operations, licences.one_in(filings.ABNORMAL, "listed")),
    "market_regulation.annual_report": Table(filings.annual_reports, filings.reporting),
    "market_regulation.food_licence": Table(licences.food_licences, licences.one_in(licences.FOOD, "food")),
    "transport.commercial_vehicle": Table(licences.vehicles, licences.one_in(licences.VEHICLES, "vehicle")),
    "natural_resources.mining_right": Table(licences.mining_rights, licences.one_in(licences.MINES, "mine")),
    "emergency_management.hazardous_enterprise": Table(licences.hazardous_enterprises, licences.one_in(licences.HAZARDS, "hazard")),
    "court.enforcement_case": Table(filings.cases, licences.one_in(filings.CASES, "case")),
    "education.school": Table(schooling.school_table, schooling.schools),
    "education.student": Table(schooling.pupil_table, schooling.pupils),
    "education.teacher": Table(schooling.teacher_table, schooling.teachers),
    "health.birth_certificate": Table(healthcare.birth_table, healthcare.births),
    "health.medical_institution": Table(healthcare.institution_table, healthcare.institutions),
    "health.practitioner": Table(healthcare.practitioner_table, healthcare.practitioners),
    "medical_insurance.insured_person": Table(healthcare.covered_table, healthcare.covered),
    "medical_insurance.settlement": Table(healthcare.settlement_table, healthcare.settlements),
    "disabled_federation.disabled_person": Table(civil_life.disability_table, civil_life.disabled),
    "disabled_federation.subsidy": Table(civil_life.subsidy_table, civil_life.severely_disabled),
    "civil_affairs.marriage": Table(civil_life.marriage_table, civil_life.couples),
    "civil_affairs.low_income_household": Table(civil_life.assistance_table, civil_life.assisted),
    "public_security.birth_registration": Table(civil_life.birth_registrations, healthcare.births),
    "human_resources.insurance_payment": Table(civil_life.contributions, housing_fund.employed),
    "civil_affairs.division": Table(land.divisions, land.registered),
    "natural_resources.boundary": Table(land.boundaries, land.surveyed),
    "civil_affairs.place_name": Table(land.place_names, land.named),
    "city_management.grid_cell": Table(land.grid_cells, land.celled),
    "city_management.facility": Table(land.facilities, land.standing),
    "public_security.identifier_change": Table(movements.identifier_changes, changed),
    "public_security.travel_document": Table(movements.travel_documents, movements.from_abroad),
    "public_security.move_in": Table(movements.moves_in, movements.came),
    "public_security.move_out": Table(movements.moves_out, movements.left),
    "public_security.guardian": Table(movements.guardians, movements.wards),
    "public_security.residence_registration": Table(movements.residence_registrations, movements.lodging),
    "market_regulation.branch": Table(holdings.branches, licences.one_in(holdings.BRANCHES, "branch")),
    "market_regulation.shareholder": Table(holdings.shareholders, holdings.shares_held),
    "market_regulation.serious_violation": Table(holdings.serious_violations, licences.one_in(holdings.SERIOUS, "serious")),
    "establishment_office.government_body": Table(holdings.government_bodies, holdings.governing),
    "taxation.taxpayer": Table(holdings.taxpayers, holdings.taxed),
    "court.personal_defaulter": Table(holdings.personal_defaulters, holdings.defaulting),
    "credit_office.credit_list": Table(holdings.credit_lists, holdings.rated),
    "natural_resources.right_holder": Table(holdings.right_holders, holdings.owned),
    "natural_resources.forest_right": Table(holdings.forest_rights, holdings.wooded),
    "water_resources.water_permit": Table(holdings.water_permits, licences.one_in(holdings.WATER, "water")),
}
