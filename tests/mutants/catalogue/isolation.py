"""Defects of accounts that share a server, and of data that a migration moves."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from mock_samanage.scim.errors import NotFound
from mock_samanage.scim.syntax import AttrPath
from mock_samanage.store import Session
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.accounts import Accounts
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.ids import Ids
from mock_samanage.tenant.phases import Phase
from mock_samanage.tenant.resource import Resource
from tests.mutants.mutant import Defect, mutant


def _others(directory: Directory) -> list[Directory]:
    """The directories of the other accounts of the server, as if the principal of this one might see them."""
    own = directory._account
    with directory._store.reading() as session:
        found = [account.pk for account in session.accounts() if account.pk != own.pk]
    return [Directory(directory._store, replace(own, pk=pk), Ids(), directory._now) for pk in found]


def _removed(directory: Directory, type_name: str, resource_id: str) -> None:
    with directory._store.writing() as session:
        session.delete(directory._find(session, type_name, resource_id))


@mutant(clauses=("SAM-AUTH-44",), trips=(), only="DELETE")
def any_account_can_delete(defect: Defect) -> None:
    """A DELETE removes the resource of that id, whichever account it belongs to."""

    def delete(self: Directory, type_name: str, resource_id: str, *arguments: Any) -> None:
        for directory in (self, *_others(self)):
            with suppress(NotFound):
                old(directory, type_name, resource_id, *arguments)
                return
        old(self, type_name, resource_id, *arguments)

    old = defect.replace(Directory, "delete", delete)


@mutant(clauses=("SAM-AUTH-50",), trips=(), only="meta of users")
def a_migration_touches_every_user(defect: Defect) -> None:
    """A change of phase is a change of every user: version and lastModified move."""

    def set_phase(self: Accounts, name: str, phase: str) -> AccountView:
        view: AccountView = old(self, name, phase)
        kind = view.registry.user
        with self._store.writing() as session:
            for record in session.query(view.pk, [kind], None, count=1_000_000).records:
                session.touch(record, now=self.now(view))
        return view

    old = defect.replace(Accounts, "set_phase", set_phase)


@mutant(clauses=("SAM-AUTH-51",), trips=(), only="the first user made after a change of phase")
def a_write_is_lost_in_the_migration(defect: Defect) -> None:
    """The first user that is made after a change of phase is answered 201 and not kept."""
    moved: set[int] = set()

    def set_phase(self: Accounts, name: str, phase: str) -> AccountView:
        view: AccountView = old_phase(self, name, phase)
        moved.add(view.pk)
        return view

    def create(self: Directory, type_name: str, body: Any, **options: Any) -> Resource:
        made: Resource = old_create(self, type_name, body, **options)
        if type_name == "User" and self._account.pk in moved:
            moved.discard(self._account.pk)
            _removed(self, type_name, made.id)
        return made

    old_phase = defect.replace(Accounts, "set_phase", set_phase)
    old_create = defect.replace(Directory, "create", create)


@mutant(clauses=("SAM-AUTH-52",), trips=(), only="phase token")
def a_migrated_list_begins_with_the_newest(defect: Defect) -> None:
    """Lists without sortBy hold the oldest resources first, and in phase token the newest."""

    def query(self: Session, account: int, types: Any, filter_: Any, **options: Any) -> Any:
        stored = self.account_by_pk(account)
        if stored and stored.settings["phase"] == Phase.TOKEN and options.get("sort") is None:
            options = {**options, "sort": AttrPath(None, "meta", "created"), "descending": True}
        return old(self, account, types, filter_, **options)

    old = defect.replace(Session, "query", query)
