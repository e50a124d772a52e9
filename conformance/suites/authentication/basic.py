"""Basic authentication (RFC 7617), on an account that offers it."""

from __future__ import annotations

import pytest

from conformance.accounts import AccountHandle, Accounts
from conformance.client import ScimClient
from conformance.judging import clause, holds, not_applicable, refused
from conformance.population import Users
from conformance.run import Run
from conformance.suites.authentication.bearer import PROBE, told


@pytest.fixture
def account(accounts: Accounts) -> AccountHandle:
    """An account in which passwords work."""
    return accounts.create(phase="basic")


def status_of(client: ScimClient, **headers: str | bytes) -> int:
    """The status of a short list, with these header fields."""
    return client.get("/Users", params=PROBE, headers=headers).status


def administrator_with(password: str, account: AccountHandle, run: Run) -> str:
    """The user name of a new administrator who has this password; the first one has a password already."""
    owner = Users(account.basic(), run, "/Users").create(roles=[{"value": "Administrator"}])
    return str(account.hook("credential.create", kind="basic", owner=owner["id"], password=password)["username"])


@clause("7617-2-01")
def test_the_right_password_opens(account: AccountHandle) -> None:
    """The right pair gives 200, a wrong one 401 with a realm in quotes."""
    good = status_of(account.basic())
    bad = account.basic(password="wrong").get("/Users", params=PROBE)  # noqa: S106 - it is wrong on purpose
    quoted = any(each.scheme == "basic" and each.quoted("realm") for each in told(bad))
    holds(
        "7617-2-01",
        (good, bad.status, quoted) == (200, 401, True),
        expected="200, 401, quoted realm",
        observed=(good, bad.status, quoted),
    )


@clause("7617-2-02")
def test_a_password_may_hold_colons(account: AccountHandle, run: Run) -> None:
    """The first colon ends the user name; the password may hold more."""
    username = administrator_with("a:b:c-Zz9!x", account, run)
    states = [status_of(account.basic(username, password)) for password in ("a:b:c-Zz9!x", "a")]
    holds("7617-2-02", states == [200, 401], expected="200 and 401", observed=states)


@clause("7617-2.1-01")
def test_passwords_are_read_as_utf_8(account: AccountHandle, run: Run) -> None:
    """Where the challenge announces UTF-8, a password beyond ASCII works."""
    challenge = account.client().get("/Users", params=PROBE)
    announced = any(
        (each.value("charset") or "").upper() == "UTF-8" for each in told(challenge) if each.scheme == "basic"
    )
    if not announced:
        not_applicable("7617-2.1-01", "the challenge announces no charset")
        return
    username = administrator_with("pässwörd-😀-Zz9!", account, run)
    state = status_of(account.basic(username, "pässwörd-😀-Zz9!"))
    holds("7617-2.1-01", state == 200, expected="200", observed=state)


@clause("7617-2-03")
def test_malformed_credentials_are_refused(account: AccountHandle) -> None:
    """Text that is no Base64 pair gives 401."""
    answer = account.client().get("/Users", params=PROBE, headers={"Authorization": "Basic !!!"})
    refused("7617-2-03", answer, status=(401, 400))
