"""Defects of operators and literals: which are read, and which go with which attribute."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mock_samanage.scim import bind, lexer, parser
from mock_samanage.scim.bound import BoundCompare, BoundFilter, BoundNot
from mock_samanage.scim.errors import InvalidFilter
from mock_samanage.scim.filter import Filter
from mock_samanage.scim.parser import Parser
from mock_samanage.scim.schema import Attribute, AttributeType, Resolved
from mock_samanage.scim.syntax import AttrPath, Literal, Operator
from mock_samanage.web import parameters
from tests.mutants.mutant import Defect, mutant
from tests.mutants.queries import rebound, term


class _Lenient(dict[str, Operator]):
    """Operators by name; every other word of letters is eq."""

    def get(self, word: str, default: Any = None) -> Any:
        """The operator of that name."""
        return super().get(word) or (Operator.EQ if word.isalpha() and word != "pr" else default)


@mutant(
    clauses=("7644-3.4.2.2-48",),
    trips={"filtering.strange_operators_are_refused", "filtering.unknown_operators_are_refused"},
)
def an_unknown_operator_is_eq(defect: Defect) -> None:
    """A word that is no operator is taken for eq."""
    defect.replace(parser, "_OPERATORS", _Lenient(parser._OPERATORS))


@mutant(
    clauses=("7644-3.4.2.2-06",),
    trips={"filtering.generated_filters_find_exactly_the_matching_users", "filtering.operators_in_any_case"},
    only="pr",
    effort="standard",
)
def pr_is_lower_case(defect: Defect) -> None:
    """The operator pr is refused in capitals."""

    def condition(self: Parser, path: AttrPath) -> Filter:
        word = self.tokens[self.index]
        if word.lower() == "pr" and word != "pr":
            self.fail(self.index, "pr")
        found: Filter = old(self, path)
        return found

    old = defect.replace(Parser, "_condition", condition)


@mutant(
    clauses=("7643-2.1-06",),
    trips={"filtering.connectives_in_any_case", "filtering.generated_filters_find_exactly_the_matching_users"},
    only="not",
)
def not_is_lower_case(defect: Defect) -> None:
    """The word not is refused in capitals."""

    def read(self: Parser, sound: Callable[[], Filter]) -> Filter:
        word = self.tokens[self.index]
        if word.lower() == "not" and word != "not":
            self.fail(self.index, "not")
        return sound()

    term(defect, read)


@mutant(clauses=("7159-3-01",), trips={"filtering.literals_are_lower_case"}, only="true")
def true_is_read_in_any_case(defect: Defect) -> None:
    """The literal True counts as true."""
    defect.replace(lexer, "_WORDS", {**lexer._WORDS, "True": True, "TRUE": True})


def _ordered(defect: Defect, kind: AttributeType) -> None:
    """Lets gt, ge, lt and le pass for attributes of a type."""

    def check(attribute: Attribute, op: Operator, literal: Literal, *, name: str = "") -> None:
        ordering = op in (Operator.GT, Operator.GE, Operator.LT, Operator.LE)
        old(attribute, Operator.EQ if ordering and attribute.type is kind else op, literal, name=name)

    old = defect.replace(bind, "check_operator", check)


@mutant(clauses=("7644-3.4.2.2-18",), trips={"filtering.booleans_have_no_order"}, only="booleans")
def false_is_less_than_true(defect: Defect) -> None:
    """Booleans are ordered, false before true."""
    _ordered(defect, AttributeType.BOOLEAN)


@mutant(clauses=("7644-3.4.2.2-19",), trips={"filtering.certificates_have_no_order"}, only="binary values")
def certificates_are_ordered(defect: Defect) -> None:
    """Binary values are ordered by their Base64 text."""
    _ordered(defect, AttributeType.BINARY)


@mutant(
    clauses=("7644-3.4.2.2-24", "7644-3.4.2.2-08"),
    trips={
        "filtering.not_inverts_a_group",
        "filtering.not_with_and_without_a_space",
        "filtering.other_attributes_ignore_case",
    },
    only="ne",
)
def ne_keeps_the_case_of_its_operand(defect: Defect) -> None:
    """A ne, or a negated eq, compares the operand in the case it was sent in with values in lower case."""

    def change(node: BoundFilter) -> BoundFilter:
        match node:
            case BoundNot(BoundCompare(_, Operator.EQ, str(), _, str(sent)) as leaf):
                return BoundNot(replace(leaf, key=sent))
        return node

    rebound(defect, change)


@mutant(clauses=("7644-3.12-15",), trips={"filtering.what_is_no_moment_is_refused"}, only="dateTime")
def what_is_no_moment_is_1970(defect: Defect) -> None:
    """A text that is no dateTime counts as the first moment of 1970."""

    def operand(attribute: Attribute, literal: Literal, *, coerce: bool, name: str = "") -> Any:
        try:
            return old(attribute, literal, coerce=coerce, name=name)
        except InvalidFilter:
            if attribute.type is AttributeType.DATETIME and isinstance(literal, str):
                return 0
            raise

    old = defect.replace(bind, "operand", operand)


@mutant(clauses=("7644-3.4.2.2-26",), trips={"filtering.complex_attributes_are_not_compared"}, only="name")
def a_name_is_compared_as_it_is_written_out(defect: Defect) -> None:
    """A comparison with `name` means the family name."""

    def with_value(resolved: Resolved) -> Resolved:
        family = resolved.attribute.sub("familyName")
        found: Resolved = old(resolved)
        return Resolved(resolved.attribute, family) if found.sub is None and family else found

    old = defect.replace(bind, "_with_value", with_value)


@mutant(
    clauses=("7644-3.4.2.2-39",),
    trips={"filtering.not_with_and_without_a_space"},
    only="not with a parenthesis at once",
)
def not_needs_a_blank(defect: Defect) -> None:
    """A not without a blank before its parenthesis is refused."""

    def parse(text: str) -> Filter:
        if re.search(r"(?i)\bnot\(", re.sub(r'"(?:[^"\\]|\\.)*"', "", text)):
            raise InvalidFilter("A blank belongs between not and its parenthesis.")
        found: Filter = old(text)
        return found

    old = defect.replace(parameters, "parse_filter", parse)
