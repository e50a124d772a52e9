"""First cycles: people and groups arrive once, existing ones are found, and a cycle without changes writes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.accounts import Accounts
from conformance.entra.directory.model import Kind
from conformance.entra.job.model import CycleResult
from conformance.judging import budget, clause, holds
from conformance.population import Groups, Users
from conformance.run import Run
from conformance.suites.dialects.subject import leaves
from conformance.suites.provisioning.office import Office, matched_by, opened
from conformance.suites.provisioning.telling import (
    absent,
    gathers,
    logged,
    reports,
    stands,
    succeeded,
    told,
)
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


def quiet(clause_id: str, office: Office, kind: Kind) -> None:
    """Judge that neither the next cycle nor one that reads everything again writes anything of that kind."""
    results = [office.cycle()]
    office.job.restart()
    results.append(office.cycle())
    for result in results:
        unwritten(clause_id, office, result, kind)


def unwritten(clause_id: str, office: Office, result: CycleResult, kind: Kind) -> None:
    """Judge that a cycle wrote nothing of that kind."""
    events = [each for each in office.job.state.events(cycle=result.id) if each.kind is kind]
    wrote = [each for each in events if any(one["method"] != "GET" for one in each.exchanges)]
    holds(clause_id, not wrote, expected=f"a cycle without a write to a {kind}", observed=told(wrote))


@clause("ENTRA-6.1-01", "ENTRA-6.1-03", "ENTRA-6.2-01")
@budget(17)
def test_a_first_cycle_makes_every_user(office: Office) -> None:
    """A first cycle makes every user with the mapped values and the manager; the next ones write nothing."""
    office.hire("ada", "bob", "cid")
    office.change("manager {ada} {bob}")
    result = office.cycle()
    for name in office.ids:
        logged("ENTRA-6.1-01", office, result, name, "create")
    stands("ENTRA-6.1-01", office, "ada", "bob", "cid")
    succeeded("ENTRA-6.1-03", office, result)
    reports("ENTRA-6.1-03", office, "ada", "bob")
    reports("ENTRA-6.1-03", office, "bob", None)
    quiet("ENTRA-6.2-01", office, Kind.USER)


@clause("ENTRA-6.1-02", "ENTRA-6.2-02")
@budget(20)
def test_a_first_cycle_makes_every_group(office: Office) -> None:
    """A first cycle makes every group and then its members; the next ones write nothing."""
    office.hire("ada", "bob")
    office.found("ops", "ada", "bob")
    office.found("dev", "bob")
    result = office.cycle()
    for name, members in {"ops": ("ada", "bob"), "dev": ("bob",)}.items():
        logged("ENTRA-6.1-02", office, result, name, "create")
        gathers("ENTRA-6.1-02", office, name, *members)
    quiet("ENTRA-6.2-02", office, Kind.GROUP)


@clause("ENTRA-6.1-04", "ENTRA-6.1-05")
@budget(19)
def test_a_first_cycle_with_the_flag_is_complete(flagged: Office) -> None:
    """With the compliance flag a first cycle is complete too, and nothing is written again."""
    flagged.hire("ada", "bob")
    flagged.change("manager {ada} {bob}")
    flagged.found("ops", "ada")
    flagged.cycle()
    stands("ENTRA-6.1-04", flagged, "ada", "bob")
    reports("ENTRA-6.1-04", flagged, "ada", "bob")
    gathers("ENTRA-6.1-05", flagged, "ops", "ada")
    quiet("ENTRA-6.1-04", flagged, Kind.USER)


@clause("ENTRA-6.1-06")
@budget(5)
def test_an_existing_user_is_linked(office: Office) -> None:
    """A user who is in the target already is found by the matching attribute and updated, not made again."""
    office.hire("ada")
    there = office.users.create(userName=office.portrait("ada")["userName"], displayName="Before")
    logged("ENTRA-6.1-06", office, office.cycle(), "ada", "update")
    linked = office.target_id("ada")
    holds("ENTRA-6.1-06", linked == there["id"], expected=f"linked to {there['id']}", observed=linked or "not linked")
    stands("ENTRA-6.1-06", office, "ada")


@clause("ENTRA-6.1-07")
@budget(6)
def test_two_matches_are_told_and_left_alone(office: Office) -> None:
    """Where two users match, the log says DuplicateTargetEntries, and neither changes."""
    office.hire("ada")
    office.remap(matched_by("displayName"))
    name = office.portrait("ada")["displayName"]
    there = [office.users.create(displayName=name) for _ in range(2)]
    result = office.cycle()
    logged("ENTRA-6.1-07", office, result, "ada", "other", status="failure", code="DuplicateTargetEntries")
    unwritten("ENTRA-6.1-07", office, result, Kind.USER)
    after = [leaves(office.users.read(each)) for each in there]
    same = after == [leaves(each) for each in there]
    holds("ENTRA-6.1-07", same, expected="both as before", observed=after)
    absent("ENTRA-6.1-07", office, "ada")


@clause("ENTRA-6.1-08")
@budget(5)
def test_an_attribute_that_is_not_filterable_makes_nobody(accounts: Accounts, target: Target, run: Run) -> None:
    """Matching by an attribute that is not filterable makes nobody; by one that is, users arrive."""
    account = accounts.create()
    account.hook("filterable.set", attributes=["userName"])
    client = account.bearer()
    with opened(target, Users(client, run, "/Users"), Groups(client, run, "/Groups")) as office:
        office.hire("ada")
        office.remap(matched_by("externalId"))
        result = office.cycle()
        logged("ENTRA-6.1-08", office, result, "ada", "other", status="failure", code="WebExceptionProtocolError")
        absent("ENTRA-6.1-08", office, "ada")
        office.remap(matched_by("userName"))
        logged("ENTRA-6.1-08", office, office.cycle(), "ada", "create")
        stands("ENTRA-6.1-08", office, "ada")
