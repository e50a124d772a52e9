"""The shipped profiles: which clauses they name."""

from __future__ import annotations

import pytest

from conformance.clauses import catalogue
from conformance.errors import UsageFault
from conformance.profiles import available, select


def by_document() -> set[str]:
    return {clause.id for clause in catalogue().of_group("OPENAPI")}


def test_there_are_four_profiles_of_tenants() -> None:
    assert available() == ["entra", "okta", "rfc", "samanage"]


def test_one_profile_judges_connectors_and_none_of_them_a_tenant() -> None:
    assert available(subject="connector") == ["connector"]
    with pytest.raises(UsageFault, match="no profile connector; there are: entra"):
        select(["connector"], catalogue())


def test_the_profile_of_connectors_is_every_clause_about_them() -> None:
    chosen = select(["connector"], catalogue(), subject="connector")
    about = {clause.id for clause in catalogue().clauses.values() if catalogue().subject(clause) == "connector"}
    assert chosen.required | chosen.observed == about
    assert all(clause.startswith("CON-") for clause in chosen.required)
    assert chosen.noted <= chosen.observed


@pytest.mark.parametrize("name", ["entra", "okta", "rfc", "samanage"])
def test_a_profile_names_tenant_clauses_only(name: str) -> None:
    chosen = select([name], catalogue())
    groups = {catalogue().clauses[clause].group for clause in chosen.required | chosen.observed}
    assert not {group for group in groups if group.startswith("C")}


def test_the_rfc_profile_is_every_provider_clause_but_field_practice() -> None:
    chosen = select(["rfc"], catalogue())
    provider = {clause.id for clause in catalogue().clauses.values() if clause.group.startswith("G")}
    assert chosen.required == set()
    assert chosen.observed - by_document() == {clause for clause in provider if not clause.startswith("PRAC-")}


def test_the_samanage_profile_requires_every_clause_of_its_tables() -> None:
    chosen = select(["samanage"], catalogue())
    assert chosen.required == {clause for clause in catalogue().clauses if clause.startswith("SAM-")}


def test_the_entra_profile_takes_in_every_clause_of_its_table() -> None:
    chosen = select(["entra"], catalogue())
    assert {
        clause for clause in catalogue().clauses if clause.startswith("ENTRA-")
    } <= chosen.required | chosen.observed


def test_the_okta_profile_takes_in_every_clause_of_its_table() -> None:
    chosen = select(["okta"], catalogue())
    assert {clause for clause in catalogue().clauses if clause.startswith("OKTA-")} <= chosen.required | chosen.observed


def test_the_entra_profile_leaves_out_what_entra_wants_otherwise() -> None:
    chosen = select(["entra"], catalogue())
    assert not chosen.holds("7644-3.5.2.3-10")


@pytest.mark.parametrize("name", ["entra", "okta"])
def test_a_vendor_profile_insists_on_readings_that_exist(name: str) -> None:
    for ambiguity, variants in select([name], catalogue()).variants.items():
        assert set(variants) <= set(catalogue().ambiguities[ambiguity].fields["accept"])


@pytest.mark.parametrize("name", ["entra", "okta", "rfc", "samanage"])
def test_every_profile_takes_in_the_truth_of_the_openapi_document(name: str) -> None:
    assert by_document() <= select([name], catalogue()).observed
