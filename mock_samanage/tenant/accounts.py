"""The accounts of one server: making, changing, resetting and deleting them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mock_samanage.scim.registry import USER_URN
from mock_samanage.store import Account, Duplicate, NameTaken, Session, Store
from mock_samanage.tenant.account import PLANS, REGIONS, AccountSettings, AccountView, settings_from, view_of
from mock_samanage.tenant.clock import SECOND, Clock
from mock_samanage.tenant.credentials import Credentials, IssuedCredential
from mock_samanage.tenant.errors import BadArgument, NoSuchThing, Refused
from mock_samanage.tenant.ids import Ids, new_id
from mock_samanage.tenant.matching import ALL, canonical_entries
from mock_samanage.tenant.phases import RULES, Kind, Phase, forward, parse_phase
from mock_samanage.tenant.presets import DEFAULT_PRESET, PRESETS, preset
from mock_samanage.tenant.quirks import checked, one_of
from mock_samanage.tenant.roles import ADMINISTRATOR, BUILT_IN, canonical
from mock_samanage.tenant.seed import DEPARTMENTS, seed_account
from mock_samanage.tenant.snapshots import Snapshot, first, put_back, take

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
_LONGEST_ADVANCE = 100 * 366 * 24 * 3600  # seconds; keeps every moment within four-digit years
_FIXED = ("id-form",)  # quirks that stored ids depend on


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account is made from; None and empty mean the default.

    username: the administrator's e-mail. roles: names beside the built-in ones. password, token: secrets to take.
    """

    name: str | None = None
    phase: str = Phase.TRANSITION
    preset: str = DEFAULT_PRESET
    plan: str = "professional"
    region: str = "us"
    filterable: object = ALL
    quirks: Mapping[str, Any] = field(default_factory=dict)
    roles: Sequence[str] = ()
    departments: Sequence[str] = ()
    sites: Sequence[str] = ()
    username: str | None = None
    password: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class CreatedAccount:
    """A new account with the administrator's credentials; `token` is None in a phase without tokens."""

    account: AccountView
    basic: IssuedCredential
    token: IssuedCredential | None


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
        if known is None or known.generation != account.generation:
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
        name, settings = new.name or self._ids.account_name(), initial_settings(new)
        if not _NAME.fullmatch(name):
            raise BadArgument(f"An account's name is 1 to 40 of a-z, 0-9 and -, such as acme, not {name[:80]!r}.")
        with self._store.writing() as session:
            try:
                account = session.create_account(name, settings.json(), now=self._clock.now())
            except NameTaken:
                raise Refused(f"There is an account {name} already; choose another name.") from None
            return self._furnish(session, account, new)

    def _furnish(self, session: Session, account: Account, new: NewAccount) -> CreatedAccount:
        view = view_of(account)
        email = new.username or f"admin@{account.name}.example"
        administrator = session.insert(
            account.pk,
            view.registry.user,
            _administrator(email),
            id=new_id(session, view, self._ids),
            now=self._clock.now(),
        )
        basic = self._credentials.issue_password(session, account, administrator, new.password)
        token = None
        if Kind.TOKEN in RULES[view.phase].accepts:
            token = self._credentials.issue_token(session, account, administrator.id, new.token)
        elif new.token:
            raise Refused("An account in phase basic has no token; leave the token out, or choose another phase.")
        present = settings_from(find_account(session, account.name).settings)
        settled = replace(present, administrator=administrator.id)
        baseline = first(session, account.pk, settled, administrator)
        final = session.update_account(account.pk, replace(settled, baseline=baseline.json()).json())
        return CreatedAccount(self.view(final), basic, token)

    def delete(self, name: str) -> None:
        """Removes the account and everything in it; NoSuchThing."""
        with self._store.writing() as session:
            account = find_account(session, name)
            session.delete_account(account.pk)
        self._views.pop(account.pk, None)

    def reset(self, name: str) -> AccountView:
        """The account as it was made: the administrator alone, the first settings, the first credentials."""
        with self._store.writing() as session:
            account = find_account(session, name)
            baseline = settings_from(account.settings).baseline
            return self.view(put_back(session, self.view(account), Snapshot(**baseline), baseline))

    def snapshot(self, name: str) -> dict[str, Any]:
        """The whole account as JSON, for `restore`; credentials as hashes."""
        with self._store.reading() as session:
            return take(session, self.view(find_account(session, name))).json()

    def restore(self, name: str, document: Mapping[str, Any]) -> AccountView:
        """The account as the snapshot holds it, under its present name; BadArgument if the document is no snapshot."""
        try:
            snapshot = Snapshot(**document)
        except TypeError:
            raise BadArgument("This is no snapshot; send back the document that the snapshot gave.") from None
        with self._store.writing() as session:
            account = find_account(session, name)
            baseline = settings_from(account.settings).baseline
            return self.view(put_back(session, self.view(account), snapshot, baseline))

    def seed(self, name: str, *, users: int, groups: int | None = None, seed: int = 0) -> AccountView:
        """The account with that many Faker people added, the same ones for the same seed; its departments are listed.

        BadArgument for a number out of range, Refused if such people are there already.
        """
        with self._store.writing() as session:
            account = find_account(session, name)
            view = self.view(account)
            try:
                seed_account(
                    session,
                    view,
                    users=users,
                    groups=groups,
                    seed=seed,
                    now=self.now(view),
                    new_id=lambda: new_id(session, view, self._ids),
                )
            except Duplicate as taken:
                raise Refused(f"{taken.path} {taken.value!r} is there already; reset the account before.") from None
            listed = tuple(dict.fromkeys((*view.settings.departments, *DEPARTMENTS)))
            return self.view(session.update_account(account.pk, replace(view.settings, departments=listed).json()))

    def change(self, name: str, how: Callable[[AccountSettings], AccountSettings]) -> AccountView:
        """The account with its settings changed by that function, in one transaction."""
        with self._store.writing() as session:
            account = find_account(session, name)
            return self.view(session.update_account(account.pk, how(settings_from(account.settings)).json()))

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
        entries = canonical_entries(attributes)
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


