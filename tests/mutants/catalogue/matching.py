"""Defects of finding the one user or group a connector looks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import func

from mock_samanage.scim.bound import BoundCompare
from mock_samanage.scim.evaluate import matches
from mock_samanage.scim.filter import And, Compare, Filter, Present
from mock_samanage.scim.syntax import AttrPath, Operator
from mock_samanage.store import Record, Session, elements
from mock_samanage.store.indexing import Indexed, Indexer, Rows
from mock_samanage.store.model import Page
from mock_samanage.store.predicates import param
from mock_samanage.store.resources import Resources
from mock_samanage.store.shape import SHORT
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Query, Resource, ResourcePage
from mock_samanage.tenant.users import Users
from tests.mutants.mutant import Defect, mutant
from tests.mutants.queries import Finds, names, paged, reread

Document = dict[str, Any]


@mutant(
    clauses=("SAM-MATCH-02",),
    trips={
        "matching.a_shared_value_finds_all",
        "matching.two_spellings_of_the_work_address",
        "provisioning.two_matches_are_told_and_left_alone",
        "state_machine.users_live_as_the_model_says",
        "unicode.sorting_ignores_the_case_of_any_letter",
    },
    only="eq on what several users may share",
)
def a_shared_value_finds_the_first(defect: Defect) -> None:
    """An eq on an attribute that is not unique finds the oldest user at most."""

    def find(sound: Finds, start: int, count: int) -> Page:
        page = sound(start=1, count=min(count, 1))
        return Page(min(page.total, 1), page.records if start == 1 else [])

    def unless(*arguments: Any, **_: Any) -> bool:
        tree = arguments[2]
        unique = {"username", "id", "externalid", "active", "schemas"}
        return not isinstance(tree, Compare) or tree.op is not Operator.EQ or tree.path.name.lower() in unique

    paged(defect, find, unless)


def _indexed(defect: Defect, stale: Callable[[Record, Document], Document]) -> None:
    """After a change, indexes another document: `stale` gets the resource before, and its new document."""
    changing: list[Document] = []

    def update(self: Session, record: Record, document: Document, *, now: int) -> Record:
        changing[:] = [stale(record, document)]
        try:
            found: Record = old_update(self, record, document, now=now)
        finally:
            changing.clear()
        return found

    def collect(self: Indexer, rows: Rows, rid: int, document: Document) -> None:
        old_collect(self, rows, rid, changing[0] if changing else document)

    old_update = defect.replace(Resources, "update", update)
    old_collect = defect.replace(Indexer, "collect", collect)


@mutant(
    clauses=("SAM-MATCH-07",),
    trips={
        "matching.a_patched_user_matches_by_the_new_values",
        "matching.a_replaced_user_matches_by_the_new_values",
    },
    only="externalId",
)
def an_old_external_id_still_finds(defect: Defect) -> None:
    """A user whose externalId was changed is found under the old one too."""

    def stale(record: Record, document: Document) -> Document:
        both = [document.get("externalId"), record.document.get("externalId")]
        return {**document, "externalId": [value for value in dict.fromkeys(both) if value]}

    _indexed(defect, stale)


@mutant(
    clauses=("SAM-MATCH-13",),
    trips={
        "matching.groups_match_by_name",
        "provisioning.a_group_is_renamed",
    },
    only="groups",
)
def a_group_keeps_the_name_it_was_made_with(defect: Defect) -> None:
    """A group that was renamed is found under its former name."""

    def stale(before: Record, new: Document) -> Document:
        return {**new, "displayName": before.document["displayName"]} if before.type == "Group" else new

    _indexed(defect, stale)


@mutant(clauses=("SAM-MATCH-08",), trips={"matching.a_deleted_user_matches_nothing"}, only="filters on e-mails")
def a_deleted_user_is_found_by_its_address(defect: Defect) -> None:
    """A user who was deleted is still found by a filter on e-mails."""
    gone: list[tuple[int, Resource]] = []

    def delete(self: Directory, type_name: str, resource_id: str, *arguments: Any) -> None:
        last = self.get(type_name, resource_id)
        old_delete(self, type_name, resource_id, *arguments)
        gone.append((self._account.pk, last))

    def query(self: Directory, types: Sequence[str], asked: Query) -> Any:
        page: ResourcePage = old_query(self, types, asked)
        tree = asked.filter
        if tree is None or "emails" not in names(tree) or "User" not in types:
            return page
        ghosts = [each for pk, each in gone if pk == self._account.pk and each.type == "User"]
        kind = self.resource_type("User")
        found = [each for each in ghosts if matches(tree, {**each.document, "id": each.id}, kind)]
        return ResourcePage(page.total + len(found), page.start_index, [*page.resources, *found])

    old_delete = defect.replace(Directory, "delete", delete)
    old_query = defect.replace(Directory, "query", query)


@mutant(
    clauses=("SAM-MATCH-09", "ENTRA-1.1-04"),
    trips={
        "filtering.a_filter_or_its_negation_finds_everyone",
        "matching.a_disabled_user_still_matches",
        "matching.entra_finds_disabled_users",
        "matching.entra_finds_users_by_external_id",
        "representation.common_attributes_exist_on_every_resource",
    },
    only="filters on externalId",
)
def a_disabled_user_has_no_external_id(defect: Defect) -> None:
    """A filter on externalId finds active users only."""
    active = Compare(AttrPath(None, "active"), Operator.EQ, True)
    reread(defect, lambda tree: And((tree, active)) if "externalid" in names(tree) else tree)


@mutant(clauses=("SAM-MATCH-11",), trips={"matching.matching_follows_the_case_rules"}, only="externalId")
def an_external_id_has_no_case(defect: Defect) -> None:
    """An eq on externalId ignores case."""

    def on_value(row: Any, leaf: BoundCompare, operand: str, number: int) -> Any:
        if leaf.path != "externalId" or leaf.op is not Operator.EQ:
            return old(row, leaf, operand, number)
        return func.lower(row.c.prefix) == func.lower(param("k", number))

    old = defect.replace(elements, "on_value", on_value)


@mutant(
    clauses=("SAM-MATCH-12",),
    trips={
        "matching.entra_finds_users_in_capitals",
        "matching.no_near_value_matches",
    },
    only="% and _ in the operand of eq",
)
def equality_is_a_like(defect: Defect) -> None:
    """An eq that ignores case is a LIKE, so that % and _ in the operand stand for other text."""

    def on_value(row: Any, leaf: BoundCompare, operand: str, number: int) -> Any:
        if leaf.op is not Operator.EQ or leaf.resolved.target.case_exact or operand != SHORT:
            return old(row, leaf, operand, number)
        return row.c.prefix.like(param("k", number))

    old = defect.replace(elements, "on_value", on_value)


@mutant(
    clauses=("7644-3.4.2.2-37", "7644-3.4.2.2-43"),
    trips={
        "filtering.chains_are_as_long_as_one_likes",
        "filtering.generated_filters_find_exactly_the_matching_users",
        "filtering.or_needs_one_side",
    },
    only="phoneNumbers",
)
def telephone_numbers_are_not_indexed(defect: Defect) -> None:
    """A filter on phoneNumbers finds nobody."""

    def add(self: Rows, rid: int, entry: Indexed, element: int, found: Any) -> None:
        if not entry.path.startswith("phoneNumbers."):
            old(self, rid, entry, element, found)

    old = defect.replace(Rows, "add", add)


@mutant(
    clauses=("SAM-MATCH-06", "SAM-MATCH-07"),
    trips={
        "errors.a_taken_name_is_a_uniqueness_error_on_update",
        "matching.a_replaced_user_matches_by_the_new_values",
        "replace.a_replace_by_a_taken_name_is_refused",
        "unicode.a_user_name_is_prepared_before_it_is_compared",
        "users.a_user_name_is_given_once",
    },
    only="changes by PUT",
)
def a_replaced_user_is_not_indexed(defect: Defect) -> None:
    """After a PUT filters go on with the values of before."""
    replacing: list[bool] = []

    def put(self: Users, session: Session, record: Record, document: Document) -> Record:
        replacing.append(True)
        try:
            found: Record = old(self, session, record, document)
        finally:
            replacing.pop()
        return found

    old = defect.replace(Users, "replace", put)
    _indexed(defect, lambda before, new: before.document if replacing else new)


@mutant(
    clauses=("ENTRA-1.4-01",),
    trips={
        "dialects.okta_finds_nobody",
        "discovery.filter_support_is_as_told",
        "listing.no_match_is_success",
        "matching.entra_never_gets_404_for_no_hit",
        "matching.the_connection_test_for_users",
        "provisioning.a_group_is_provisioned_on_demand",
        "provisioning.a_migration_in_mid_cycle_loses_nobody",
        "provisioning.a_user_is_provisioned_on_demand",
        "provisioning.an_expired_token_stops_the_job_until_a_new_one",
    },
    only="a userName without @",
)
def what_is_no_address_is_not_sought(defect: Defect) -> None:
    """A filter `userName eq` with a text that is no e-mail address finds everyone."""

    def change(tree: Filter) -> Filter:
        if isinstance(tree, Compare) and tree.path.name.lower() == "username" and "@" not in str(tree.value):
            return Present(tree.path)
        return tree

    reread(defect, change)


@mutant(clauses=("ENTRA-8.1-02",), trips={"matching.entra_finds_groups_in_capitals"}, only="displayName of groups")
def the_name_of_a_group_has_a_case(defect: Defect) -> None:
    """An eq on the displayName of groups finds the name in exactly the same letters."""

    def find(sound: Finds, _start: int, _count: int) -> Page:
        page = sound()
        exact = [each for each in page.records if each.document["displayName"] == sought[-1]]
        return Page(page.total - len(page.records) + len(exact), exact)

    def unless(_account: int, kinds: Any, tree: Filter | None = None, **_: Any) -> bool:
        named = isinstance(tree, Compare) and tree.op is Operator.EQ and tree.path.name.lower() == "displayname"
        if named:
            sought.append(tree.value)  # type: ignore[union-attr]  # named says that it is one
        return not named or [kind.name for kind in kinds] != ["Group"]

    sought: list[Any] = []
    paged(defect, find, unless)
