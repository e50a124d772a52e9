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

from mock_samanage.scim.comparison import fold, fold_name
from mock_samanage.store import Account, Credential, NameTaken, Record, Session, Store
from mock_samanage.tenant import passwords
from mock_samanage.tenant.account import AccountSettings, AccountView, settings_from, view_of
from mock_samanage.tenant.clock import SECOND, Clock, moment
from mock_samanage.tenant.errors import BadArgument, NoSuchThing, Refused
from mock_samanage.tenant.ids import Ids
from mock_samanage.tenant.phases import RULES, Kind
from mock_samanage.tenant.transactions import settle

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


@dataclass(frozen=True, slots=True)
class Password:
    """A password and what is stored of it."""

    text: str
    record: bytes


class Credentials:
    """Makes and changes the credentials of accounts, inside the caller's session."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._signing_key = store.secret("jwt")
        self._clock = clock
        self._ids = ids

    def password(self, given: str | None = None) -> Password:
        """The given password or a fresh one, with its record; made outside of transactions, because it takes long."""
        text = checked_password(self._ids.password() if given is None else given)
        return Password(text, passwords.record(text, self._ids.bytes(16)))

    def issue_token(self, session: Session, account: Account, owner: str, token: str | None = None) -> IssuedCredential:
        """A new token for the owner, the given one or a fresh JWT; Refused in a phase without tokens."""
        if Kind.TOKEN not in RULES[view_of(account).phase].accepts:
            raise Refused(f"The account {account.name} is in phase basic, which has no tokens; move it to transition.")
        text = self._token(session, account, owner, token)
        made = self._add(session, account, owner, token_hash(text))
        return IssuedCredential(made.id, Kind.TOKEN, owner, token=text)

    def issue_password(self, session: Session, account: Account, owner: Record, password: Password) -> IssuedCredential:
        """The password for the owner; Refused if the e-mail has one on any account."""
        login = email_of(owner.document)
        _take_turn(session, account)
        made = self._add(session, account, owner.id, password.record, login=fold_name(login))
        return IssuedCredential(made.id, Kind.BASIC, owner.id, username=login, password=password.text)

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

    def _token(self, session: Session, account: Account, owner: str, given: str | None) -> str:
        """The given token, or a JWT of a second that no token of the account has had."""
        settings = _take_turn(session, account, self._clock.now())
        if given is not None:
            return checked_token(given)
        claims = {
            "user_id": int(owner) if owner.isdecimal() else owner,
            "generated_at": moment(settings.token_second * SECOND).strftime("%Y-%m-%d %H:%M:%S"),
        }
        return jwt.encode(claims, self._signing_key, algorithm="HS512", headers={"typ": None})

    def reset(
        self, session: Session, account: Account, credential: Credential, *, secret: str | None = None
    ) -> IssuedCredential:
        """A new secret, the given one or a fresh one, for a credential that keeps its id and is active again.

        The old token stays behind as a credential in state `reset`, so that it is never issued again and is still
        known as one of this account; an old password is forgotten.
        """
        if credential.kind == "basic":
            password = self.password(secret)
            session.update_credential(credential.pk, secret=password.record, state="active")
            owner = session.get(account.pk, view_of(account).registry.user, credential.owner)
            login = email_of(owner.document) if owner else credential.login
            return IssuedCredential(credential.id, Kind.BASIC, credential.owner, username=login, password=password.text)
        token = self._token(session, account, credential.owner, secret)
        session.update_credential(credential.pk, secret=token_hash(token), state="active")
        if token_hash(token) != credential.secret:
            grave = self._add(session, account, credential.owner, credential.secret)
            session.update_credential(grave.pk, state="reset")
        return IssuedCredential(credential.id, Kind.TOKEN, credential.owner, token=token)


def _take_turn(session: Session, account: Account, now: int = 0) -> AccountSettings:
    """The account's settings with its next token second, stored, so that credentials are made one after the other."""
    present = session.account(account.name, locked=True)
    assert present is not None
    settings = settings_from(present.settings)
    second = max((now + settings.offset) // SECOND, settings.token_second + 1)
    settled = replace(settings, token_second=second) if now else settings
    settle(session, present, settled)
    return settled


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
