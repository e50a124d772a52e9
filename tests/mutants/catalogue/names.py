"""Defects of attribute names: case, URNs, qualified names, names nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mock_samanage.scim.bind import _Binder
from mock_samanage.scim.bound import EVERYTHING, NOTHING, BoundFilter
from mock_samanage.scim.errors import InvalidFilter
from mock_samanage.scim.filter import Filter
from mock_samanage.scim.schema import Resolved, ResourceType
from mock_samanage.scim.syntax import AttrPath, Compare
from mock_samanage.store import querying
from tests.mutants.mutant import Defect, mutant

Find = Callable[[AttrPath], Resolved | None]


def _resolved(defect: Defect, find: Callable[[AttrPath, Find], Resolved | None]) -> None:
    """Looks up the names of a filter otherwise: `find` gets the path and the sound way."""
    old: Callable[[_Binder, AttrPath], Resolved | None] = _Binder._resolved
    defect.replace(_Binder, "_resolved", lambda self, path: find(path, lambda other: old(self, other)))


@mutant(
    clauses=("7644-3.4.2.2-05",),
    trips={"filtering.attribute_names_in_any_case", "filtering.generated_filters_find_exactly_the_matching_users"},
    only="sub-attributes",
    effort="standard",
)
def sub_attributes_have_a_case(defect: Defect) -> None:
    """The name of a sub-attribute is refused in another case than the schema's."""

    def find(path: AttrPath, sound: Find) -> Resolved | None:
        found = sound(path)
        if found and path.sub and found.sub and found.sub.name != path.sub:
            raise InvalidFilter(f"There is no attribute {path}.")
        return found

    _resolved(defect, find)


@mutant(
    clauses=("7644-3.10-05",),
    trips={"filtering.generated_filters_find_exactly_the_matching_users", "filtering.sub_attributes_with_their_urn"},
    only="sub-attributes of the core schema",
)
def a_qualified_sub_attribute_finds_nobody(defect: Defect) -> None:
    """A comparison of a sub-attribute that is named with the URN of the core schema finds nobody."""

    def compare(self: _Binder, tree: Compare) -> BoundFilter:
        found: BoundFilter = old(self, tree)
        resolved = self._resolve(tree.path)
        return NOTHING if tree.path.uri and tree.path.sub and resolved and not resolved.extension else found

    old = defect.replace(_Binder, "_compare", compare)


@mutant(clauses=("7644-3.10-07",), trips={"filtering.urns_of_other_types"}, only="URNs of other resource types")
def any_urn_will_do(defect: Defect) -> None:
    """A qualified name whose URN is another type's means the attribute of that name."""

    def resolve(self: ResourceType, path: AttrPath) -> Resolved | None:
        found: Resolved | None = old(self, path)
        return found or (old(self, AttrPath(None, path.name, path.sub)) if path.uri else None)

    old = defect.replace(ResourceType, "resolve", resolve)


@mutant(
    clauses=("7644-3.10-06", "ENTRA-1.6-01"),
    trips={"filtering.extension_attributes_with_their_urn", "matching.every_attribute_is_filterable"},
    only="manager",
)
def the_manager_is_found_under_its_short_name(defect: Defect) -> None:
    """A filter on manager.value with the URN of its extension is refused; the short name works."""

    def find(path: AttrPath, sound: Find) -> Resolved | None:
        if path.uri and path.name.lower() == "manager":
            raise InvalidFilter(f"There is no attribute {path}.")
        return sound(path)

    _resolved(defect, find)


@mutant(
    clauses=("7644-3.4.2.1-07",),
    trips={"filtering.names_in_brackets_are_sub_attributes", "filtering.unknown_attributes_have_no_value"},
)
def an_unknown_attribute_matches_everyone(defect: Defect) -> None:
    """A condition on an attribute the type does not have counts for nothing."""

    def compare(self: _Binder, tree: Compare) -> BoundFilter:
        try:
            found: BoundFilter = old(self, tree)
        except InvalidFilter:
            if self._resolve(tree.path) is None:
                return EVERYTHING
            raise
        return found

    old = defect.replace(_Binder, "_compare", compare)


@mutant(clauses=("7644-3.4.2.1-04",), trips={"listing.attributes_a_type_lacks_have_no_value"}, only="root queries")
def every_type_must_have_the_attribute(defect: Defect) -> None:
    """A query over several types refuses an attribute that one of them lacks."""

    def bind(tree: Filter, kind: ResourceType, **options: Any) -> Any:
        return old(tree, kind, **{**options, "unknown": "refuse"})

    old = defect.replace(querying, "bind", bind)
