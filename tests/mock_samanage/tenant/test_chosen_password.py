"""The hook credential.create takes the password of a new sign-in."""

from __future__ import annotations

from base64 import b64encode

import pytest

from mock_samanage.tenant.accounts import CreatedAccount
from mock_samanage.tenant.authentication import AuthorizationHeaders
from mock_samanage.tenant.errors import BadArgument, Refused
from mock_samanage.tenant.hooks import run_hook
from mock_samanage.tenant.tenant import Tenant
from tests.mock_samanage.tenant.bodies import user


def test_a_chosen_password_signs_in(tenant: Tenant, acme: CreatedAccount) -> None:
    colleague = tenant.directory_of(acme.account).create("User", user("ann", roles=[{"value": "Administrator"}]))
    wanted = {"account": "acme", "kind": "basic", "owner": colleague.id, "password": "a:ü😀"}
    made = run_hook(tenant, "credential.create", wanted)
    assert made["password"] == "a:ü😀"
    pair = b64encode(f"{made['username']}:a:ü😀".encode()).decode()
    assert tenant.authenticate(AuthorizationHeaders(f"Basic {pair}")).owner.id == colleague.id


def test_a_token_takes_no_password(tenant: Tenant, acme: CreatedAccount) -> None:
    with pytest.raises(BadArgument, match="belongs to the kind basic"):
        run_hook(tenant, "credential.create", {"account": acme.account.name, "kind": "token", "password": "secret"})


def test_an_owner_has_one_password(tenant: Tenant, acme: CreatedAccount) -> None:
    with pytest.raises(Refused, match="has a password already"):
        run_hook(tenant, "credential.create", {"account": acme.account.name, "kind": "basic", "password": "secret"})
