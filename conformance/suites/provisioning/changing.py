"""Changes in the source arrive: names, roles, managers, members, in both dialects, and touch nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from conformance.entra.mapping.defaults import SINGLE_ROLE
from conformance.entra.mapping.model import AttributeMapping, MappingType
from conformance.entra.values import AppRole
from conformance.judging import budget, clause, holds, not_applicable
from conformance.population import Groups, Users
from conformance.suites.provisioning.office import FLAG, MEMBER, Office, opened, people
from conformance.suites.provisioning.telling import gathers, logged, reports, stands, succeeded
from conformance.suites.roles.forms import POWERFUL
from conformance.suites.roles.holder import roles_of
from conformance.target import Target


@pytest.fixture
def office(users: Users, groups: Groups, target: Target) -> Iterator[Office]:
    """An office with nobody in it."""
    with opened(target, users, groups) as found:
        yield found


@pytest.fixture
def flagged(users: Users, groups: Groups, target: Target) -> Iterator[Office]:
    """The same with the compliance flag."""
    with opened(target, users, groups, flagged=True) as found:
        yield found


def renamed(clause_id: str, office: Office) -> None:
    """Judge that another name, address and department of somebody arrive, and nobody else changes."""
    office.hire("ada", "bob")
    office.cycle()
    first, account = office.target_id("ada"), office.users.run.email("new")
    office.change(f'rename {{ada}} "Ada King"\nset {{ada}} userPrincipalName={account} mail={account}')
    office.change("move {ada} Research\nset {ada} mailNickname=" + office.users.run.name("nick"))
    result = office.cycle()
    logged(clause_id, office, result, "ada", "update")
    stands(clause_id, office, "ada", "bob")
    now = office.target_id("ada")
    holds(clause_id, now == first, expected=f"the same resource {first}", observed=now)


@clause("ENTRA-6.2-03")
@budget(9)
def test_a_rename_arrives(office: Office) -> None:
    """Another name, userName, e-mail and department of somebody arrive, and nobody else changes."""
    renamed("ENTRA-6.2-03", office)


@clause("ENTRA-6.2-04")
@budget(9)
def test_a_rename_arrives_with_the_flag(flagged: Office) -> None:
    """A rename that is sent with the compliance flag arrives, and nobody else changes."""
    renamed("ENTRA-6.2-04", flagged)


def offered(target: Target) -> list[AppRole]:
    """Two roles the target knows, no powerful ones; made up where it names none."""
    definition = target.capabilities.attribute("User", "roles.value") or {}
    named = definition.get("canonicalValues")
    values = [str(each) for each in named if each not in POWERFUL] if isinstance(named, list) else []
    chosen = (values if len(values) > 1 else ["Planner", "Viewer"])[:2]
    return [AppRole(f"5b1d7c1e-0000-4000-8000-0000000001{at:02}", each, each) for at, each in enumerate(chosen)]


def with_roles(office: Office, *roles: AppRole) -> None:
    """The application has these roles, and maps the one that somebody has."""
    mapping = AttributeMapping('roles[primary eq "True"].value', MappingType.EXPRESSION, SINGLE_ROLE)
    office.remap(people(lambda found: replace(found, attributes=[*found.attributes, mapping])))
    for role in roles:
        office.job.source.put_role(role)


@clause("SAM-ROLE-62")
@budget(9)
def test_another_role_takes_the_place_of_the_first(office: Office, target: Target) -> None:
    """Another role takes the place of the first one, with and without the compliance flag."""
    first, second = offered(target)
    with_roles(office, first, second)
    office.hire("ada", assigned=False)
    for step, role in enumerate((first, second, first)):
        office.change(f"unassign {{ada}}\nassign {{ada}} {role.id}")
        logged("SAM-ROLE-62", office, office.cycle(), "ada", "update" if step else "create")
        held = [roles_of(each) for each in office.seen("ada")]
        holds("SAM-ROLE-62", held == [[role.value]], expected=f"one user with {role.value}", observed=held)
        if step == 1:
            office.job.application = replace(office.job.application, tenant_url=office.users.client.base + FLAG)


@clause("ENTRA-6.2-05", "ENTRA-6.2-06")
@budget(17)
def test_managers_follow(office: Office) -> None:
    """A manager who is there is set at once, one who comes later by a restart, and none clears it."""
    office.hire("bob")
    office.cycle()
    office.hire("ada")
    office.hire("cid", assigned=False)
    office.change("manager {ada} {bob}")
    result = office.cycle()
    logged("ENTRA-6.2-05", office, result, "ada", "update", modified={"manager": (None, office.target_id("bob"))})
    reports("ENTRA-6.2-05", office, "ada", "bob")
    office.change("manager {ada} {cid}")
    office.cycle()
    office.change(f"assign {{cid}} {MEMBER.value}")
    office.cycle()
    office.job.restart()
    succeeded("ENTRA-6.2-05", office, office.cycle())
    if not reports("ENTRA-6.2-05", office, "ada", "cid"):
        not_applicable("ENTRA-6.2-06", "no manager could be set before")
        return
    office.change("manager {ada} none")
    succeeded("ENTRA-6.2-06", office, office.cycle())
    reports("ENTRA-6.2-06", office, "ada", None)


def moved(joined: str, left: str, office: Office) -> None:
    """Judge that somebody who changes groups is a member of the one and not of the other, and others stay."""
    office.hire("ada", "bob")
    office.found("ops", "ada", "bob")
    office.found("dev")
    office.cycle()
    ada = office.target_id("ada")
    office.change("leave {ops} {ada}\njoin {dev} {ada}")
    result = office.cycle()
    logged(joined, office, result, "dev", "update", modified={"members": (None, ada)})
    gathers(joined, office, "dev", "ada")
    logged(left, office, result, "ops", "update", modified={"members": (ada, None)})
    gathers(left, office, "ops", "bob")


@clause("ENTRA-6.2-07", "ENTRA-6.2-08")
@budget(16)
def test_a_member_moves_from_group_to_group(office: Office) -> None:
    """Who moves from group to group is a member of the new one only, and the other members stay."""
    moved("ENTRA-6.2-07", "ENTRA-6.2-08", office)


@clause("ENTRA-6.2-09")
@budget(16)
def test_a_member_moves_with_the_flag(flagged: Office) -> None:
    """With the compliance flag, too, who moves from group to group is a member of the new one only."""
    moved("ENTRA-6.2-09", "ENTRA-6.2-09", flagged)


@clause("ENTRA-6.2-10")
@budget(12)
def test_a_group_is_renamed(office: Office) -> None:
    """Another name of a group arrives, and its members and the other groups stay."""
    office.hire("ada")
    office.found("ops", "ada")
    office.found("dev")
    office.cycle()
    office.change("set {ops} displayName=" + office.users.run.name("renamed"))
    logged("ENTRA-6.2-10", office, office.cycle(), "ops", "update")
    gathers("ENTRA-6.2-10", office, "ops", "ada")
    gathers("ENTRA-6.2-10", office, "dev")
