"""Defects of and, or, not and parentheses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mock_samanage.scim import bind
from mock_samanage.scim.bound import BoundFilter, BoundNot
from mock_samanage.scim.filter import And, Filter, Not, Or
from mock_samanage.scim.parser import Parser
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Query
from tests.mutants.mutant import Defect, mutant
from tests.mutants.queries import term


@mutant(clauses=("7644-3.4.2.2-41",), trips={"filtering.and_binds_tighter_than_or"})
def and_binds_no_tighter_than_or(defect: Defect) -> None:
    """Conditions are joined from left to right, whether by and or by or."""

    def expression(self: Parser) -> Filter:
        tree = self._term()
        while (word := self.tokens[self.index].lower()) in {"and", "or"}:
            self.index += 1
            tree = (And if word == "and" else Or)((tree, self._term()))
        return tree

    defect.replace(Parser, "expression", expression)


@mutant(
    clauses=("7644-3.4.2.2-41",),
    trips={
        "filtering.de_morgan_holds",
        "filtering.generated_filters_find_exactly_the_matching_users",
        "filtering.not_inverts_a_group",
        "filtering.not_with_and_without_a_space",
        "listing.attributes_a_type_lacks_have_no_value",
    },
    only="not before and",
)
def not_inverts_all_that_and_joins(defect: Defect) -> None:
    """A not inverts its parentheses together with what an and joins to them."""

    def read(self: Parser, sound: Callable[[], Filter]) -> Filter:
        tree = sound()
        while isinstance(tree, Not) and self.tokens[self.index].lower() == "and":
            self.index += 1
            tree = Not(And((tree.term, self._term())))
        return tree

    term(defect, read)


def _without_parentheses(tree: Filter) -> Filter:
    """An and as it reads when the parentheses around an or inside it count for nothing."""
    if not isinstance(tree, And):
        return tree
    alternatives: list[Filter] = []
    current: list[Filter] = []
    for each in tree.terms:
        first, *others = each.terms if isinstance(each, Or) else (each,)
        current.append(first)
        for other in others:
            alternatives.append(_all_of(current))
            current = [other]
    return Or((*alternatives, _all_of(current))) if alternatives else tree


def _all_of(terms: Sequence[Filter]) -> Filter:
    return And(tuple(terms)) if len(terms) > 1 else terms[0]


@mutant(
    clauses=("7644-3.4.2.2-42",),
    trips={"filtering.a_filter_or_its_negation_finds_everyone", "filtering.parentheses_override"},
    only="parentheses inside parentheses",
)
def inner_parentheses_count_for_nothing(defect: Defect) -> None:
    """Parentheses around an or override nothing where they stand inside others."""

    def expression(self: Parser) -> Filter:
        tree: Filter = old(self)
        return _without_parentheses(tree) if self._depth else tree

    old = defect.replace(Parser, "expression", expression)


@mutant(
    clauses=("7644-3.4.2.2-38",),
    trips={
        "filtering.de_morgan_holds",
        "filtering.generated_filters_find_exactly_the_matching_users",
        "filtering.not_inverts_a_group",
        "filtering.null_is_a_literal",
    },
    only="not around ne and around not",
)
def a_negation_cannot_be_negated(defect: Defect) -> None:
    """A not around a ne, or around another not, does nothing."""

    def negation(tree: BoundFilter) -> BoundFilter:
        found: BoundFilter = tree if isinstance(tree, BoundNot) else old(tree)
        return found

    old = defect.replace(bind, "_negation", negation)


@mutant(
    clauses=("7644-3.4.2.1-08",),
    trips={
        "listing.attributes_a_type_lacks_have_no_value",
        "listing.the_root_covers_all_types",
        "listing.the_root_follows_the_rules_of_the_endpoints",
    },
    only="root queries",
)
def the_root_overlooks_the_second_alternative(defect: Defect) -> None:
    """A query over several types looks at the first condition of an or."""

    def first(tree: Filter) -> Filter:
        match tree:
            case Or(terms):
                return first(terms[0])
            case And(terms):
                return And(tuple(first(each) for each in terms))
            case Not(inner):
                return Not(first(inner))
        return tree

    def query(self: Directory, types: Sequence[str], asked: Query) -> Any:
        if len(types) > 1 and asked.filter is not None:
            asked = Query(first(asked.filter), asked.sort_by, asked.descending, asked.start_index, asked.count)
        return old(self, types, asked)

    old = defect.replace(Directory, "query", query)


@mutant(
    clauses=("7644-3.4.2.2-43",),
    trips={"filtering.a_filter_or_its_negation_finds_everyone", "filtering.chains_are_as_long_as_one_likes"},
    only="the third and later terms of or",
)
def or_has_two_sides(defect: Defect) -> None:
    """Of the conditions that or joins the first two count."""

    def expression(self: Parser) -> Filter:
        tree: Filter = old(self)
        return Or(tree.terms[:2]) if isinstance(tree, Or) else tree

    old = defect.replace(Parser, "expression", expression)
