"""Tokens that are unknown, malformed, expired or reset, and what a good one is made of."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from conformance.accounts import Accounts
from conformance.judging import budget, clause, holds
from conformance.suites.auth_migration.forging import Token, malformed_tokens, read_token, unknown_tokens
from conformance.suites.auth_migration.people import owner_of
from conformance.suites.auth_migration.phased import TOKENS, Phases, credential_of, presented, probe, went

TEN_YEARS_S = 3653 * 24 * 3600
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


@pytest.fixture(scope="module")
def phases(suite_accounts: Accounts) -> Phases:
    """An account in each phase."""
    return Phases(suite_accounts)


@clause("SAM-AUTH-19")
@budget(11)
def test_unknown_tokens_are_refused(phases: Phases) -> None:
    """A token with a foreign signature, without one, or with another claim opens nothing."""
    for subject in phases.each():
        for what, token in unknown_tokens(subject.account).items():
            subject.turns_away("SAM-AUTH-19", what, presented(subject.account, f"Bearer {token}"))


@clause("SAM-AUTH-20")
@budget(16)
def test_malformed_tokens_are_refused(phases: Phases) -> None:
    """A bearer credential that is no token opens nothing."""
    for subject in phases.each():
        for what, token in malformed_tokens(subject.account).items():
            subject.turns_away("SAM-AUTH-20", what, presented(subject.account, f"Bearer {token}"))


@clause("SAM-AUTH-21")
@budget(5)
def test_an_expired_token_opens_nothing(accounts: Accounts) -> None:
    """A token that was let expire is refused by the next request."""
    for phase in TOKENS:
        account = accounts.create(phase=phase)
        before = probe(account.bearer())
        account.hook("credential.expire", credential=credential_of(account, "token"))
        went("SAM-AUTH-21", ("the token", before, 200), ("once expired", probe(account.bearer()), 401))


@clause("SAM-AUTH-22", "SAM-AUTH-43")
@budget(8)
def test_a_reset_token_dies_at_once(accounts: Accounts) -> None:
    """After a reset the old token is refused by the next request, and the new one and the password work."""
    for phase in reversed(TOKENS):
        account = accounts.create(phase=phase)
        before = probe(account.bearer())
        made = account.hook("credential.reset", credential=credential_of(account, "token"))
        old, new = probe(account.bearer()), probe(account.bearer(str(made["token"])))
        went("SAM-AUTH-22", ("before", before, 200), ("the old one", old, 401), ("the new one", new, 200))
    went("SAM-AUTH-43", ("the password beside it", probe(account.basic()), 200))


@clause("SAM-AUTH-40")
def test_tokens_do_not_expire(accounts: Accounts) -> None:
    """Ten years later the token still works."""
    for phase in TOKENS:
        account = accounts.create(phase=phase)
        account.hook("clock.advance", seconds=TEN_YEARS_S)
        went("SAM-AUTH-40", ("ten years later", probe(account.bearer()), 200))


@clause("SAM-AUTH-41")
def test_the_token_is_a_signed_statement(phases: Phases) -> None:
    """The token is a JWT by HS512 that names its owner and its moment, and no end."""
    account = phases["token"].account
    token = read_token(account.token or "")
    owner = str(owner_of(account, account.bearer())["id"])
    told = "no JWT" if token is None else f"header {dict(token.header)}, claims {dict(token.claims)}"
    sound = token is not None and is_sound(token, owner)
    holds("SAM-AUTH-41", sound, expected=f"alg HS512, user_id {owner}, generated_at, no exp", observed=told)


def is_sound(token: Token, owner: str) -> bool:
    """Whether the token has the claims the real service's have."""
    claims, moment = token.claims, str(token.claims.get("generated_at"))
    named = token.header.get("alg") == "HS512" and str(claims.get("user_id")) == owner and "exp" not in claims
    return named and MOMENT.fullmatch(moment) is not None and is_moment(moment)


def is_moment(text: str) -> bool:
    """Whether the text names a day and a time that exist."""
    try:
        datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - the claim has no zone
    except ValueError:
        return False
    return True
