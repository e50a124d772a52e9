"""Who sent a request: reading the Authorization fields, and checking what they carry.

A valid credential of an administrator in an account that may provision gives a Principal. No credential, or
one that is unknown, malformed, expired, reset, of the wrong kind for the phase, or whose owner is disabled or
gone: Unauthorized. A valid one without the permission: Forbidden. Sources: RFC 7235, RFC 6750, RFC 7617.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from mock_samanage.scim.comparison import fold_name
from mock_samanage.scim.errors import Forbidden, Unauthorized
from mock_samanage.store import Account, Authentication, Record, Store
from mock_samanage.tenant import passwords
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.phases import RULES, Kind, Phase, challenges
from mock_samanage.tenant.roles import ADMINISTRATOR, role_of

_BEARER = re.compile(r"bearer +([A-Za-z0-9\-._~+/]+=*)", re.IGNORECASE)
_BASIC = re.compile(r"basic +([A-Za-z0-9+/\-_]+=*)", re.IGNORECASE)
_LONGEST_FIELD = 8192  # characters
_REMEMBERED = 1024  # passwords that were right


@dataclass(frozen=True, slots=True)
class AuthorizationHeaders:
    """The two fields that may carry a credential, as WSGI gives them (latin-1 text), None where absent.

    A field sent twice is its values joined by a comma. `samanage` is X-Samanage-Authorization.
    """

    authorization: str | None = None
    samanage: str | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who sent the request: the account, the administrator, and the kind of credential."""

    account: AccountView
    owner: Record
    credential_kind: Kind


@dataclass(frozen=True, slots=True)
class _Sent:
    """What the fields carry: a token or a login with its password; `bearer` says if any field claimed a bearer."""

    bearer: bool
    token: str | None = None
    login: str | None = None
    password: str | None = None


class _Malformed(Exception):
    """The fields carry no credential that can be read; the text says why, without repeating it."""


def _read(headers: AuthorizationHeaders) -> _Sent:
    standard, own = headers.authorization, headers.samanage
    if standard is None and own is None:
        raise _Malformed("The request carries no credential.")
    for field in (standard, own):
        if field is not None and len(field) > _LONGEST_FIELD:
            raise _Malformed(f"The credential is longer than {_LONGEST_FIELD} characters.")
    if own is not None:
        token = _token(own, "X-Samanage-Authorization")
        if standard is not None and _token(standard, "Authorization") != token:
            raise _Malformed(
                "Authorization and X-Samanage-Authorization carry different credentials; send one of them."
            )
        return _Sent(bearer=True, token=token)
    assert standard is not None
    if found := _BEARER.fullmatch(standard):
        return _Sent(bearer=True, token=found[1])
    return _password(standard)


def _token(field: str, name: str) -> str:
    found = _BEARER.fullmatch(field.strip(" \t"))
    if found is None:
        raise _Malformed(f"{name} is not of the form: Bearer TOKEN.")
    return found[1]


