"""Snapshots are JSON, hold no secret, and are checked before they are put back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mock_samanage.scim.errors import NotFound
from mock_samanage.store import Store
from mock_samanage.tenant.accounts import CreatedAccount, NewAccount
from mock_samanage.tenant.authentication import AuthorizationHeaders
from mock_samanage.tenant.errors import BadArgument, Refused
from mock_samanage.tenant.resource import Query
from mock_samanage.tenant.tenant import Tenant
from tests.mock_samanage.tenant.bodies import group, user


def test_a_snapshot_brings_everything_back(tenant: Tenant, acme: CreatedAccount) -> None:
    directory = tenant.directory_of(acme.account)
    ann = directory.create("User", user("ann"))
    crew = directory.create("Group", group("Ops", ann.id))
    directory.create("Group", group("All", crew.id, ann.id))
    before = directory.query(("User", "Group"), Query()).resources
    snapshot = json.loads(json.dumps(tenant.accounts.snapshot("acme")))
    directory.delete("User", ann.id)
    directory.delete("Group", crew.id)
    tenant.credentials.expire("acme", "token-2")
    tenant.accounts.set_phase("acme", "token")
    account = tenant.accounts.restore("acme", snapshot)
    assert tenant.directory_of(account).query(("User", "Group"), Query()).resources == before
    assert account.phase == "transition"
    assert acme.token is not None
    tenant.authenticate(AuthorizationHeaders(f"Bearer {acme.token.token}"))
    tenant.accounts.reset("acme")
    with pytest.raises(NotFound):
        tenant.directory_of(account).get("User", ann.id)


def test_a_snapshot_holds_no_secret(tenant: Tenant, acme: CreatedAccount) -> None:
    assert acme.token is not None
    text = json.dumps(tenant.accounts.snapshot("acme"))
    assert str(acme.token.token) not in text
    assert str(acme.basic.password) not in text


def test_the_credentials_of_a_snapshot_belong_to_its_administrator_in_another_server_too(
    tenant: Tenant, acme: CreatedAccount
) -> None:
    other = tenant.accounts.create(NewAccount(name="other", password="other-password"))
    assert other.basic.owner != acme.basic.owner
    snapshot = json.loads(json.dumps(tenant.accounts.snapshot("other")))
    elsewhere = Tenant(Store.open("sqlite://"))
    elsewhere.accounts.create(NewAccount(name="copy", password="copy-password"))
    elsewhere.accounts.restore("copy", snapshot)
    owners = {credential.owner for credential in elsewhere.credentials.of("copy")}
    assert owners == {snapshot["settings"]["administrator"]}
    assert other.token is not None
    assert elsewhere.authenticate(AuthorizationHeaders(f"Bearer {other.token.token}")).account.name == "copy"
    elsewhere.store.close()


def damaged(snapshot: Any, *path: Any, value: Any = None) -> Any:
    """The snapshot with one member replaced."""
    copy = json.loads(json.dumps(snapshot))
    target = copy
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return copy


DAMAGE: list[tuple[tuple[Any, ...], Any]] = [
    (("settings",), None),
    (("settings",), {}),
    (("settings", "colour"), "red"),
    (("settings", "plan"), "free"),
    (("settings", "phase"), "done"),
    (("settings", "preset"), 7),
    (("settings", "quirks"), {"delete": "soft"}),
    (("settings", "quirks"), []),
    (("settings", "roles"), "Requester"),
    (("settings", "offset"), -1),
    (("settings", "filterable"), ["nope"]),
    (("settings", "administrator"), "\x00"),
    (("credentials",), {}),
    (("credentials", 0), 7),
    (("credentials", 0, "secret"), "xyz"),
    (("credentials", 0, "kind"), "key"),
    (("credentials", 0, "login"), None),
    (("credentials", 0, "state"), "alive"),
    (("resources",), "x"),
    (("resources", 0), None),
    (("resources", 0, "type"), "Device"),
    (("resources", 0, "id"), ""),
    (("resources", 0, "created"), 2**70),
    (("resources", 0, "document"), {}),
    (("resources", 0, "document", "userName"), 7),
    (("resources", 0, "document", "roles"), [{"value": "Nobody"}]),
    (("resources", 1, "id"), "1"),
    (("resources", 1, "members"), ["77"]),
    (("resources", 1, "members"), [7]),
]


@pytest.mark.parametrize(("path", "value"), DAMAGE, ids=range(len(DAMAGE)))
def test_a_damaged_snapshot_is_refused_and_changes_nothing(
    tenant: Tenant, acme: CreatedAccount, path: tuple[Any, ...], value: object
) -> None:
    tenant.directory_of(acme.account).create("Group", group("Ops", acme.basic.owner))
    whole = tenant.accounts.snapshot("acme")
    with pytest.raises(BadArgument):
        tenant.accounts.restore("acme", damaged(whole, *path, value=value))
    assert tenant.accounts.snapshot("acme") == whole


def test_a_snapshot_goes_back_into_its_own_account_alone(tenant: Tenant, acme: CreatedAccount) -> None:
    tenant.accounts.create(NewAccount(name="other"))
    with pytest.raises(Refused, match="belong to another account"):
        tenant.accounts.restore("other", tenant.accounts.snapshot(acme.account.name))
