"""Who leaves is disabled or deleted, and nobody else; who comes back is the same resource again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.entra.job.model import ResetScope
from conformance.judging import budget, clause, holds
from conformance.population import Groups, Users
from conformance.suites.provisioning.office import MEMBER, Office, opened
from conformance.suites.provisioning.telling import absent, gathers, logged, stands
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


def comes_and_goes(goes: str, comes: str, office: Office, leave: str, back: str) -> None:
    """Judge that somebody is disabled and stays readable, then is enabled again, and somebody else never changes."""
    office.hire("ada", "bob")
    office.cycle()
    first = office.target_id("ada")
    office.change(leave)
    logged(goes, office, office.cycle(), "ada", "disable")
    stands(goes, office, "ada", active=False)
    stands(goes, office, "bob")
    office.change(back)
    logged(comes, office, office.cycle(), "ada", "update")
    stands(comes, office, "ada")
    now = office.target_id("ada")
    holds(comes, now == first, expected=f"the same resource {first}", observed=now)


@clause("ENTRA-5.3-01", "ENTRA-5.3-02")
@budget(10)
def test_a_disabled_user_stays_and_comes_back(office: Office) -> None:
    """Who is disabled in the source is disabled and readable; enabled, the same user is back."""
    comes_and_goes("ENTRA-5.3-01", "ENTRA-5.3-02", office, "disable {ada}", "enable {ada}")


@clause("ENTRA-5.3-03")
@budget(10)
def test_a_user_is_disabled_and_enabled_with_the_flag(flagged: Office) -> None:
    """With the compliance flag, too, who is disabled comes back as the same user."""
    comes_and_goes("ENTRA-5.3-03", "ENTRA-5.3-03", flagged, "disable {ada}", "enable {ada}")


@clause("ENTRA-5.3-04")
@budget(10)
def test_an_unassigned_user_comes_back(office: Office) -> None:
    """Who is unassigned is disabled, and assigned again is the same user."""
    back = f"assign {{ada}} {MEMBER.value}"
    comes_and_goes("ENTRA-5.3-04", "ENTRA-5.3-04", office, "unassign {ada}", back)


@clause("ENTRA-5.3-05", "ENTRA-5.3-06")
@budget(16)
def test_a_deleted_user_is_disabled_then_gone(office: Office) -> None:
    """A user in the recycle bin is disabled, out of it is back, and gone for good is deleted."""
    comes_and_goes("ENTRA-5.3-05", "ENTRA-5.3-05", office, "delete {ada}", "restore {ada}")
    first, account = office.target_id("ada"), office.seen("ada")[0]["userName"]
    office.change("delete {ada}")
    office.cycle()  # disabled, as for thirty days, before she is gone for good
    office.change("purge {ada}")
    logged("ENTRA-5.3-06", office, office.cycle(), "ada", "delete")
    answer = office.users.client.get(office.users.path(first))
    holds("ENTRA-5.3-06", answer.status == 404, expected="404", observed=answer.status, answer=answer)
    found = office.users.client.query("/Users", f'userName eq "{account}"').resources
    holds("ENTRA-5.3-06", not found, expected="no user of that name", observed=f"{len(found)} users")
    stands("ENTRA-5.3-06", office, "bob")


@clause("ENTRA-5.3-07", "ENTRA-5.3-08")
@budget(14)
def test_a_group_that_left_is_made_again(office: Office) -> None:
    """A group that is unassigned is deleted, its members are not; assigned again it is made with them."""
    office.hire("ada")
    office.found("ops", "ada")
    office.cycle()
    first = office.target_id("ops")
    office.change("unassign {ops}")
    logged("ENTRA-5.3-07", office, office.cycle(), "ops", "delete")
    answer = office.groups.client.get(office.groups.path(first))
    holds("ENTRA-5.3-07", answer.status == 404, expected="404", observed=answer.status, answer=answer)
    stands("ENTRA-5.3-07", office, "ada")
    office.change(f"assign {{ops}} {MEMBER.value}")
    logged("ENTRA-5.3-08", office, office.cycle(), "ops", "create")
    gathers("ENTRA-5.3-08", office, "ops", "ada")


@clause("ENTRA-5.5-01", "ENTRA-5.5-02")
@budget(14)
def test_too_many_deletions_wait(office: Office) -> None:
    """More deletions than the threshold are staged and change nobody; allowed, they are carried out."""
    office.settings(deletions=1)
    office.hire("ada", "bob", "cid")
    office.cycle()
    office.change("disable {ada}\ndisable {bob}")
    result = office.cycle()
    for name in ("ada", "bob"):
        logged("ENTRA-5.5-01", office, result, name, "stageddelete", status="skipped")
    stands("ENTRA-5.5-01", office, "ada", "bob", "cid")
    office.job.restart([ResetScope.FORCE_DELETES])
    result = office.cycle()
    for name in ("ada", "bob"):
        logged("ENTRA-5.5-02", office, result, name, "disable")
    stands("ENTRA-5.5-02", office, "ada", "bob", active=False)
    stands("ENTRA-5.5-02", office, "cid")


@clause("ENTRA-6.3-01", "ENTRA-6.3-02")
@budget(12)
def test_a_user_deleted_behind_its_back_is_made_again(office: Office) -> None:
    """A linked user who is gone is InvalidAnchor, and is back after a restart of everything."""
    office.hire("ada", "bob")
    office.cycle()
    kept = office.target_id("bob")
    office.users.client.delete(office.users.path(office.target_id("ada")))
    office.change("move {ada} Research")
    logged("ENTRA-6.3-01", office, office.cycle(), "ada", "other", status="failure", code="InvalidAnchor")
    absent("ENTRA-6.3-01", office, "ada")
    office.job.restart([ResetScope.FULL])
    logged("ENTRA-6.3-02", office, office.cycle(), "ada", "create")
    stands("ENTRA-6.3-02", office, "ada", "bob")
    now = office.target_id("bob")
    holds("ENTRA-6.3-02", now == kept, expected=f"the other user is {kept}", observed=now)