def _password(field: str) -> _Sent:
    found = _BASIC.fullmatch(field.strip(" \t"))
    if found is None:
        return _Sent(bearer=True, token=_token(field, "Authorization"))
    try:
        text = base64.b64decode(found[1], validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise _Malformed("The Basic credential is not the base64 form of UTF-8 text.") from None
    login, colon, password = text.partition(":")
    if not colon:
        raise _Malformed("The Basic credential has no colon between the e-mail and the password.")
    if "\x00" in text:  # PostgreSQL takes no such text
        raise _Malformed("The Basic credential holds a control character.")
    return _Sent(bearer=False, login=fold_name(login), password=password)


def _claims_bearer(headers: AuthorizationHeaders) -> bool:
    fields = (headers.authorization, headers.samanage)
    return any(field is not None and field.lstrip().lower().startswith("bearer") for field in fields)


class Authenticator:
    """Checks credentials against the store; passwords that were right are remembered under an HMAC of what was sent."""

    def __init__(self, store: Store, view: Callable[[Account], AccountView]) -> None:
        self._store = store
        self._view = view
        self._key = os.urandom(32)
        self._right: OrderedDict[bytes, tuple[int, int]] = OrderedDict()  # HMAC -> credential pk and generation

    def authenticate(self, headers: AuthorizationHeaders) -> Principal:
        """The principal; Unauthorized with the challenges of the phase, or Forbidden with what is missing.

        The account's phase counts as soon as the credential names one, else the default account's.
        """
        try:
            sent = _read(headers)
        except _Malformed as why:
            self._refuse(None, str(why), bearer=_claims_bearer(headers))
        found = self._look_up(sent)
        if found is None:
            self._refuse(None, "The credential is not valid.", bearer=sent.bearer)
        account = self._view(found.account)
        owner, credential = found.owner, found.credential
        if credential.state != "active" or not self._proven(sent, found):
            self._refuse(account, "The credential is not valid.", bearer=sent.bearer)
        kind = Kind.TOKEN if sent.bearer else Kind.BASIC
        if kind not in RULES[account.phase].accepts:
            self._refuse(account, _OTHER_KIND[kind], bearer=sent.bearer)
        if owner is None or owner.document.get("active") is False:
            self._refuse(account, "The owner of the credential is disabled or gone.", bearer=sent.bearer)
        _check_permission(account, owner)
        return Principal(account, owner, kind)

    def presented(self, headers: AuthorizationHeaders) -> tuple[AccountView, str] | None:
        """The account and the id of the credential whose token or e-mail was sent, valid or not; None if unknown."""
        try:
            found = self._look_up(_read(headers))
        except _Malformed:
            return None
        return None if found is None else (self._view(found.account), found.credential.id)

    def _look_up(self, sent: _Sent) -> Authentication | None:
        with self._store.reading() as session:
            if sent.token is not None:
                return session.authentication(token_hash=hashlib.sha256(sent.token.encode("ascii")).digest())
            return session.authentication(login=sent.login)

    def _proven(self, sent: _Sent, found: Authentication) -> bool:
        if sent.token is not None:
            return True
        assert sent.password is not None
        credential = found.credential
        name = hmac.digest(self._key, f"{sent.login}:{sent.password}".encode(), "sha256")
        now = (credential.pk, credential.generation)
        if self._right.get(name) == now:
            return True
        if not passwords.verify(sent.password, credential.secret):
            return False
        self._right[name] = now
        if len(self._right) > _REMEMBERED:
            self._right.popitem(last=False)
        return True

    def _refuse(self, account: AccountView | None, detail: str, *, bearer: bool) -> NoReturn:
        phase = account.phase if account else self._default_phase()
        raise Unauthorized(f"{detail} {_RIGHT[phase]}", challenges(phase, bearer_sent=bearer))

    def _default_phase(self) -> Phase:
        with self._store.reading() as session:
            account = session.default_account()
        return self._view(account).phase if account else Phase.TRANSITION


def _check_permission(account: AccountView, owner: Record) -> None:
    role = role_of(owner.document)
    if role != ADMINISTRATOR:
        raise Forbidden(f"The owner of the credential has the role {role}; provisioning needs an {ADMINISTRATOR}.")
    if not account.may_provision:
        raise Forbidden(f"The account's plan is {account.settings.plan}; provisioning needs professional or above.")


_OTHER_KIND = {
    Kind.TOKEN: "The account has not moved to tokens yet.",
    Kind.BASIC: "The account has moved to tokens and no longer takes passwords.",
}
_RIGHT = {
    Phase.BASIC: "Send Authorization: Basic with an administrator's e-mail and password.",
    Phase.TRANSITION: "Send Authorization: Bearer with an administrator's token, or Basic with e-mail and password.",
    Phase.TOKEN: "Send Authorization: Bearer with an administrator's token.",
}
