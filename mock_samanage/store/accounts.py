"""Accounts and credentials, and the one statement that authenticates a request."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select, update

from mock_samanage.store.errors import NameTaken, StoreError
from mock_samanage.store.model import Account, Authentication, Credential, CredentialKind, CredentialState
from mock_samanage.store.resources import COLUMNS, record_of, storable
from mock_samanage.store.statement import Statement
from mock_samanage.store.tables import account as accounts
from mock_samanage.store.tables import credential as credentials
from mock_samanage.store.tables import resource, value
from mock_samanage.store.work import Work

_ACCOUNT = (accounts.c.pk, accounts.c.name, accounts.c.settings, accounts.c.generation)
_CREDENTIAL = (
    credentials.c.pk,
    credentials.c.id,
    credentials.c.account,
    credentials.c.kind,
    credentials.c.owner,
    credentials.c.login,
    credentials.c.secret,
    credentials.c.state,
    credentials.c.created,
    credentials.c.generation,
)
_PK = accounts.c.pk == bindparam("pk_")

_ALL = Statement(select(*_ACCOUNT).order_by(accounts.c.pk))
_FIRST = Statement(select(*_ACCOUNT).order_by(accounts.c.pk).limit(1))
_BY_NAME = Statement(select(*_ACCOUNT).where(accounts.c.name == bindparam("name")))
_LOCKED = Statement(  # SQLite has one writer and no such clause; key_share lets others insert resources meanwhile
    select(*_ACCOUNT).where(accounts.c.name == bindparam("name")).with_for_update(key_share=True)
)
_BY_PK = Statement(select(*_ACCOUNT).where(_PK))
_CREATE = Statement(
    insert(accounts)
    .values({name: bindparam(name) for name in ("name", "settings", "created", "generation")})
    .returning(accounts.c.pk)
)
_UPDATE = Statement(
    update(accounts)
    .where(_PK)
    .values(settings=bindparam("settings"), generation=accounts.c.generation + 1)
    .returning(*_ACCOUNT)
)
_DELETE = Statement(delete(accounts).where(_PK))
_EMPTY = (
    Statement(delete(value).where(value.c.account == bindparam("account_"))),
    Statement(delete(resource).where(resource.c.account == bindparam("account_"))),
)

_CREDENTIALS = Statement(
    select(*_CREDENTIAL).where(credentials.c.account == bindparam("account")).order_by(credentials.c.pk)
)
_ONE = Statement(
    select(*_CREDENTIAL).where(credentials.c.account == bindparam("account"), credentials.c.id == bindparam("id"))
)
_ADD = Statement(
    insert(credentials)
    .values(
        {
            name: bindparam(name)
            for name in ("account", "id", "kind", "owner", "login", "secret", "state", "created", "generation")
        }
    )
    .returning(credentials.c.pk)
)
_OF_PK = credentials.c.pk == bindparam("pk_")
_READ = Statement(select(*_CREDENTIAL).where(_OF_PK))
_CHANGE = Statement(
    update(credentials)
    .where(_OF_PK)
    .values(
        secret=bindparam("secret"),
        state=bindparam("state"),
        login=bindparam("login"),
        generation=credentials.c.generation + 1,
    )
    .returning(*_CREDENTIAL)
)
_DROP = Statement(delete(credentials).where(_OF_PK))

_OWNED = select(*_CREDENTIAL, *_ACCOUNT, *COLUMNS).select_from(
    credentials.join(accounts, accounts.c.pk == credentials.c.account).outerjoin(
        resource, and_(resource.c.account == credentials.c.account, resource.c.id == credentials.c.owner)
    )
)
_BY_TOKEN = Statement(_OWNED.where(credentials.c.secret == bindparam("secret"), credentials.c.kind == "token"))
_BY_LOGIN = Statement(_OWNED.where(credentials.c.login == bindparam("login"), credentials.c.kind == "basic"))


@lru_cache(maxsize=1024)
def _settings(text: str) -> Mapping[str, Any]:
    return MappingProxyType(json.loads(text))


def _account(row: Sequence[Any]) -> Account:
    return Account(row[0], row[1], _settings(row[2]), row[3])


def _credential(row: Sequence[Any]) -> Credential:
    return Credential(row[0], row[1], row[2], row[3], row[4], row[5], bytes(row[6]), row[7], row[8], row[9])


def _text(settings: Mapping[str, Any]) -> str:
    return json.dumps(dict(settings), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class Accounts(Work):
    """The part of a session that knows accounts and credentials; `account` arguments are `Account.pk`."""

    __slots__ = ()

    def accounts(self) -> list[Account]:
        """Every account, the oldest first."""
        return [_account(row) for row in self.run(_ALL)]

    def account(self, name: str, *, locked: bool = False) -> Account | None:
        """The account of that exact name; `locked` keeps others from changing its settings until this session ends."""
        if not storable(name):
            return None
        row = self.run(_LOCKED if locked else _BY_NAME, name=name).fetchone()
        return _account(row) if row else None

    def account_by_pk(self, pk: int) -> Account | None:
        """The account of that key."""
        row = self.run(_BY_PK, pk_=pk).fetchone()
        return _account(row) if row else None

    def default_account(self) -> Account | None:
        """The oldest account, None while there is none."""
        row = self.run(_FIRST).fetchone()
        return _account(row) if row else None

    def create_account(self, name: str, settings: Mapping[str, Any], *, now: int) -> Account:
        """The new, empty account; raises NameTaken."""

        def work() -> int:
            row = self.run(_CREATE, name=name, settings=_text(settings), created=now, generation=1).fetchone()
            pk: int = row[0]
            return pk

        pk = self.attempt(work, lambda: NameTaken(f"there is an account {name!r} already"))
        return Account(pk, name, settings, 1)

    def update_account(self, pk: int, settings: Mapping[str, Any]) -> Account:
        """The account with new settings at the next generation."""
        return _account(_found(self.run(_UPDATE, pk_=pk, settings=_text(settings)).fetchone(), "account", pk))

    def delete_account(self, pk: int) -> None:
        """Removes the account with everything in it."""
        self.empty_account(pk)
        self.run(_DELETE, pk_=pk)

    def empty_account(self, pk: int) -> None:
        """Removes all resources and memberships of the account; settings and credentials stay."""
        for statement in _EMPTY:
            self.run(statement, account_=pk)

    def add_credential(
        self,
        account: int,
        *,
        id: str,
        kind: CredentialKind,
        owner: str,
        secret: bytes,
        now: int,
        login: str | None = None,
    ) -> Credential:
        """The new, active credential; raises NameTaken if the id, the login or the secret exists."""

        def work() -> int:
            row = self.run(
                _ADD,
                account=account,
                id=id,
                kind=kind,
                owner=owner,
                login=login,
                secret=secret,
                state="active",
                created=now,
                generation=1,
            ).fetchone()
            pk: int = row[0]
            return pk

        pk = self.attempt(work, lambda: NameTaken(f"there is a credential {id!r}, or one with its login or secret"))
        return Credential(pk, id, account, kind, owner, login, secret, "active", now, 1)

    def credentials(self, account: int) -> list[Credential]:
        """The credentials of the account, the oldest first."""
        return [_credential(row) for row in self.run(_CREDENTIALS, account=account)]

    def credential(self, account: int, id: str) -> Credential | None:
        """The credential of that id."""
        if not storable(id):
            return None
        row = self.run(_ONE, account=account, id=id).fetchone()
        return _credential(row) if row else None

    def update_credential(
        self,
        pk: int,
        *,
        secret: bytes | None = None,
        state: CredentialState | None = None,
        login: str | None = None,
    ) -> Credential:
        """The credential with what is not None changed, at the next generation; raises NameTaken."""
        known = _credential(_found(self.run(_READ, pk_=pk).fetchone(), "credential", pk))

        def work() -> Credential:
            row = self.run(
                _CHANGE,
                pk_=pk,
                secret=known.secret if secret is None else secret,
                state=known.state if state is None else state,
                login=known.login if login is None else login,
            ).fetchone()
            return _credential(_found(row, "credential", pk))

        return self.attempt(work, lambda: NameTaken("that login or secret belongs to another credential"))

    def delete_credential(self, pk: int) -> None:
        """Removes the credential."""
        self.run(_DROP, pk_=pk)

    def authentication(self, *, token_hash: bytes | None = None, login: str | None = None) -> Authentication | None:
        """The credential of a token's SHA-256 or of a folded login, with its account and owner, in one statement."""
        if token_hash is not None:
            row = self.run(_BY_TOKEN, secret=token_hash).fetchone()
        elif login is not None and storable(login):
            row = self.run(_BY_LOGIN, login=login).fetchone()
        else:
            return None
        if row is None:
            return None
        owner = record_of(row[14:]) if row[14] is not None else None
        return Authentication(_credential(row), _account(row[10:14]), owner)


def _found(row: Any, kind: str, pk: int) -> Any:
    if row is None:
        raise StoreError(f"there is no {kind} {pk}")
    return row
