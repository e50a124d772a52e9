"""Defects of accounts that share a server, and of data that a migration moves."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim.syntax import AttrPath
from mock_samanage.store import Session
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.accounts import Accounts
from mock_samanage.tenant.phases import Phase
from tests.mutants.mutant import Defect, mutant


@mutant(clauses=("SAM-AUTH-50",), trips={"auth_migration.a_phase_change_touches_no_resource"}, only="meta of users")
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


@mutant(clauses=("SAM-AUTH-52",), trips={"auth_migration.a_walk_survives_a_phase_change"}, only="phase token")
def a_migrated_list_begins_with_the_newest(defect: Defect) -> None:
    """Lists without sortBy hold the oldest resources first, and in phase token the newest."""

    def query(self: Session, account: int, types: Any, filter_: Any, **options: Any) -> Any:
        stored = self.account_by_pk(account)
        if stored and stored.settings["phase"] == Phase.TOKEN and options.get("sort") is None:
            options = {**options, "sort": AttrPath(None, "meta", "created"), "descending": True}
        return old(self, account, types, filter_, **options)

    old = defect.replace(Session, "query", query)
