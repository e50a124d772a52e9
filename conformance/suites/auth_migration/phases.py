"""Which valid credential opens an account in which phase."""

from __future__ import annotations

import pytest

from conformance.accounts import Accounts
from conformance.errors import HookRefused
from conformance.judging import clause, holds
from conformance.suites.auth_migration.forging import CLAIMS, forged
from conformance.suites.auth_migration.people import ADMINISTRATOR
from conformance.suites.auth_migration.phased import Phases, insider, opens, probe
from conformance.suites.roles.holder import roles_of


@pytest.fixture(scope="module")
def phases(suite_accounts: Accounts) -> Phases:
    """An account in each phase."""
    return Phases(suite_accounts)


@clause("SAM-AUTH-01")
def test_a_password_opens_before_migration(phases: Phases) -> None:
    """Phase basic accepts e-mail and password."""
    opens("SAM-AUTH-01", "the right password", probe(phases["basic"].account.basic()))


@clause("SAM-AUTH-02")
def test_a_token_opens_nothing_before_migration(phases: Phases) -> None:
    """Phase basic opens to no bearer token, made up or of another account."""
    subject = phases["basic"]
    subject.turns_away("SAM-AUTH-02", "a made-up token", probe(subject.account.bearer(forged(CLAIMS))))
    account = subject.account
    answer = account.bearer(phases["token"].account.token).query("/Users", f'userName eq "{account.username}"')
    # where one host serves all accounts, the token opens the account it was made in
    foreign = answer.status == 401 or (answer.ok and answer.total == 0)
    told = f"the token of another account: {answer.status}"
    holds("SAM-AUTH-02", foreign, expected="401, or nobody of this account", observed=told, answer=answer)


@clause("SAM-AUTH-03")
def test_no_token_is_made_before_migration(phases: Phases) -> None:
    """Phase basic refuses to make a token."""
    account = phases["basic"].account
    try:
        account.hook("credential.create", kind="token")
    except HookRefused as refusal:
        holds("SAM-AUTH-03", refusal.status < 500, expected="refused with 409", observed=refusal.status)
        return
    holds("SAM-AUTH-03", False, expected="refused with 409", observed="a token was made")


@clause("SAM-AUTH-04")
def test_a_password_opens_in_transition(phases: Phases) -> None:
    """Phase transition accepts e-mail and password."""
    opens("SAM-AUTH-04", "the right password", probe(phases["transition"].account.basic()))


@clause("SAM-AUTH-05")
def test_a_token_opens_in_transition(phases: Phases) -> None:
    """Phase transition accepts the token."""
    opens("SAM-AUTH-05", "the token", probe(phases["transition"].account.bearer()))


@clause("SAM-AUTH-06")
def test_a_password_opens_nothing_after_migration(phases: Phases) -> None:
    """Phase token refuses the right password."""
    subject = phases["token"]
    subject.turns_away("SAM-AUTH-06", "the right password", probe(subject.account.basic()))


@clause("SAM-AUTH-07")
def test_a_token_opens_after_migration(phases: Phases) -> None:
    """Phase token accepts the token."""
    opens("SAM-AUTH-07", "the token", probe(phases["token"].account.bearer()))


@clause("SAM-AUTH-59")
def test_the_administrator_is_a_user(phases: Phases) -> None:
    """The owner of a credential is an active user of the account with the role Administrator."""
    for subject in phases.each("basic", "token"):
        answer = insider(subject.account).query("/Users", f'userName eq "{subject.account.username}"')
        found = [(roles_of(each), each.get("active")) for each in answer.resources]
        right = found == [([ADMINISTRATOR], True)]
        holds("SAM-AUTH-59", right, expected="one active Administrator", observed=found, answer=answer)