def find_account(session: Session, name: str) -> Account:
    """The stored account of that name; NoSuchThing lists some that exist."""
    account = session.account(name)
    if account is None:
        known = ", ".join(known.name for known in session.accounts()[:10]) or "none"
        raise NoSuchThing(f"There is no account {name[:80]!r}; there are: {known}.")
    return account


def initial_settings(new: NewAccount) -> AccountSettings:
    """The settings a new account starts with; BadArgument names what is wrong."""
    for what, value, known in (
        ("preset", new.preset, PRESETS),
        ("plan", new.plan, PLANS),
        ("region", new.region, REGIONS),
    ):
        if value not in known:
            raise BadArgument(f"The {what} is {one_of(known)}, not {str(value)[:80]!r}.")
    for role in new.roles:
        if not role.strip() or role[0] in '{["' or role != role.strip():
            raise BadArgument(
                f"A role's name is text that does not begin with a space, a brace or a quote, not {role!r}."
            )
    return AccountSettings(
        region=new.region,
        plan=new.plan,
        phase=parse_phase(new.phase),
        preset=new.preset,
        quirks=checked(new.quirks),
        roles=tuple(dict.fromkeys((*BUILT_IN, *new.roles))),
        departments=tuple(new.departments),
        sites=tuple(new.sites),
        filterable=canonical_entries(new.filterable),
    )


def _administrator(email: str) -> dict[str, Any]:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise BadArgument(f"An administrator's username is an e-mail address, not {email[:80]!r}.")
    return {
        "schemas": [USER_URN],
        "userName": email,
        "name": {"formatted": "Account Administrator", "familyName": "Administrator", "givenName": "Account"},
        "displayName": "Account Administrator",
        "active": True,
        "emails": [{"value": email, "type": "work", "primary": True}],
        "roles": canonical(ADMINISTRATOR),
    }
