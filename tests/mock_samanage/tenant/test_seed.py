"""Faker people fill an account, the same ones for the same seed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.store import Store
from mock_samanage.tenant.accounts import CreatedAccount, NewAccount
from mock_samanage.tenant.clock import ManualClock
from mock_samanage.tenant.errors import BadArgument, Refused
from mock_samanage.tenant.resource import Query, Resource
from mock_samanage.tenant.seed import DEPARTMENTS
from mock_samanage.tenant.tenant import Tenant


def everyone(tenant: Tenant, type_name: str) -> Sequence[Resource]:
    return tenant.directory_of(tenant.accounts.get("acme")).query((type_name,), Query(count=1000)).resources


def test_people_have_unique_addresses_departments_and_groups(tenant: Tenant, acme: CreatedAccount) -> None:
    account = tenant.accounts.seed("acme", users=300, groups=20, seed=3)
    people = everyone(tenant, "User")[1:]
    emails = {person.document["emails"][0]["value"] for person in people}
    assert len(emails) == 300
    assert all(email.endswith("@acme.example") and email == email.lower() for email in emails)
    assert {person.document[ENTERPRISE_URN]["department"] for person in people} == set(DEPARTMENTS)
    assert set(DEPARTMENTS) <= set(account.settings.departments)
    groups = everyone(tenant, "Group")
    assert len(groups) == 20
    assert all(group.members for group in groups)
    assert [group.document["displayName"] for group in groups[: len(DEPARTMENTS)]] == list(DEPARTMENTS)
    assert acme.basic.owner not in {member.id for group in groups for member in group.members or ()}


def test_managers_form_a_tree(tenant: Tenant, acme: CreatedAccount) -> None:
    tenant.accounts.seed(acme.account.name, users=100)
    people = everyone(tenant, "User")[1:]
    managers = {person.id: person.document[ENTERPRISE_URN].get("manager", {}).get("value") for person in people}
    assert [person for person, manager in managers.items() if manager is None] == [people[0].id]
    for start in managers:
        person, steps = start, 0
        while (above := managers[person]) is not None:
            person, steps = above, steps + 1
            assert steps < 10


def test_the_same_seed_gives_the_same_people(clock: ManualClock) -> None:
    seen = []
    for seed in (7, 7, 8):
        store = Store.open("sqlite://")
        tenant = Tenant(store, clock=clock)
        tenant.accounts.create(NewAccount(name="acme"))
        tenant.accounts.seed("acme", users=50, seed=seed)
        seen.append((everyone(tenant, "User"), everyone(tenant, "Group")))
        store.close()
    assert seen[0] == seen[1] != seen[2]


def test_seeded_people_are_what_a_client_could_have_sent(tenant: Tenant, acme: CreatedAccount) -> None:
    tenant.accounts.seed("acme", users=60)
    directory = tenant.directory_of(acme.account)
    for person in everyone(tenant, "User")[1:]:
        assert directory.replace("User", person.id, person.document).version == 1
    for group in everyone(tenant, "Group"):
        body = {**group.document, "members": [{"value": member.id} for member in group.members or ()]}
        assert directory.replace("Group", group.id, body).version == 1


def test_an_account_may_be_left_without_people(tenant: Tenant, acme: CreatedAccount) -> None:
    tenant.accounts.seed(acme.account.name, users=0)
    assert (len(everyone(tenant, "User")), len(everyone(tenant, "Group"))) == (1, 0)


def test_seeding_again_is_refused_and_leaves_the_account_alone(tenant: Tenant, acme: CreatedAccount) -> None:
    tenant.accounts.seed("acme", users=10)
    before = everyone(tenant, "User")
    with pytest.raises(Refused, match="is there already; reset the account before"):
        tenant.accounts.seed("acme", users=10)
    assert everyone(tenant, "User") == before
    tenant.accounts.reset("acme")
    tenant.accounts.seed(acme.account.name, users=10)


@pytest.mark.parametrize(("users", "groups"), [(-1, None), (2_000_000, None), (5, -1)])
def test_a_number_out_of_range_is_refused(tenant: Tenant, acme: CreatedAccount, users: int, groups: int | None) -> None:
    with pytest.raises(BadArgument, match="The number of "):
        tenant.accounts.seed(acme.account.name, users=users, groups=groups)
