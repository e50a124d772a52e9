"""The hook operations check their arguments and answer JSON objects."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mock_samanage.scim.errors import Forbidden, Unauthorized
from mock_samanage.store import Busy, Session
from mock_samanage.tenant.accounts import CreatedAccount
from mock_samanage.tenant.authentication import AuthorizationHeaders
from mock_samanage.tenant.errors import BadArgument, NoSuchThing, Refused, TenantError, TryAgain
from mock_samanage.tenant.hooks import HOOKS, run_hook
from mock_samanage.tenant.tenant import Tenant
from tests.mock_samanage.tenant.bodies import user


def run(tenant: Tenant, hook: str, /, **arguments: Any) -> dict[str, Any]:
    answer = run_hook(tenant, hook, arguments)
    assert json.loads(json.dumps(answer)) == answer
    return answer


def test_an_account_is_created_used_and_deleted(tenant: Tenant) -> None:
    made = run(
        tenant, "account.create", name="job", phase="token", preset=None, quirks={"id-form": "uuid"}, filterable="all"
    )
    assert set(made) == {"account", "token", "username", "password"}
    tenant.authenticate(AuthorizationHeaders(f"Bearer {made['token']}"))
    assert run(tenant, "account.delete", account="job") == {}
    assert run(tenant, "account.create", phase="basic")["token"] is None


def test_credentials_are_made_listed_expired_reset_and_disabled(tenant: Tenant, acme: CreatedAccount) -> None:
    made = run(tenant, "credential.create", account="acme", kind="token")
    assert set(made) == {"credential", "kind", "owner", "token"}
    listed = run(tenant, "credential.list", account="acme")["credentials"]
    assert listed[-1] == {"id": made["credential"], "kind": "token", "state": "active", "owner": acme.basic.owner}
    named = {"account": "acme", "credential": made["credential"]}
    assert run(tenant, "credential.expire", **named) == {"credential": made["credential"], "state": "expired"}
    fresh = run(tenant, "credential.reset", **named)
    assert (fresh["state"], fresh["token"] != made["token"]) == ("active", True)
    tenant.authenticate(AuthorizationHeaders(f"Bearer {fresh['token']}"))
    assert run(tenant, "credential.disable", **named)["state"] == "disabled"
    again = run(tenant, "credential.reset", account="acme", credential=acme.basic.id)
    assert (again["username"], "token" in again) == ("admin@acme.example", False)


def test_a_credential_of_someone_without_the_role_is_403(tenant: Tenant, acme: CreatedAccount) -> None:
    ann = tenant.directory_of(acme.account).create("User", user("ann"))
    made = run(tenant, "credential.create", account="acme", kind="token", owner=ann.id)
    with pytest.raises(Forbidden):
        tenant.authenticate(AuthorizationHeaders(f"Bearer {made['token']}"))


def test_an_owner_is_disabled(tenant: Tenant, acme: CreatedAccount) -> None:
    assert acme.token is not None
    assert run(tenant, "owner.disable", account="acme") == {"owner": acme.basic.owner}
    with pytest.raises(Unauthorized):
        tenant.authenticate(AuthorizationHeaders(f"Bearer {acme.token.token}"))
    with pytest.raises(NoSuchThing, match="no user '77'"):
        run(tenant, "owner.disable", account="acme", owner="77")


def test_phase_clock_and_filterable_are_set(tenant: Tenant, acme: CreatedAccount) -> None:
    assert run(tenant, "phase.set", account="acme", phase="token") == {"phase": "token"}
    assert run(tenant, "clock.advance", account="acme", seconds=3600) == {"now": "2020-09-13T13:26:40.000000Z"}
    assert run(tenant, "filterable.set", account="acme", attributes=["USERNAME"]) == {"filterable": ["userName"]}
    assert run(tenant, "filterable.set", account="acme", attributes="all") == {"filterable": "all"}
    assert acme.account.settings.filterable is None


Case = tuple[str, dict[str, Any], type[TenantError], str]
WRONG: list[Case] = [
    ("nope", {}, NoSuchThing, "no hook 'nope'; the hooks are account.create, "),
    ("account.create", {"colour": "red"}, BadArgument, "no argument 'colour'; its arguments are: name, "),
    ("account.create", {"name": 7}, BadArgument, "account.create: name is a string, not '7'"),
    ("account.create", {"quirks": []}, BadArgument, "quirks is an object"),
    ("account.create", {"roles": "x"}, BadArgument, "roles is a list of strings"),
    ("account.create", {"roles": [1]}, BadArgument, "roles is a list of strings"),
    ("account.delete", {}, BadArgument, "account.delete needs the argument account"),
    ("account.delete", {"account": None}, BadArgument, "needs the argument account"),
    ("account.delete", {"account": "none"}, NoSuchThing, "no account 'none'; there are: acme"),
    ("credential.create", {"account": "acme"}, BadArgument, "needs the argument kind"),
    ("credential.create", {"account": "acme", "kind": ["token"]}, BadArgument, "basic or token"),
    ("credential.reset", {"account": "acme", "credential": "x"}, NoSuchThing, "no credential 'x'"),
    ("phase.set", {"account": "acme", "phase": "basic"}, Refused, "only move forward"),
    ("phase.set", {"account": "acme", "phase": 3}, BadArgument, "phase is basic, transition or token"),
    ("clock.advance", {"account": "acme", "seconds": -1}, BadArgument, "only go forward"),
    ("filterable.set", {"account": "acme", "attributes": {}}, BadArgument, "list of attribute paths"),
]


@pytest.mark.parametrize("case", WRONG, ids=range(len(WRONG)))
def test_wrong_arguments_are_named(tenant: Tenant, acme: CreatedAccount, case: Case) -> None:
    hook, arguments, error, message = case
    with pytest.raises(error, match=message) as refusal:
        run_hook(tenant, hook, arguments)
    assert type(refusal.value) is error
    assert acme.account.name == "acme"


def test_errors_carry_their_status() -> None:
    statuses = {error: error("x").status for error in (BadArgument, NoSuchThing, Refused, TryAgain)}
    assert list(statuses.values()) == [400, 404, 409, 503]


def test_a_busy_store_asks_to_try_again(tenant: Tenant, acme: CreatedAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_session: Session, _pk: int, _settings: object) -> None:
        raise Busy("another process is writing")

    monkeypatch.setattr(Session, "update_account", busy)
    with pytest.raises(TryAgain):
        run_hook(tenant, "phase.set", {"account": acme.account.name, "phase": "token"})


def test_every_hook_of_the_interface_is_there() -> None:
    assert set(HOOKS) == {
        "account.create",
        "account.delete",
        "credential.create",
        "credential.list",
        "credential.expire",
        "credential.disable",
        "credential.reset",
        "owner.disable",
        "phase.set",
        "clock.advance",
        "filterable.set",
    }
