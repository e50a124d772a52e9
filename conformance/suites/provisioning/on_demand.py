"""On-demand provisioning: one user or one group, at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.entra.errors import ProvisioningError
from conformance.entra.job.on_demand import OnDemand, provision_on_demand
from conformance.judging import budget, clause, holds
from conformance.population import Groups, Users
from conformance.suites.provisioning.office import Office, opened
from conformance.suites.provisioning.telling import absent, gathers, stands, told
from conformance.target import Target


@pytest.fixture
def office(users: Users, groups: Groups, target: Target) -> Iterator[Office]:
    """An office with nobody in it."""
    with opened(target, users, groups) as found:
        yield found


def demanded(clause_id: str, office: Office, name: str) -> OnDemand | None:
    """What on-demand provisioning of somebody comes to; judge that it makes the resource."""
    try:
        found = provision_on_demand(office.job, office.ids[name])
    except ProvisioningError as error:
        holds(clause_id, False, expected="a test connection that succeeds", observed=str(error)[:400])
        return None
    made = [(each.action, each.status) for each in found.events][:1] == [("create", "success")]
    holds(clause_id, made, expected=f"{name} create success", observed=told(found.events))
    return found


@clause("ENTRA-6.7-01")
@budget(6)
def test_a_user_is_provisioned_on_demand(office: Office) -> None:
    """One user is provisioned on demand, and nobody else."""
    office.hire("ada", "bob")
    demanded("ENTRA-6.7-01", office, "ada")
    stands("ENTRA-6.7-01", office, "ada")
    absent("ENTRA-6.7-01", office, "bob")


@clause("ENTRA-6.7-02")
@budget(8)
def test_a_group_is_provisioned_on_demand(office: Office) -> None:
    """One group is provisioned on demand, with its members who are there."""
    office.hire("ada")
    office.cycle()
    office.found("ops", "ada")
    demanded("ENTRA-6.7-02", office, "ops")
    gathers("ENTRA-6.7-02", office, "ops", "ada")
