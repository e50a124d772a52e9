"""Everything one server holds: the accounts over one store, and who may see them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mock_samanage.scim.errors import NotFound, Unavailable
from mock_samanage.scim.messages import PATCH_OP_URN
from mock_samanage.store import Store
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.accounts import Accounts, NewAccount
from mock_samanage.tenant.authentication import Authenticator, AuthorizationHeaders, Principal
from mock_samanage.tenant.clock import Clock, SystemClock
from mock_samanage.tenant.cursors import Cursors, reader_of
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.errors import NoSuchThing, TryAgain
from mock_samanage.tenant.ids import Ids
from mock_samanage.tenant.issuing import Issuing
from mock_samanage.tenant.phases import RULES, Phase
from mock_samanage.tenant.ratelimit import RateCounter

__all__ = ["AuthorizationHeaders", "Bootstrap", "NewAccount", "Principal", "Tenant"]

DEFAULT_ACCOUNT = "samanage"


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What `serve` shows: the default account; secrets are None where they are unchanged since an earlier start."""

    account: str
    token: str | None
    username: str
    password: str | None
    fresh: bool


class Tenant:
    """One server: many isolated accounts over one store; the credential of a request decides the account.

    accounts: makes, changes and deletes them. credentials: makes and changes credentials. Without arguments time is the
    system's and secrets are random.
    """

    def __init__(self, store: Store, *, clock: Clock | None = None, ids: Ids | None = None) -> None:
        self.store = store
        self._clock = clock or SystemClock()
        self._ids = ids or Ids()
        self.accounts = Accounts(store, self._clock, self._ids)
        self.credentials = Issuing(store, self._clock, self._ids)
        self._authenticator = Authenticator(store, self.accounts.view)
        self._rates = RateCounter()
        self._cursors = Cursors(lambda: store.secret("cursor"))

    def authenticate(self, headers: AuthorizationHeaders) -> Principal:
        """Who sent this; Unauthorized with challenges, Forbidden, or TooManyRequests under the quirk rate-limit."""
        principal = self.check(headers)
        if principal.account.rate_limit is not None:
            account = principal.account
            self._rates.charge(account.pk, principal.account.rate_limit, self.accounts.now(account))
        return principal

    def check(self, headers: AuthorizationHeaders) -> Principal:
        """Who sent this, as `authenticate`, but without a request that the quirk rate-limit would count."""
        return self._authenticator.authenticate(headers)

    def presented(self, headers: AuthorizationHeaders) -> tuple[AccountView, str] | None:
        """The account and the id of the credential whose token or e-mail was sent, valid or not; None if unknown."""
        return self._authenticator.presented(headers)

    def directory(self, principal: Principal) -> Directory:
        """The principal's account as one request sees it."""
        return self.directory_of(principal.account, reader_of(principal.owner))

    def directory_of(self, account: AccountView, reader: str = "") -> Directory:
        """An account as the operator of the server sees it, or `reader`, to whom cursors belong."""
        return Directory(
            self.store, account, self._ids, lambda: self.accounts.now(account), cursors=self._cursors, reader=reader
        )

    def disable_user(self, name: str, user: str | None = None) -> str:
        """Sets `active` of a user, by default the account's administrator, to false; gives the id; NoSuchThing."""
        account = self.accounts.get(name)
        owner = user or account.settings.administrator
        body = {"schemas": [PATCH_OP_URN], "Operations": [{"op": "replace", "path": "active", "value": False}]}
        try:
            self.directory_of(account).patch("User", owner, body)
        except NotFound:
            raise NoSuchThing(f"The account {name} has no user {owner[:80]!r}.") from None
        except Unavailable as busy:
            raise TryAgain(busy.detail) from None
        return owner

    def schemes(self, account: AccountView | None = None) -> tuple[str, ...]:
        """The types of authenticationSchemes that the account, else the default one, offers in its phase."""
        shown = account or self.accounts.default()
        return RULES[shown.phase if shown else Phase.TRANSITION].schemes

    def bootstrap(self, new: NewAccount | None = None) -> Bootstrap:
        """The default account, made if the store holds none; given secrets are taken, also later."""
        wanted = new or NewAccount()
        present = self.accounts.default()
        if present is not None:
            token, basic = self.credentials.take(present.name, token=wanted.token, password=wanted.password)
            return Bootstrap(present.name, token, basic.username or "", basic.password, fresh=False)
        made = self.accounts.create(replace(wanted, name=wanted.name or DEFAULT_ACCOUNT))
        assert made.basic.username is not None
        token = made.token.token if made.token else None
        return Bootstrap(made.account.name, token, made.basic.username, made.basic.password, fresh=True)
