"""Defects of brackets and of attributes with several values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import FromClause

from mock_samanage.scim import bind
from mock_samanage.scim.bind import _Binder, _ElementBinder
from mock_samanage.scim.bound import (
    NOTHING,
    BoundAnd,
    BoundCompare,
    BoundFilter,
    BoundOr,
    BoundPresent,
    BoundValuePath,
)
from mock_samanage.scim.errors import InvalidFilter
from mock_samanage.scim.filter import Filter
from mock_samanage.scim.parser import Parser
from mock_samanage.scim.schema import Resolved
from mock_samanage.scim.syntax import AttrPath, ValuePath
from mock_samanage.store import scopes
from mock_samanage.store.elements import Elements
from mock_samanage.store.indexing import Indexed, Rows
from tests.mutants.mutant import Defect, mutant
from tests.mutants.queries import rebound


@mutant(
    clauses=("7644-3.4.2.2-30",),
    trips={
        "filtering.a_sub_attribute_behind_brackets",
        "filtering.brackets_bind_conditions_to_one_value",
        "matching.entra_matches_the_work_address",
        "matching.the_value_path_keeps_to_its_type",
    },
)
def each_condition_finds_its_own_element(defect: Defect) -> None:
    """The conditions in a bracket may be met by different elements."""

    def change(node: BoundFilter) -> BoundFilter:
        match node:
            case BoundValuePath(_, BoundAnd(terms)):
                return BoundAnd(tuple(replace(node, filter=each) for each in terms))
        return node

    rebound(defect, change)


@mutant(
    clauses=("SAM-MATCH-05", "ENTRA-1.2-04"),
    trips={
        "filtering.a_sub_attribute_behind_brackets",
        "matching.entra_matches_the_work_address",
        "matching.the_value_path_keeps_to_its_type",
    },
    only="a sub-attribute behind the bracket",
)
def the_form_of_entra_overlooks_the_bracket(defect: Defect) -> None:
    """`emails[type eq "work"].value eq "x"` is read as `emails.value eq "x"`."""

    def value_path(self: Parser, path: AttrPath) -> Filter:
        inner, name = self.bracket(path)
        return ValuePath(path, inner) if name is None else self._condition(replace(path, sub=name))

    defect.replace(Parser, "_value_path", value_path)


@mutant(
    clauses=("7644-3.4.2.2-30",),
    trips={
        "filtering.a_sub_attribute_behind_brackets",
        "filtering.attribute_names_in_any_case",
        "filtering.brackets_bind_conditions_to_one_value",
        "filtering.brackets_combine",
        "filtering.sub_attributes_with_their_urn",
        "filtering.value_filters_are_understood",
        "matching.the_value_path_keeps_to_its_type",
    },
    only="the second and later elements",
    effort="standard",
)
def a_bracket_looks_at_the_first_element(defect: Defect) -> None:
    """A bracket looks at the first element, which is the primary one if there is one."""

    class First(Elements):
        """The first elements of an attribute."""

        def __init__(self, type_name: str, resolved: Resolved, numbers: Any, owner: Any) -> None:
            def first(row: FromClause) -> Any:
                return owner(row) & (row.c.element == 0)

            super().__init__(type_name, resolved, numbers, first)

    defect.replace(scopes, "Elements", First)


@mutant(
    clauses=("7644-3.4.2.2-30",),
    trips={"filtering.brackets_bind_conditions_to_one_value"},
    only="`primary` in a bracket",
    effort="standard",
)
def a_bracket_overlooks_primary(defect: Defect) -> None:
    """A condition on `primary` beside others in a bracket counts for nothing."""

    def change(node: BoundFilter) -> BoundFilter:
        match node:
            case BoundValuePath(_, BoundAnd(terms)):
                kept = [each for each in terms if not getattr(each, "path", "").endswith(".primary")]
                if kept:
                    return replace(node, filter=BoundAnd(tuple(kept)) if len(kept) > 1 else kept[0])
        return node

    rebound(defect, change)


@mutant(
    clauses=("7644-3.4.2.2-29",),
    trips={
        "filtering.a_sub_attribute_behind_brackets",
        "filtering.brackets_bind_conditions_to_one_value",
        "filtering.conditions_without_brackets_are_independent",
        "filtering.logic_works_in_brackets",
        "matching.addresses_are_admitted_in_every_spelling",
        "matching.entra_matches_the_work_address",
        "matching.the_value_path_keeps_to_its_type",
        "matching.two_spellings_of_the_work_address",
        "roles.users_are_found_by_their_role",
    },
    only="conditions joined by and",
)
def conditions_without_brackets_share_an_element(defect: Defect) -> None:
    """Conditions on one list of complex values must be met by one element, without brackets too."""

    def change(node: BoundFilter) -> BoundFilter:
        if not isinstance(node, BoundAnd):
            return node
        alike = [each for each in node.terms if isinstance(each, BoundCompare | BoundPresent) and _is_of_element(each)]
        owners = {each.resolved.attribute.name: each.resolved for each in alike}
        found: list[BoundFilter] = [each for each in node.terms if each not in alike]
        for name, resolved in owners.items():
            own = tuple(each for each in alike if each.resolved.attribute.name == name)
            inner = BoundAnd(own) if len(own) > 1 else own[0]
            found.append(BoundValuePath(name, inner, Resolved(resolved.attribute)))
        return BoundAnd(tuple(found)) if len(found) > 1 else found[0]

    rebound(defect, change)


def _is_of_element(term: BoundCompare | BoundPresent) -> bool:
    resolved = term.resolved
    return resolved.sub is not None and resolved.attribute.multi_valued and resolved.extension is None


@mutant(clauses=("7644-3.4.2.2-35",), trips={"filtering.brackets_on_a_single_value"}, only="attributes with one value")
def brackets_on_a_single_value_find_nothing(defect: Defect) -> None:
    """A bracket on a complex attribute with one value finds nobody."""

    def change(node: BoundFilter) -> BoundFilter:
        single = isinstance(node, BoundValuePath) and not node.resolved.attribute.multi_valued
        return NOTHING if single else node

    rebound(defect, change)


@mutant(
    clauses=("7644-3.4.2.2-31",),
    trips={"filtering.names_in_brackets_are_sub_attributes"},
    only="names that are no sub-attributes",
)
def a_bracket_knows_the_attributes_of_the_user(defect: Defect) -> None:
    """A name in a bracket that is no sub-attribute is looked up outside of it."""

    def value_path(self: _Binder, tree: ValuePath) -> BoundFilter:
        try:
            found: BoundFilter = old(self, tree)
        except InvalidFilter:
            return self.bind(tree.filter)
        return found

    old = defect.replace(_Binder, "_value_path", value_path)


@mutant(
    clauses=("7644-3.4.2.2-33",),
    trips={"filtering.brackets_do_not_nest", "filtering.open_forms_do_no_harm"},
    only="the attribute before the bracket",
)
def brackets_nest(defect: Defect) -> None:
    """A bracket may hold another one on the same attribute."""

    def predicate(self: Parser) -> Filter:
        path = AttrPath(None, self.tokens[self.index])
        if not self._inside or self.tokens[self.index + 1] != "[":
            found: Filter = old(self)
            return found
        self.index += 1
        self._enter()
        inner = self.expression()
        self._leave()
        return ValuePath(path, inner)

    def value_path(self: _ElementBinder, tree: ValuePath) -> BoundFilter:
        return self.bind(tree.filter)

    old = defect.replace(Parser, "_predicate", predicate)
    defect.replace(_ElementBinder, "_value_path", value_path)


@mutant(
    clauses=("7644-3.4.2.2-28",), trips={"filtering.a_bare_list_means_its_value"}, only="lists without a sub-attribute"
)
def a_bare_list_means_what_it_displays(defect: Defect) -> None:
    """A list of complex values that is compared by its bare name means `display`."""

    def with_value(resolved: Resolved) -> Resolved:
        display = resolved.attribute.sub("display")
        if resolved.sub is None and resolved.attribute.multi_valued and display is not None:
            return Resolved(resolved.attribute, display, resolved.extension)
        found: Resolved = old(resolved)
        return found

    old = defect.replace(bind, "_with_value", with_value)


@mutant(
    clauses=("7644-3.4.2.2-34",),
    trips={"filtering.brackets_combine"},
    only="two brackets joined by or",
    effort="standard",
)
def the_later_bracket_wins(defect: Defect) -> None:
    """Of the brackets that or joins the last counts."""

    def change(node: BoundFilter) -> BoundFilter:
        if not isinstance(node, BoundOr):
            return node
        brackets = [each for each in node.terms if isinstance(each, BoundValuePath)]
        kept = tuple(each for each in node.terms if each not in brackets[:-1])
        return BoundOr(kept) if len(kept) > 1 else kept[0]

    rebound(defect, change)


@mutant(
    clauses=("7644-3.4.2.2-27",),
    trips={
        "filtering.a_sub_attribute_behind_brackets",
        "filtering.any_of_several_values_matches",
        "filtering.attribute_names_in_any_case",
        "filtering.brackets_bind_conditions_to_one_value",
        "filtering.brackets_combine",
        "filtering.conditions_without_brackets_are_independent",
        "filtering.generated_filters_find_exactly_the_matching_users",
        "filtering.ne_finds_other_values",
        "filtering.not_inverts_a_group",
        "filtering.sub_attributes_with_their_urn",
        "filtering.value_filters_are_understood",
        "matching.the_value_path_keeps_to_its_type",
    },
    only="the second and later e-mails",
    effort="standard",
)
def only_the_first_e_mail_is_found(defect: Defect) -> None:
    """The index holds the first e-mail of a user, which is the primary one if there is one."""

    def add(self: Rows, rid: int, entry: Indexed, element: int, found: Any) -> None:
        if element == 0 or not entry.path.startswith("emails."):
            old(self, rid, entry, element, found)

    old = defect.replace(Rows, "add", add)
