"""A replica is an account as it was at one moment, versions and credentials with it."""

from __future__ import annotations

import pytest

from mock_samanage.tenant.accounts import CreatedAccount, NewAccount
from mock_samanage.tenant.authentication import AuthorizationHeaders
from mock_samanage.tenant.errors import NoSuchThing
from mock_samanage.tenant.replica import replica_of
from mock_samanage.tenant.resource import Query
from mock_samanage.tenant.tenant import Tenant
from tests.mock_samanage.tenant.bodies import found, group, patch, user


def test_a_replica_shows_versions_and_times_as_they_were(tenant: Tenant, acme: CreatedAccount) -> None:
    directory = tenant.directory_of(acme.account)
    ann = directory.create("User", user("ann"))
    crew = directory.create("Group", group("Ops", ann.id))
    for title in ("Planner", "Lead"):
        directory.patch("User", ann.id, patch(("replace", "title", title)))
    directory.patch("Group", crew.id, patch(("replace", "displayName", "Crew")))
    before = directory.query(("User", "Group"), Query()).resources
    copy = replica_of(tenant, "acme")
    directory.patch("User", ann.id, patch(("replace", "title", "Gone")))
    directory.delete("Group", crew.id)
    copied = copy.directory_of(copy.accounts.get("acme"))
    assert copied.query(("User", "Group"), Query()).resources == before
    assert found(copied, 'title eq "Lead"') == [ann.id]
    copy.store.close()


def test_a_replica_takes_the_credentials_of_its_account_alone(tenant: Tenant, acme: CreatedAccount) -> None:
    other = tenant.accounts.create(NewAccount(name="other", schemas="laboratory"))
    copy = replica_of(tenant, "other")
    assert other.token is not None
    assert copy.check(AuthorizationHeaders(f"Bearer {other.token.token}")).account.name == "other"
    assert acme.token is not None
    assert copy.presented(AuthorizationHeaders(f"Bearer {acme.token.token}")) is None
    assert [account.name for account in copy.accounts.list()] == ["other"]
    copy.store.close()


def test_there_is_no_replica_of_an_account_that_does_not_exist(tenant: Tenant) -> None:
    with pytest.raises(NoSuchThing):
        replica_of(tenant, "nobody")


def test_a_credential_that_is_presented_names_its_account_valid_or_not(tenant: Tenant, acme: CreatedAccount) -> None:
    assert acme.token is not None
    headers = AuthorizationHeaders(f"Bearer {acme.token.token}")
    known = tenant.presented(headers)
    assert known is not None
    assert (known[0].name, known[1]) == ("acme", acme.token.id)
    tenant.credentials.expire("acme", acme.token.id)
    again = tenant.presented(headers)
    assert again is not None
    assert again[1] == acme.token.id
    for unknown in ("Bearer nothing", "Basic nonsense", "Digest x"):
        assert tenant.presented(AuthorizationHeaders(unknown)) is None
    assert tenant.presented(AuthorizationHeaders()) is None
