"""People from a seed."""

from __future__ import annotations

import pytest

from conformance.entra.directory.generate import DOMAIN, PARTNER, Wish, generate
from conformance.entra.directory.model import Kind, SourceObject
from conformance.entra.directory.snapshot import Snapshot


def _of(snapshot: Snapshot, kind: Kind) -> list[SourceObject]:
    return [each for each in snapshot.objects if each.kind is kind]


def test_the_same_seed_gives_the_same_people_and_another_one_others() -> None:
    assert generate(Wish(seed=3)) == generate(Wish(seed=3))
    assert generate(Wish(seed=3)) != generate(Wish(seed=4))


@pytest.mark.parametrize(("users", "groups", "members"), [(0, 0, 0), (1, 1, 5), (200, 4, 10)])
def test_there_are_as_many_as_were_wished(users: int, groups: int, members: int) -> None:
    made = generate(Wish(users=users, groups=groups, members=members))
    assert (len(_of(made, Kind.USER)), len(_of(made, Kind.GROUP))) == (users, groups)
    assert {len(each.members) for each in _of(made, Kind.GROUP)} <= {min(members, users)}


def test_names_are_unique_and_mail_goes_to_the_domain() -> None:
    people = _of(generate(Wish(users=500)), Kind.USER)
    assert len({each.attributes["userPrincipalName"] for each in people}) == 500
    assert {str(each.attributes["mail"]).rpartition("@")[2] for each in people} == {DOMAIN, PARTNER}
    assert {each.attributes["preferredLanguage"] for each in people} == {"en-US"}


def test_some_are_guests_some_disabled_and_most_have_a_manager() -> None:
    people = _of(generate(Wish(users=200)), Kind.USER)
    guests = [each for each in people if each.attributes["userType"] == "Guest"]
    assert len(guests) == 4
    assert all("#EXT#@" in str(each.attributes["userPrincipalName"]) for each in guests)
    assert sum(not each.enabled for each in people) == 5
    assert sum(bool(each.manager) for each in people) == 199
    assert not any(each.manager == each.id for each in people)


def test_everybody_is_assigned_to_a_role_that_counts_unless_not_wished() -> None:
    made = generate(Wish(users=20, groups=2))
    counting = {role.id for role in made.roles if not role.default_access}
    assert {each.principal for each in made.assignments} == {each.id for each in made.objects}
    assert {each.role for each in made.assignments} <= counting
    assert generate(Wish(assigned=False)).assignments == ()


def test_the_application_has_the_roles_of_the_service_and_default_access() -> None:
    made = generate(Wish(users=1))
    assert [role.value for role in made.roles if not role.default_access] == [
        "Requester",
        "Service Agent User",
        "Service Task User",
        "Administrator",
    ]
    assert [role.display_name for role in made.roles if role.default_access] == ["Default Access"]
