"""Defects of the filterable set: the attributes a filter of an account may name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from mock_samanage.scim import bind
from mock_samanage.scim.bound import NOTHING, BoundFilter
from mock_samanage.scim.errors import InvalidFilter
from mock_samanage.scim.filter import Filter, Or, Present
from mock_samanage.scim.schema import Returned
from mock_samanage.scim.syntax import AttrPath
from mock_samanage.store import Record, Session
from mock_samanage.tenant import matching, reading
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.matching import _Rule
from mock_samanage.tenant.resource import Query
from mock_samanage.tenant.users import Users
from mock_samanage.web import resources
from mock_samanage.web.call import Call
from tests.mutants.mutant import Defect, mutant
from tests.mutants.queries import names, reread

Document = dict[str, Any]


@mutant(clauses=("SAM-MATCH-14",), trips={"matching.every_attribute_is_filterable"}, only="nickName")
def a_nick_name_is_not_filterable(defect: Defect) -> None:
    """A filter on nickName is refused in every account."""

    def change(tree: Filter) -> Filter:
        if "nickname" in names(tree):
            raise InvalidFilter("The attribute nickName cannot be used in a filter.")
        return tree

    reread(defect, change)


@mutant(clauses=("SAM-MATCH-15",), trips={"matching.passwords_never_match"}, only="pr")
def a_password_is_present_for_nobody(defect: Defect) -> None:
    """A filter `password pr` finds nobody instead of being refused."""

    def present(self: Any, path: AttrPath) -> BoundFilter:
        resolved = self._resolved(path)
        if resolved is not None and resolved.target.returned is Returned.NEVER:
            return NOTHING
        found: BoundFilter = old(self, path)
        return found

    old = defect.replace(bind._Binder, "_present", present)


@mutant(
    clauses=("SAM-MATCH-16",),
    trips={
        "matching.attributes_outside_the_set_are_refused",
        "matching.the_set_holds_at_the_root",
        "matching.the_set_holds_in_searches",
        "matching.the_set_holds_wherever_a_filter_stands",
    },
    only="pr",
)
def the_set_does_not_know_pr(defect: Defect) -> None:
    """A filter with pr on an attribute outside the set finds everyone."""

    def refused(self: _Rule, tree: Filter, bracket: AttrPath | None) -> Iterator[str]:
        found: Iterator[str] = iter(()) if isinstance(tree, Present) else old(self, tree, bracket)
        return found

    old = defect.replace(_Rule, "refused", refused)


@mutant(
    clauses=("SAM-MATCH-17",),
    trips={"matching.the_set_holds_wherever_a_filter_stands"},
    only="the second and later terms of or",
)
def the_set_binds_the_first_alternative(defect: Defect) -> None:
    """Of conditions that or joins the first must be in the filterable set."""

    def refused(self: _Rule, tree: Filter, bracket: AttrPath | None) -> Iterator[str]:
        found: Iterator[str] = old(self, tree.terms[0] if isinstance(tree, Or) else tree, bracket)
        return found

    old = defect.replace(_Rule, "refused", refused)


@mutant(clauses=("SAM-MATCH-18",), trips={"matching.the_set_holds_in_searches"}, only="search bodies")
def the_set_does_not_bind_searches(defect: Defect) -> None:
    """A search body may filter by any attribute."""

    def search(call: Call, type_name: str) -> Any:
        account = call.directory._account
        call.directory._account = replace(account, settings=replace(account.settings, filterable=None))
        return old(call, type_name)

    old = defect.replace(resources, "search_one", search)


@mutant(clauses=("SAM-MATCH-19",), trips={"matching.the_set_holds_at_the_root"}, only="root queries")
def the_set_does_not_bind_the_root(defect: Defect) -> None:
    """A query over several types may filter by any attribute."""

    def admit(tree: Filter, admitted: Sequence[str] | None, types: Sequence[Any]) -> None:
        old(tree, admitted if len(types) == 1 else None, types)

    old = defect.replace(reading, "admit", admit)


@mutant(clauses=("SAM-MATCH-20",), trips={"matching.common_attributes_are_always_filterable"}, only="meta")
def meta_must_be_in_the_set(defect: Defect) -> None:
    """A filter on `meta` is refused where the filterable set does not name it."""
    defect.replace(matching, "ALWAYS_ADMITTED", ("id", "schemas"))


@mutant(
    clauses=("SAM-MATCH-22",),
    trips={"matching.addresses_are_admitted_in_every_spelling"},
    only="e-mails without a sub-attribute",
)
def a_bare_list_is_not_in_the_set(defect: Defect) -> None:
    """Where `emails.value` is filterable, `emails eq` is refused."""

    def outside(self: _Rule, path: AttrPath, bracket: AttrPath | None) -> Iterator[str]:
        if bracket is None and path.name.lower() == "emails" and not path.sub and "emails" not in self.admitted:
            return iter(("emails",))
        found: Iterator[str] = old(self, path, bracket)
        return found

    old = defect.replace(_Rule, "_outside", outside)


@mutant(
    clauses=("SAM-MATCH-23",),
    trips={
        "errors.no_hostile_request_breaks_the_server",
        "matching.the_set_does_not_bind_patches",
        "patch.what_is_no_patch_message_is_refused",
    },
    only="value paths",
)
def the_set_binds_patches(defect: Defect) -> None:
    """A PATCH path with a bracket on an attribute outside the filterable set is refused."""

    def patch(self: Users, session: Session, record: Record, body: dict[str, Any]) -> Record:
        admitted = self.account.settings.filterable
        for operation in body.get("Operations", []):
            name = str(operation.get("path", "")).partition("[")
            if admitted is not None and name[1] and not any(each.startswith(name[0]) for each in admitted):
                raise InvalidFilter(f"The attribute {name[0]} cannot be used in a filter of this account.")
        found: Record = old(self, session, record, body)
        return found

    old = defect.replace(Users, "patch", patch)


@mutant(
    clauses=("SAM-MATCH-24",),
    trips={"matching.a_change_of_the_set_applies_at_once"},
    only="changes of the set after its first use",
)
def the_first_set_stays(defect: Defect) -> None:
    """The filterable set of an account is read when it is first needed."""
    first: dict[int, tuple[str, ...] | None] = {}

    def query(self: Directory, types: Sequence[str], asked: Query) -> Any:
        account = self._account
        if asked.filter is not None:
            filterable = first.setdefault(account.pk, account.settings.filterable)
            self._account = replace(account, settings=replace(account.settings, filterable=filterable))
        return old(self, types, asked)

    old = defect.replace(Directory, "query", query)


@mutant(clauses=("SAM-MATCH-25",), trips={"matching.the_refusal_names_the_attribute"})
def the_refusal_names_nothing(defect: Defect) -> None:
    """The refusal of an attribute outside the set does not say which it was."""

    def admit(*arguments: Any) -> None:
        try:
            old(*arguments)
        except InvalidFilter:
            raise InvalidFilter("The filter cannot be used in this account.") from None

    old = defect.replace(reading, "admit", admit)


@mutant(
    clauses=("SAM-MATCH-21",),
    trips={"matching.complex_attributes_bring_their_parts"},
    only="sub-attributes of single values",
)
def a_complex_attribute_brings_nothing(defect: Defect) -> None:
    """Where `name` is filterable, its sub-attributes are refused."""

    def outside(self: _Rule, path: AttrPath, bracket: AttrPath | None) -> Iterator[str]:
        if path.sub and f"{path.name}.{path.sub}" not in self.admitted and path.name == "name":
            return iter((str(path),))
        found: Iterator[str] = old(self, path, bracket)
        return found

    old = defect.replace(_Rule, "_outside", outside)
