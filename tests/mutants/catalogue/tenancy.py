"""Defects of accounts that share a server (group G24)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from mock_samanage.scim.errors import NotFound, Uniqueness
from mock_samanage.scim.syntax import AttrPath, Compare, Operator
from mock_samanage.store import Session
from mock_samanage.tenant.bulk import BulkJob
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Query
from mock_samanage.web import resources
from tests.mutants.mutant import Defect, mutant


def _others(directory: Directory) -> list[Directory]:
    """The directories of the other accounts of the server, as if the principal of this one might see them."""
    own = directory._account
    with directory._store.reading() as session:
        found = [account.pk for account in session.accounts() if account.pk != own.pk]
    return [_of(directory, pk) for pk in found]


def _of(directory: Directory, pk: int) -> Directory:
    ids = directory._kinds["User"].ids
    account = replace(directory._account, pk=pk)
    return Directory(directory._store, account, ids, directory._now, cursors=directory._cursors)


def _anywhere(old: Callable[..., Any], directory: Directory, *arguments: Any, **options: Any) -> Any:
    """What the method answers for the first account that has the resource, its own first."""
    for each in (directory, *_others(directory)):
        with suppress(NotFound):
            return old(each, *arguments, **options)
    return old(directory, *arguments, **options)


def _crossing(defect: Defect, method: str) -> None:
    old = getattr(Directory, method)
    defect.replace(Directory, method, lambda self, *rest, **options: _anywhere(old, self, *rest, **options))


@mutant(
    clauses=("7644-6.1-01",),
    trips={"tenancy.bulk_does_not_cross_tenants", "tenancy.tenants_see_and_touch_their_own_data_only"},
    only="PATCH",
)
def any_account_can_patch(defect: Defect) -> None:
    """A PATCH changes the resource of that id, whichever account it belongs to."""
    _crossing(defect, "patch")


@mutant(
    clauses=("7644-6.1-01",),
    trips={"tenancy.bulk_does_not_cross_tenants", "tenancy.tenants_see_and_touch_their_own_data_only"},
    only="PUT",
)
def any_account_can_replace(defect: Defect) -> None:
    """A PUT replaces the resource of that id, whichever account it belongs to."""
    _crossing(defect, "replace")


@mutant(
    clauses=("7644-6.1-01", "SAM-AUTH-44"),
    trips={"tenancy.bulk_does_not_cross_tenants", "tenancy.tenants_see_and_touch_their_own_data_only"},
    only="DELETE",
)
def any_account_can_delete(defect: Defect) -> None:
    """A DELETE removes the resource of that id, whichever account it belongs to."""
    _crossing(defect, "delete")


@mutant(
    clauses=("7644-6.1-01",),
    trips={"tenancy.bulk_does_not_cross_tenants", "tenancy.tenants_see_and_touch_their_own_data_only"},
    only="DELETE of what another account has",
)
def a_foreign_delete_is_confirmed(defect: Defect) -> None:
    """A DELETE of a resource of another account is answered 204, and removes nothing."""

    def delete(self: Directory, type_name: str, resource_id: str, *arguments: Any) -> None:
        try:
            old(self, type_name, resource_id, *arguments)
        except NotFound:
            for each in _others(self):
                with suppress(NotFound):
                    each.get(type_name, resource_id)
                    return
            raise

    old = defect.replace(Directory, "delete", delete)


def _queried(defect: Defect, wide: Callable[[tuple[str, ...], Query], bool]) -> None:
    """Answers some queries from every account."""

    def query(self: Directory, types: Any, asked: Query) -> Any:
        page = old(self, types, asked)
        if not wide(tuple(types), asked):
            return page
        more = [old(each, types, asked) for each in _others(self)]
        found = [entry for each in (page, *more) for entry in each.resources]
        return type(page)(sum(each.total for each in (page, *more)), page.start_index, found)

    old = defect.replace(Directory, "query", query)


@mutant(
    clauses=("7644-6.1-01", "7644-6.1-03"),
    trips={
        "auth_migration.a_token_opens_nothing_before_migration",
        "tenancy.no_query_or_reference_leads_to_another_tenant",
    },
    only="filters on userName",
)
def a_name_is_sought_everywhere(defect: Defect) -> None:
    """A filter on userName alone finds the users of every account."""

    def wide(_types: tuple[str, ...], asked: Query) -> bool:
        return isinstance(asked.filter, Compare) and asked.filter.path.name.lower() == "username"

    _queried(defect, wide)


@mutant(
    clauses=("7644-6.1-01", "7644-6.1-03"),
    trips={"tenancy.no_query_or_reference_leads_to_another_tenant"},
    only="groups",
)
def groups_of_all_accounts_are_listed(defect: Defect) -> None:
    """A list of groups holds those of every account."""
    _queried(defect, lambda types, _asked: types == ("Group",))


@mutant(
    clauses=("7644-6.1-01", "7644-6.1-03"),
    trips={
        "auth_migration.a_walk_survives_a_phase_change",
        "tenancy.no_query_or_reference_leads_to_another_tenant",
        "tenancy.tenants_see_and_touch_their_own_data_only",
    },
    only="lists of users without a filter",
)
def users_of_all_accounts_are_listed(defect: Defect) -> None:
    """A list of users without a filter holds those of every account."""
    _queried(defect, lambda types, asked: types == ("User",) and asked.filter is None)


@mutant(clauses=("7644-6.1-01",), trips={"tenancy.no_query_or_reference_leads_to_another_tenant"}, only="searches")
def a_search_knows_no_account(defect: Defect) -> None:
    """A search by POST finds the resources of every account."""
    searching: list[bool] = []

    def search(call: Any, types: Any, parameters: Any) -> Any:
        searching[:] = [call.environ["REQUEST_METHOD"] == "POST"]
        return old(call, types, parameters)

    old = defect.replace(resources, "_page", search)
    _queried(defect, lambda _types, _asked: bool(searching and searching[0]))


@mutant(clauses=("7644-6.2-02",), trips={"tenancy.names_and_external_ids_belong_to_the_tenant"}, only="externalId")
def an_external_id_belongs_to_the_server(defect: Defect) -> None:
    """A create whose externalId another account has is answered 409."""

    def create(self: Directory, type_name: str, body: Mapping[str, Any], **options: Any) -> Any:
        asked = Query(filter=Compare(AttrPath(None, "externalId"), Operator.EQ, str(body.get("externalId"))))
        if body.get("externalId") and any(each.query((type_name,), asked).total for each in _others(self)):
            raise Uniqueness(f"externalId {body['externalId']!r} is taken; it must be unique.")
        return old(self, type_name, body, **options)

    old = defect.replace(Directory, "create", create)


@mutant(
    clauses=("7643-7-34",),
    trips={"tenancy.names_and_external_ids_belong_to_the_tenant"},
    only="names that another account has",
)
def a_foreign_name_is_the_same_user(defect: Defect) -> None:
    """A create whose userName another account has is answered with the user of that account."""

    def create(self: Directory, type_name: str, body: Mapping[str, Any], **options: Any) -> Any:
        asked = Query(filter=Compare(AttrPath(None, "userName"), Operator.EQ, str(body.get("userName"))))
        for each in _others(self) if type_name == "User" else ():
            found = each.query((type_name,), asked)
            if found.resources:
                return found.resources[0]
        return old(self, type_name, body, **options)

    old = defect.replace(Directory, "create", create)


@mutant(
    clauses=("7643-7-34", "7644-6.1-01"),
    trips={"tenancy.names_and_external_ids_belong_to_the_tenant"},
    only="names that another account has",
)
def a_name_moves_to_the_last_account(defect: Defect) -> None:
    """A create takes the user of the same userName away from the other accounts."""

    def create(self: Directory, type_name: str, body: Mapping[str, Any], **options: Any) -> Any:
        asked = Query(filter=Compare(AttrPath(None, "userName"), Operator.EQ, str(body.get("userName"))))
        for each in _others(self) if type_name == "User" else ():
            for found in each.query((type_name,), asked).resources:
                each.delete(type_name, found.id)
        return old(self, type_name, body, **options)

    old = defect.replace(Directory, "create", create)


def _in_bulk(defect: Defect, method: str) -> None:
    """Lets the operations of a method in a bulk request reach every account."""

    def admitted(self: BulkJob, step: Any) -> Any:
        if step.operation.method != method.upper():
            return carried_out(self, step)
        sound = getattr(Directory, name)
        setattr(Directory, name, lambda own, *rest, **options: _anywhere(sound, own, *rest, **options))
        try:
            return carried_out(self, step)
        finally:
            setattr(Directory, name, sound)

    name = {"put": "replace"}.get(method, method)
    carried_out = defect.replace(BulkJob, "_carried_out", admitted)


@mutant(clauses=("7644-3.7-24",), trips={"tenancy.bulk_does_not_cross_tenants"}, only="DELETE in bulk requests")
def a_bulk_delete_reaches_every_account(defect: Defect) -> None:
    """A DELETE in a bulk request removes the resource of that id in any account."""
    _in_bulk(defect, "delete")


@mutant(clauses=("7644-3.7-24",), trips={"tenancy.bulk_does_not_cross_tenants"}, only="PATCH in bulk requests")
def a_bulk_patch_reaches_every_account(defect: Defect) -> None:
    """A PATCH in a bulk request changes the resource of that id in any account."""
    _in_bulk(defect, "patch")


@mutant(clauses=("7644-3.7-24",), trips={"tenancy.bulk_does_not_cross_tenants"}, only="PUT in bulk requests")
def a_bulk_put_reaches_every_account(defect: Defect) -> None:
    """A PUT in a bulk request replaces the resource of that id in any account."""
    _in_bulk(defect, "put")


@mutant(
    clauses=("7644-6.1-01",), trips={"tenancy.no_query_or_reference_leads_to_another_tenant"}, only="members of groups"
)
def a_member_may_be_of_another_account(defect: Defect) -> None:
    """A group takes users of other accounts as members, and shows their names."""

    def found(self: Session, group: Any, ids: Any) -> Any:
        for each in ids:
            own = next(iter(old(self, group, [each])), None)
            if own is not None:
                yield own
                continue
            for account in self.accounts():
                foreign = self.get(account.pk, None, each)
                if foreign is not None:
                    yield next(iter(old(self, replace(group, account=account.pk), [each])))

    old = defect.replace(Session, "_found", found)


@mutant(
    clauses=("7644-6.1-01", "7644-6.1-03"),
    trips={"tenancy.no_query_or_reference_leads_to_another_tenant"},
    only="users of accounts but the first",
)
def a_later_account_is_part_of_the_first(defect: Defect) -> None:
    """The first account reads the users of every other account by id."""

    def get(self: Directory, type_name: str, resource_id: str, **options: Any) -> Any:
        with self._store.reading() as session:
            first = session.default_account()
        if first is None or first.pk != self._account.pk or type_name != "User":
            return old(self, type_name, resource_id, **options)
        return _anywhere(old, self, type_name, resource_id, **options)

    old = defect.replace(Directory, "get", get)
