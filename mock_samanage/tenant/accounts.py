"""The accounts of one server: making, changing, resetting and deleting them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mock_samanage.store import Account, Duplicate, NameTaken, Session, Store, UnknownMember
from mock_samanage.tenant.account import AccountSettings, AccountView, settings_from, view_of
from mock_samanage.tenant.clock import SECOND, Clock
from mock_samanage.tenant.credentials import Credentials, IssuedCredential, Password
from mock_samanage.tenant.errors import BadArgument, NoSuchThing, Refused
from mock_samanage.tenant.ids import Ids, new_id
from mock_samanage.tenant.matching import canonical_entries
from mock_samanage.tenant.new_account import CreatedAccount, NewAccount, administrator, checked_name, initial_settings
from mock_samanage.tenant.phases import RULES, Kind, Phase, forward, parse_phase
from mock_samanage.tenant.presets import preset
from mock_samanage.tenant.quirks import checked
from mock_samanage.tenant.seed import DEPARTMENTS, Wish, seed_account
from mock_samanage.tenant.snapshot_reader import read_snapshot
from mock_samanage.tenant.snapshots import Snapshot, first, put_back, take
from mock_samanage.tenant.transactions import settle, write

__all__ = ["Accounts", "CreatedAccount", "NewAccount", "find_account"]

_LONGEST_ADVANCE = 100 * 366 * 24 * 3600  # seconds; keeps every moment within four-digit years
_FIXED = ("id-form",)  # quirks that stored ids depend on


class Accounts:
    """The accounts over one store; names are looked up with each call, NoSuchThing lists them."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._credentials = Credentials(store, clock, ids)
        self._views: dict[int, AccountView] = {}

    def view(self, account: Account) -> AccountView:
        """The view of a stored account, remembered for its generation."""
        known = self._views.get(account.pk)
        if known is None or known.stored is not account.settings or known.generation != account.generation:
            known = self._views[account.pk] = view_of(account)
        return known

    def now(self, account: AccountView) -> int:
        """The account's present moment, microseconds since the epoch, UTC."""
        return self._clock.now() + account.settings.offset

    def list(self) -> list[AccountView]:
        """Every account, the oldest first."""
        with self._store.reading() as session:
            return [self.view(account) for account in session.accounts()]

    def default(self) -> AccountView | None:
        """The server's first account, None before there is one."""
        with self._store.reading() as session:
            account = session.default_account()
        return self.view(account) if account else None

    def get(self, name: str) -> AccountView:
        """The account of that name; NoSuchThing."""
        with self._store.reading() as session:
            return self.view(find_account(session, name))

    def create(self, new: NewAccount) -> CreatedAccount:
        """A new account with an administrator and the credentials its phase has; BadArgument, Refused."""
        name, settings = checked_name(new.name or self._ids.account_name()), initial_settings(new)
        password = self._credentials.password(new.password)

        def work(session: Session) -> tuple[Account, IssuedCredential, IssuedCredential | None]:
            try:
                account = session.create_account(name, settings.json(), now=self._clock.now())
            except NameTaken:
                raise Refused(f"There is an account {name} already; choose another name.") from None
            return self._furnished(session, account, new, password)

        account, basic, token = write(self._store, work)
        return CreatedAccount(self.view(account), basic, token)

    def _furnished(
        self, session: Session, account: Account, new: NewAccount, password: Password
    ) -> tuple[Account, IssuedCredential, IssuedCredential | None]:
        view = view_of(account)
        document = administrator(new.username or f"admin@{account.name}.example")
        id_ = new_id(session, view, self._ids)
        owner = session.insert(account.pk, view.registry.user, document, id=id_, now=self._clock.now())
        basic = self._credentials.issue_password(session, account, owner, password)
        token = None
        if Kind.TOKEN in RULES[view.phase].accepts:
            token = self._credentials.issue_token(session, account, owner.id, new.token)
        elif new.token is not None:
            raise Refused("An account in phase basic has no token; leave the token out, or choose another phase.")
        present = find_account(session, account.name, locked=True)
        settled = replace(settings_from(present.settings), administrator=owner.id)
        baseline = first(session, account.pk, settled, owner)
        return settle(session, present, replace(settled, baseline=baseline.json())), basic, token

    def delete(self, name: str) -> None:
        """Removes the account and everything in it; NoSuchThing."""

        def work(session: Session) -> int:
            account = find_account(session, name, locked=True)
            session.delete_account(account.pk)
            return account.pk

        self._views.pop(write(self._store, work), None)

    def reset(self, name: str) -> AccountView:
        """The account as it was made: the administrator alone, the first settings, the first credentials."""

        def work(session: Session) -> Account:
            account = find_account(session, name, locked=True)
            return put_back(session, account, Snapshot(**settings_from(account.settings).baseline))

        return self.view(write(self._store, work))

    def snapshot(self, name: str) -> dict[str, Any]:
        """The whole account as JSON, for `restore`; credentials as hashes."""
        with self._store.reading() as session:
            return take(session, self.view(find_account(session, name))).json()

    def restore(self, name: str, document: Mapping[str, Any]) -> AccountView:
        """The account as the snapshot holds it, under its present name.

        BadArgument if the document is no snapshot, Refused if its credentials belong to another account.
        """
        snapshot = read_snapshot(document)

        def work(session: Session) -> Account:
            try:
                return put_back(session, find_account(session, name, locked=True), snapshot)
            except NameTaken:
                raise Refused("The snapshot's credentials belong to another account; restore that one.") from None
            except (Duplicate, UnknownMember) as error:
                raise BadArgument(f"This is no snapshot: {error}.") from None

        return self.view(write(self._store, work))

    def seed(self, name: str, *, users: int, groups: int | None = None, seed: int = 0) -> AccountView:
        """The account with that many Faker people added, the same ones for the same seed; its departments are listed.

        BadArgument for a number out of range, Refused if such people are there already.
        """
        wish = Wish(users, groups, seed)

        def work(session: Session) -> Account:
            account = find_account(session, name, locked=True)
            view = view_of(account)
            try:
                seed_account(session, view, wish, self.now(view), lambda: new_id(session, view, self._ids))
            except Duplicate as taken:
                raise Refused(f"{taken.path} {taken.value!r} is there already; reset the account before.") from None
            listed = tuple(dict.fromkeys((*view.settings.departments, *DEPARTMENTS)))
            return settle(session, account, replace(view.settings, departments=listed))

        return self.view(write(self._store, work))

    def change(self, name: str, how: Callable[[AccountSettings], AccountSettings]) -> AccountView:
        """The account with its settings changed by that function, in one transaction."""

        def work(session: Session) -> Account:
            account = find_account(session, name, locked=True)
            return settle(session, account, how(settings_from(account.settings)))

        return self.view(write(self._store, work))

    def set_phase(self, name: str, phase: str) -> AccountView:
        """The account in that phase; Refused if it would go back."""
        wanted = parse_phase(phase)
        return self.change(name, lambda present: replace(present, phase=forward(Phase(present.phase), wanted)))

    def advance_clock(self, name: str, seconds: object) -> int:
        """Moves the account's clock forward and gives its moment in microseconds; BadArgument for anything else."""
        if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 <= seconds <= _LONGEST_ADVANCE:
            raise BadArgument(f"seconds is a number from 0 to {_LONGEST_ADVANCE}; clocks only go forward.")
        moved = int(seconds * SECOND)
        latest = _LONGEST_ADVANCE * SECOND

        def ahead(present: AccountSettings) -> AccountSettings:
            if present.offset + moved > latest:
                raise Refused("The account's clock is a hundred years ahead already; reset the account.")
            return replace(present, offset=present.offset + moved)

        return self.now(self.change(name, ahead))

    def set_filterable(self, name: str, attributes: object) -> AccountView:
        """The account with that filterable set, a list of attribute paths or `all`; BadArgument."""
        entries = canonical_entries(attributes, self.get(name).registry.types)
        return self.change(name, lambda present: replace(present, filterable=entries))

    def set_quirks(self, name: str, quirks: Mapping[str, Any]) -> AccountView:
        """The account with these quirks changed; BadArgument, and Refused for one that is fixed."""
        values = checked(quirks)

        def changed(present: AccountSettings) -> AccountSettings:
            before = {**preset(present.preset), **present.quirks}
            for fixed in _FIXED:
                if values.get(fixed, before[fixed]) != before[fixed]:
                    raise Refused(f"The quirk {fixed} is fixed when an account is made; make another account.")
            return replace(present, quirks={**present.quirks, **values})

        return self.change(name, changed)


def find_account(session: Session, name: str, *, locked: bool = False) -> Account:
    """The stored account of that name, its settings locked for this session if asked; NoSuchThing lists some."""
    account = session.account(name, locked=locked)
    if account is None:
        known = ", ".join(known.name for known in session.accounts()[:10]) or "none"
        raise NoSuchThing(f"There is no account {name[:80]!r}; there are: {known}.")
    return account
