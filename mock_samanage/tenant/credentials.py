"""Credentials: how they are made, changed and listed; only their hashes are stored.

A token is a JWT with the claims the real service's have: `user_id` and `generated_at`, signed with HS512,
without `exp`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import jwt

from mock_samanage.scim.comparison import fold
from mock_samanage.store import Account, Credential, NameTaken, Record, Session, Store
from mock_samanage.tenant import passwords
from mock_samanage.tenant.account import AccountView, settings_from, view_of
from mock_samanage.tenant.clock import SECOND, Clock, moment
from mock_samanage.tenant.errors import BadArgument, NoSuchThing, Refused
from mock_samanage.tenant.ids import Ids
from mock_samanage.tenant.phases import RULES, Kind

TOKEN68 = re.compile(r"[A-Za-z0-9\-._~+/]+=*")  # RFC 7235 section 2.1
_LONGEST_SECRET = 2048  # characters


@dataclass(frozen=True, slots=True)
class IssuedCredential:
    """A credential just made or reset, with the secret that is shown this once."""

    id: str
    kind: Kind
    owner: str
    token: str | None = None
    username: str | None = None
    password: str | None = None


def token_hash(token: str) -> bytes:
    """What is stored of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).digest()


def email_of(document: Mapping[str, Any]) -> str:
    """The address a user signs in with: the work e-mail, else the primary one, else the first, else the userName."""
    emails = [element for element in document.get("emails", ()) if element.get("value")]
    ranked = sorted(emails, key=lambda email: (fold(email.get("type", "")) != "work", not email.get("primary")))
    return str(ranked[0]["value"] if ranked else document["userName"])


def checked_token(token: str) -> str:
    """The given token; BadArgument if no Authorization field could carry it."""
    if len(token) > _LONGEST_SECRET or not TOKEN68.fullmatch(token):
        raise BadArgument("A token is letters, digits and -._~+/ with = at its end only, 2,048 characters at most.")
    return token


def checked_password(password: str) -> str:
    """The given password; BadArgument if Basic authentication could not carry it."""
    if not password or len(password) > _LONGEST_SECRET or not password.isprintable():
        raise BadArgument("A password is 1 to 2,048 printable characters.")
    return password


class Credentials:
    """Makes and changes the credentials of accounts, inside the caller's session."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._signing_key = store.secret("jwt")
        self._clock = clock
        self._ids = ids

    def issue_token(self, session: Session, account: Account, owner: str, token: str | None = None) -> IssuedCredential:
        """A new token for the owner, the given one or a fresh JWT; Refused in a phase without tokens."""
        if Kind.TOKEN not in RULES[view_of(account).phase].accepts:
            raise Refused(f"The account {account.name} is in phase basic, which has no tokens; move it to transition.")
        text = self._fresh_token(session, account, owner) if token is None else checked_token(token)
        made = self._add(session, account, owner, token_hash(text))
        return IssuedCredential(made.id, Kind.TOKEN, owner, token=text)

    def issue_password(
        self, session: Session, account: Account, owner: Record, password: str | None = None
    ) -> IssuedCredential:
        """A password for the owner, the given one or a fresh one; Refused if the e-mail has one on any account."""
        login, chosen = (
            email_of(owner.document),
            checked_password(self._ids.password() if password is None else password),
        )
        secret = passwords.record(chosen, self._ids.bytes(16))
        made = self._add(session, account, owner.id, secret, login=fold(login))
        return IssuedCredential(made.id, Kind.BASIC, owner.id, username=login, password=chosen)

    def _add(
        self, session: Session, account: Account, owner: str, secret: bytes, *, login: str | None = None
    ) -> Credential:
        kind = Kind.TOKEN if login is None else Kind.BASIC
        number = 1 + max((int(known.id.rpartition("-")[2]) for known in session.credentials(account.pk)), default=0)
        try:
            return session.add_credential(
                account.pk,
                id=f"{kind}-{number}",
                kind=kind.value,
                owner=owner,
                secret=secret,
                now=self._clock.now(),
                login=login,
            )
        except NameTaken:
            what = "token is in use" if login is None else f"e-mail {login} has a password"
            raise Refused(
                f"The {what} already; tokens and administrators' e-mails are unique over the server."
            ) from None

    def _fresh_token(self, session: Session, account: Account, owner: str) -> str:
        present = session.account(account.name)
        assert present is not None
        settings = settings_from(present.settings)
        second = max((self._clock.now() + settings.offset) // SECOND, settings.token_second + 1)
        session.update_account(account.pk, replace(settings, token_second=second).json())
        claims = {
            "user_id": int(owner) if owner.isdecimal() else owner,
            "generated_at": moment(second * SECOND).strftime("%Y-%m-%d %H:%M:%S"),
        }
        return jwt.encode(claims, self._signing_key, algorithm="HS512", headers={"typ": None})

    def reset(
        self, session: Session, account: Account, credential: Credential, *, secret: str | None = None
    ) -> IssuedCredential:
        """A new secret, the given one or a fresh one, for a credential that keeps its id and is active again.

        The old token stays behind as a credential in state `reset`, so that it is never issued again and is still known
        as one of this account; an old password is forgotten.
        """
        if credential.kind == "basic":
            chosen = checked_password(self._ids.password() if secret is None else secret)
            hashed = passwords.record(chosen, self._ids.bytes(16))
            session.update_credential(credential.pk, secret=hashed, state="active")
            owner = session.get(account.pk, view_of(account).registry.user, credential.owner)
            login = email_of(owner.document) if owner else credential.login
            return IssuedCredential(credential.id, Kind.BASIC, credential.owner, username=login, password=chosen)
        token = self._fresh_token(session, account, credential.owner) if secret is None else checked_token(secret)
        session.update_credential(credential.pk, secret=token_hash(token), state="active")
        if token_hash(token) != credential.secret:
            grave = self._add(session, account, credential.owner, credential.secret)
            session.update_credential(grave.pk, state="reset")
        return IssuedCredential(credential.id, Kind.TOKEN, credential.owner, token=token)


def find_credential(session: Session, account: AccountView, credential_id: str) -> Credential:
    """The credential of that id; NoSuchThing lists the ids there are."""
    found = session.credential(account.pk, credential_id)
    if found is None:
        known = ", ".join(credential.id for credential in session.credentials(account.pk)) or "none"
        raise NoSuchThing(f"The account {account.name} has no credential {credential_id[:80]!r}; it has {known}.")
    return found


def find_owner(session: Session, account: AccountView, user_id: str) -> Record:
    """The user of that id; NoSuchThing if the account has none."""
    found = session.get(account.pk, account.registry.user, user_id)
    if found is None:
        raise NoSuchThing(f"The account {account.name} has no user {user_id[:80]!r}.")
    return found
