"""Defects of reading a filter: its grammar, its literals, and how a URL carries it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from mock_samanage.scim import lexer
from mock_samanage.scim.bound import BoundCompare, BoundFilter
from mock_samanage.scim.filter import Filter, Not
from mock_samanage.scim.parser import Parser
from mock_samanage.scim.syntax import AttrPath, Literal
from mock_samanage.web import call, parameters
from tests.mutants.mutant import Defect, Environ, mutant
from tests.mutants.queries import compared, term


@mutant(
    clauses=("7644-3.12-16",),
    trips={
        "filtering.dangling_connectives_are_refused",
        "filtering.strange_operators_are_refused",
        "filtering.unbalanced_brackets_are_refused",
    },
    only="what follows a whole condition",
    effort="standard",
)
def the_rest_of_a_filter_is_overlooked(defect: Defect) -> None:
    """What cannot be read behind a whole condition counts for nothing."""
    defect.replace(Parser, "end", lambda _self: None)


@mutant(
    clauses=("7644-3.12-16",), trips={"filtering.unbalanced_brackets_are_refused"}, only="parentheses that stay open"
)
def an_open_parenthesis_is_closed_at_the_end(defect: Defect) -> None:
    """A parenthesis that nothing closes ends with the filter."""

    def group(self: Parser) -> Filter:
        self._enter()
        inner = self.expression()
        if self.tokens[self.index] not in {")", ""}:
            self.fail(self.index, '"and", "or" or )')
        self._depth -= 1
        self.index += self.tokens[self.index] == ")"
        return inner

    defect.replace(Parser, "_group", group)


@mutant(
    clauses=("7644-3.12-16",),
    trips={
        "filtering.generated_filters_find_exactly_the_matching_users",
        "filtering.incomplete_conditions_are_refused",
        "filtering.null_and_empty_lists_are_no_values",
        "listing.the_root_follows_the_rules_of_the_endpoints",
        "matching.complex_attributes_bring_their_parts",
        "matching.every_attribute_is_filterable",
    },
    only="an operand that is missing",
    effort="standard",
)
def a_missing_operand_is_empty(defect: Defect) -> None:
    """An operator without an operand compares with the empty text."""

    def condition(self: Parser, path: AttrPath) -> Filter:
        if not self.tokens[self.index + 1 :][:1] or self.tokens[self.index + 1] == "":
            self.tokens.insert(self.index + 1, '""')
        found: Filter = old(self, path)
        return found

    old = defect.replace(Parser, "_condition", condition)


@mutant(clauses=("7644-3.4.2.2-02",), trips={"listing.an_empty_filter_is_refused"}, only="filters of blanks")
def an_empty_filter_finds_everyone(defect: Defect) -> None:
    """A filter that holds no expression counts as none."""

    def parse(text: str) -> Filter | None:
        return old(text) if text.strip() else None

    old = defect.replace(parameters, "parse_filter", parse)


@mutant(clauses=("7644-3.4.2.2-49",), trips={"filtering.texts_are_json_strings"}, only="single quotes")
def single_quotes_are_quotes(defect: Defect) -> None:
    """A text in single quotes is read like one in double quotes."""

    def literal(token: str) -> Literal:
        single = len(token) > 1 and token[0] == token[-1] == "'"
        found: Literal = token[1:-1] if single else old(token)
        return found

    old = defect.replace(lexer, "literal", literal)


@mutant(
    clauses=("7159-7-01",),
    trips={"filtering.escapes_are_decoded", "filtering.generated_filters_find_exactly_the_matching_users"},
    only="\\u escapes",
)
def letters_are_not_escaped(defect: Defect) -> None:
    """An escape by four hexadecimal digits is read as its six characters."""

    def string(token: str) -> str:
        found: str = old(re.sub(r"(?<!\\)((?:\\\\)*)\\u", r"\1\\\\u", token))
        return found

    old = defect.replace(lexer, "_string", string)


@mutant(clauses=("7644-3.4.2.2-40",), trips={"filtering.not_needs_parentheses"}, only="not before one condition")
def not_needs_no_parentheses(defect: Defect) -> None:
    """A not without parentheses inverts the next condition."""

    def read(self: Parser, sound: Callable[[], Filter]) -> Filter:
        if self.tokens[self.index].lower() != "not" or self.tokens[self.index + 1] in {"(", ""}:
            return sound()
        self.index += 1
        return Not(self._predicate())

    term(defect, read)


@mutant(clauses=("7644-3.4.2.2-44",), trips={"filtering.redundant_parentheses_are_legal"}, only="more than 32 levels")
def deep_parentheses_break_the_parser(defect: Defect) -> None:
    """A filter with more than 32 levels of parentheses is answered 500."""

    def enter(self: Parser) -> None:
        old(self)
        if self._depth > 32:
            raise RecursionError("too deep")

    old = defect.replace(Parser, "_enter", enter)


@mutant(
    clauses=("7644-3.12-17",),
    trips={"filtering.long_filters_end_cleanly"},
    only="filters of more than 8,000 characters",
)
def long_filters_break_the_parser(defect: Defect) -> None:
    """A filter of more than 8,000 characters is answered 500."""

    def init(self: Parser, text: str, error: Any, what: str = "filter") -> None:
        if len(text) > 8000:
            raise MemoryError("too long")
        old(self, text, error, what)

    old = defect.replace(Parser, "__init__", init)


@mutant(
    clauses=("ENTRA-1.3-01",),
    trips={
        "matching.an_encoded_plus_is_a_plus",
        "matching.form_encoding_is_understood",
        "matching.the_connection_test_for_groups",
        "matching.the_connection_test_for_users",
    },
    only="`+` in a query string",
)
def a_plus_is_no_blank(defect: Defect) -> None:
    """A plus sign in the query string stays a plus sign."""

    def divert(environ: Environ) -> None:
        environ["QUERY_STRING"] = environ["QUERY_STRING"].replace("+", "%2B")

    defect.requests(divert)


@mutant(
    clauses=("ENTRA-1.3-03", "7644-1.2-01"),
    trips={
        "filtering.generated_filters_find_exactly_the_matching_users",
        "filtering.moments_are_ordered",
        "filtering.operands_are_no_patterns",
        "listing.queries_are_percent_decoded",
        "matching.an_encoded_plus_is_a_plus",
        "matching.no_near_value_matches",
        "matching.special_characters_match",
    },
    only="filters",
)
def a_filter_is_decoded_twice(defect: Defect) -> None:
    """A filter in the query string is percent-decoded once more, so that %2B becomes a blank."""

    def decoded(query_string: str) -> dict[str, str]:
        found: dict[str, str] = old(query_string)
        return {name: unquote_plus(text) if name == "filter" else text for name, text in found.items()}

    old = defect.replace(call, "query_parameters", decoded)


@mutant(
    clauses=("7644-7.7-01", "ENTRA-1.2-05"),
    trips={
        "filtering.conditions_are_understood",
        "filtering.operands_are_no_patterns",
        "filtering.operands_inject_nothing",
        "matching.special_characters_match",
    },
    only="single quotes",
    effort="standard",
)
def a_quote_is_doubled(defect: Defect) -> None:
    """A single quote in an operand is doubled, as for a text of SQL, and then bound as a parameter."""

    def change(leaf: BoundCompare) -> BoundFilter:
        if not isinstance(leaf.key, str) or "'" not in leaf.key:
            return leaf
        return BoundCompare(leaf.path, leaf.op, leaf.key.replace("'", "''"), leaf.resolved, leaf.literal)

    compared(defect, change)


@mutant(
    clauses=("7644-7.7-01",),
    trips={"filtering.operands_inject_nothing", "matching.special_characters_match"},
    only="single quotes followed by OR",
    effort="standard",
)
def an_operand_can_widen_the_search(defect: Defect) -> None:
    """A text that closes a quote and goes on with OR finds everyone."""

    def parse(text: str) -> Filter:
        found: Filter = old("id pr" if re.search(r"(?i)'\s*or\b", text) else text)
        return found

    old = defect.replace(parameters, "parse_filter", parse)


@mutant(clauses=("7644-3.4.2.2-54",), trips={"filtering.other_white_space"}, only="more than one blank")
def two_blanks_are_an_empty_word(defect: Defect) -> None:
    """A filter with two blanks between its words finds nothing."""

    def parse(text: str) -> Filter:
        outside = re.sub(r'"(?:[^"\\]|\\.)*"', json.dumps(""), text)
        found: Filter = old('id eq ""' if "  " in outside.strip() else text)
        return found

    old = defect.replace(parameters, "parse_filter", parse)
