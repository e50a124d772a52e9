"""Defects of single conditions: the names, the literals and the values that a filter compares."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import and_

from mock_samanage.scim import lexer
from mock_samanage.scim.bind import _Binder
from mock_samanage.scim.bound import BoundCompare, BoundFilter, BoundOr, BoundPresent
from mock_samanage.scim.errors import InvalidFilter
from mock_samanage.scim.filter import Compare, Filter
from mock_samanage.scim.operations import Operation
from mock_samanage.scim.parser import Parser
from mock_samanage.scim.path import parse_patch_path
from mock_samanage.scim.schema import AttributeType, Resolved, Returned
from mock_samanage.scim.syntax import AttrPath, Literal, Operator
from mock_samanage.store import elements
from mock_samanage.store.predicates import param, whole_key
from mock_samanage.store.shape import EDGE, SHORT
from tests.mutants.mutant import Defect, mutant
from tests.mutants.patches import operations
from tests.mutants.queries import compared

_SUBSTRING = (Operator.CO, Operator.SW, Operator.EW)


def _side_by_side(tokens: Iterable[str]) -> set[str]:
    """The words outside of parentheses and brackets."""
    depth, found = 0, set()
    for token in tokens:
        depth += (token[-1:] in {"(", "["}) - (token[:1] in {")", "]"})
        if depth == 0:
            found.add(token.lower())
    return found


@mutant(
    clauses=("7644-3.12-16",),
    trips={
        "filtering.and_binds_tighter_than_or",
        "filtering.chains_are_as_long_as_one_likes",
        "filtering.connected_conditions_are_understood",
        "filtering.connectives_in_any_case",
        "filtering.generated_filters_find_exactly_the_matching_users",
        "listing.the_root_follows_the_rules_of_the_endpoints",
    },
    only="and beside or",
    effort="standard",
)
def and_and_or_are_not_mixed(defect: Defect) -> None:
    """A filter with and beside or is refused unless parentheses say what belongs together."""

    def expression(self: Parser) -> Filter:
        start = self.index
        tree: Filter = old(self)
        if {"and", "or"} <= _side_by_side(self.tokens[start : self.index]):
            raise InvalidFilter("Parentheses must say what and joins and what or joins.")
        return tree

    old = defect.replace(Parser, "expression", expression)


@mutant(
    clauses=("7644-3.10-04", "7644-3.12-16"),
    trips={
        "filtering.core_attributes_with_their_urn",
        "filtering.generated_filters_find_exactly_the_matching_users",
        "filtering.qualified_names_are_understood",
        "filtering.sub_attributes_with_their_urn",
        "representation.qualified_names_are_read_in_any_case",
    },
    only="the URN of the core schema",
)
def only_extensions_are_qualified(defect: Defect) -> None:
    """In a filter the URN of an extension is understood, that of the core schema is not."""

    def resolved(self: _Binder, path: AttrPath) -> Resolved | None:
        if path.uri and ":core:" in path.uri.lower():
            raise InvalidFilter(f"{path} is no attribute.")
        found: Resolved | None = old(self, path)
        return found

    old = defect.replace(_Binder, "_resolved", resolved)


@mutant(
    clauses=("7644-3.12-16",),
    trips={"filtering.strange_names_are_refused"},
    only="names with two dots",
)
def what_follows_a_second_dot_is_overlooked(defect: Defect) -> None:
    """Of a name with two dots in a filter the part up to the second counts."""

    def predicate(self: Parser) -> Filter:
        word = self.tokens[self.index]
        if ":" not in word and word.count(".") > 1:
            self.tokens[self.index] = ".".join(word.split(".")[:2])
        found: Filter = old(self)
        return found

    old = defect.replace(Parser, "_predicate", predicate)


@mutant(
    clauses=("7644-3.12-16",),
    trips={"filtering.literals_in_capitals_are_refused"},
    only="TRUE, FALSE and NULL",
)
def a_word_in_capitals_is_a_text(defect: Defect) -> None:
    """A literal in capitals without quotes is read as if it stood in quotes."""

    def literal(token: str) -> Literal:
        found: Literal = token if token in {"TRUE", "FALSE", "NULL"} else old(token)
        return found

    old = defect.replace(lexer, "literal", literal)


@mutant(
    clauses=("7644-3.4.2.2-25",),
    effort="standard",
    trips={
        "filtering.dots_reach_sub_attributes",
        "filtering.generated_filters_find_exactly_the_matching_users",
        "filtering.texts_are_ordered",
    },
    only="name",
)
def any_part_of_a_name_will_do(defect: Defect) -> None:
    """A comparison with one part of `name` looks at all parts."""

    def change(leaf: BoundCompare) -> BoundFilter:
        attribute = leaf.resolved.attribute
        if attribute.name != "name" or leaf.resolved.sub is None:
            return leaf
        parts = [Resolved(attribute, sub) for sub in attribute.sub_attributes]
        return BoundOr(tuple(BoundCompare(each.path, leaf.op, leaf.key, each, leaf.literal) for each in parts))

    compared(defect, change)


@mutant(
    clauses=("7644-3.4.2.2-10", "7644-3.4.2.2-15"),
    trips={
        "filtering.ge_is_gt_or_eq",
        "filtering.generated_filters_find_exactly_the_matching_users",
        "filtering.other_attributes_ignore_case",
        "filtering.sw_finds_the_beginning",
        "filtering.texts_are_ordered",
    },
    only="sw and ge",
)
def a_range_leaves_out_its_lower_bound(defect: Defect) -> None:
    """A scan of the index from an operand upwards, for sw and ge, begins behind the operand."""

    def on_value(row: Any, leaf: BoundCompare, operand: str, number: int) -> Any:
        found = old(row, leaf, operand, number)
        if leaf.op not in {Operator.SW, Operator.GE} or operand not in {SHORT, EDGE}:
            return found
        return and_(found, whole_key(row) != param("k", number))

    old = defect.replace(elements, "on_value", on_value)


def _positive(defect: Defect, change: Callable[[Resolved, Operator], BoundFilter | None]) -> None:
    def positive(self: _Binder, resolved: Resolved, op: Operator, tree: Compare) -> BoundFilter:
        found: BoundFilter | None = change(resolved, op)
        return found or old(self, resolved, op, tree)

    old = defect.replace(_Binder, "_positive", positive)


@mutant(
    clauses=("7643-7-31", "7644-3.4.2.2-45"),
    trips={
        "filtering.passwords_are_not_found",
        "filtering.users_by_schema",
        "matching.common_attributes_are_always_filterable",
        "matching.passwords_never_match",
        "patch.a_simple_value_is_selected_or_refused",
        "schemas.secrets_never_come_back",
        "users.a_password_cannot_be_guessed_bit_by_bit",
        "users.a_password_may_be_tested_for_equality",
    },
    only="password and schemas",
)
def what_is_not_indexed_breaks_the_query(defect: Defect) -> None:
    """A comparison with an attribute that is kept outside of the index, `password` or `schemas`, is answered 500."""

    def change(resolved: Resolved, _op: Operator) -> BoundFilter | None:
        if resolved.target.returned is Returned.NEVER or resolved.path == "schemas":
            raise KeyError(resolved.path)
        return None

    _positive(defect, change)


@mutant(
    clauses=("7644-3.12-14",),
    trips={"filtering.substrings_of_what_is_no_text"},
    only="booleans and moments",
)
def what_is_no_text_holds_any_text(defect: Defect) -> None:
    """A co, sw or ew on a boolean or a moment finds whoever has one."""
    kinds = (AttributeType.BOOLEAN, AttributeType.DATETIME)

    def change(resolved: Resolved, op: Operator) -> BoundFilter | None:
        odd = op in _SUBSTRING and resolved.target.type in kinds
        return BoundPresent(resolved.path, resolved) if odd else None

    _positive(defect, change)


@mutant(
    clauses=("7643-2.3.7-06",),
    trips={"filtering.references_keep_to_one_case_rule"},
    only="references",
)
def a_reference_is_sought_in_small_letters(defect: Defect) -> None:
    """The operand for a reference is put in lower case, the values are not."""

    def change(leaf: BoundCompare) -> BoundFilter:
        refers = leaf.resolved.target.type is AttributeType.REFERENCE and isinstance(leaf.key, str)
        return replace(leaf, key=str(leaf.key).lower()) if refers else leaf

    compared(defect, change)


@mutant(
    clauses=("7644-3.12-18",),
    trips={"filtering.a_bad_filter_in_a_path_is_refused", "patch.a_path_outside_the_grammar_is_refused"},
    only="brackets",
)
def an_operation_that_cannot_be_read_is_skipped(defect: Defect) -> None:
    """A PATCH leaves out operations whose path holds a filter that breaks the grammar, and does the rest."""

    def readable(operation: Operation) -> bool:
        try:
            parse_patch_path(operation.path or "id")
        except InvalidFilter:
            return False
        return True

    operations(defect, lambda sent: [each for each in sent if readable(each)])
