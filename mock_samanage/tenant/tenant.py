"""Everything one server holds: the accounts over one store, and who may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mock_samanage.store import Record, Store
from mock_samanage.tenant.accounts import Accounts, AccountView, NewAccount
from mock_samanage.tenant.clock import Clock
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.ids import Ids


# Signatures for the packages above, filled in by the next commits.
@dataclass(frozen=True, slots=True)
class AuthorizationHeaders:
    """The two fields that may carry a credential, as the WSGI server gives them (latin-1 text), None where absent.

    A field sent twice is the values joined by a comma.
    """

    authorization: str | None = None
    samanage: str | None = None  # X-Samanage-Authorization


@dataclass(frozen=True, slots=True)
class Principal:
    """Who sent the request: the account, the administrator, and the kind of credential, `basic` or `token`."""

    account: AccountView  # .pk .name .generation .settings .quirks (Mapping[str, str]) .offset
    owner: Record
    credential_kind: str


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What `serve` shows: the default account; secrets are None where they are unchanged since an earlier start."""

    account: str
    token: str | None
    username: str
    password: str | None
    fresh: bool


class Tenant:
    """One server: many isolated accounts over one store."""

    accounts: Accounts
    # accounts.create(NewAccount(name=, phase=, preset=, plan=, filterable=, quirks=, password=, token=)) -> CreatedAccount
    # accounts.get(name) / .default() / .list() -> AccountView; .delete(name) .reset(name) .snapshot(name) -> dict .restore(name, dict)
    # accounts.set_phase(name, phase) .advance_clock(name, seconds) .set_filterable(name, list | "all") .set_quirks(name, {id: value})
    # accounts.seed(name, users=, groups=, seed=)

    def __init__(self, store: Store, *, clock: Clock | None = None, ids: Ids | None = None) -> None: ...

    def bootstrap(
        self, new: NewAccount | None = None, *, token: str | None = None, username: str | None = None, password: str | None = None
    ) -> Bootstrap:
        """The default account, made if the store holds none; given secrets are taken."""
        ...

    def authenticate(self, headers: AuthorizationHeaders) -> Principal:
        """Who sent this; raises Unauthorized with challenges, Forbidden, TooManyRequests."""
        ...

    def directory(self, principal: Principal) -> Directory:
        """The principal's account as one request sees it."""
        ...

    def schemes(self, account: AccountView | None = None) -> tuple[str, ...]:
        """`oauthbearertoken` and/or `httpbasic`, as the phase of the account (else the default one) offers them."""
        ...

    def hook(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """One hook operation; raises TenantError (status, text)."""
        ...
