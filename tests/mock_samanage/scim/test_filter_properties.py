"""What holds for every filter: reading back, refusing cleanly, and two-valued logic."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mock_samanage.scim.bind import Unknown, bind
from mock_samanage.scim.errors import ScimError
from mock_samanage.scim.evaluate import matches, matching_elements
from mock_samanage.scim.filter import (
    And,
    AttrPath,
    Compare,
    Filter,
    Literal,
    Not,
    Operator,
    Or,
    Present,
    ValuePath,
    parse_filter,
)
from mock_samanage.scim.parser import DEEPEST_NESTING
from mock_samanage.scim.path import parse_attr_path, parse_name_list, parse_patch_path
from mock_samanage.scim.registry import GROUP, USER

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_$-]{0,8}|\$ref", fullmatch=True)
URIS = st.sampled_from([None, "urn:ietf:params:scim:schemas:core:2.0:User", "urn:x", "https://example.com/a"])
PATHS = st.builds(AttrPath, URIS, NAMES, st.none() | NAMES)
PLAIN = st.builds(AttrPath, st.none(), NAMES)
LITERALS: st.SearchStrategy[Literal] = (
    st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF, categories=None))
    | st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(-1000, 1000, places=3)
)


def conditions(paths: st.SearchStrategy[AttrPath]) -> st.SearchStrategy[Filter]:
    return st.builds(Present, paths) | st.builds(Compare, paths, st.sampled_from(Operator), LITERALS)


def combined(leaves: st.SearchStrategy[Filter], most: int = 8) -> st.SearchStrategy[Filter]:
    def grow(inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.builds(Not, inner) | st.builds(And, several) | st.builds(Or, several)

    return st.recursive(leaves, grow, max_leaves=most)


BRACKETS = st.builds(ValuePath, st.builds(AttrPath, URIS, NAMES), combined(conditions(PLAIN), 4))
FILTERS = combined(conditions(PATHS) | BRACKETS)


def render(tree: Filter) -> str:
    """The text of a filter: every group of another kind in parentheses."""
    match tree:
        case Compare(path, op, value):
            return f"{path} {op} {literal(value)}"
        case Present(path):
            return f"{path} pr"
        case Not(term):
            return f"not ({render(term)})"
        case ValuePath(path, inner):
            return f"{path}[{render(inner)}]"
        case And(terms):
            return " and ".join(grouped(term) for term in terms)
        case Or(terms):
            return " or ".join(grouped(term) for term in terms)


def grouped(tree: Filter) -> str:
    return f"({render(tree)})" if isinstance(tree, And | Or) else render(tree)


def literal(value: Literal) -> str:
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


@given(FILTERS)
def test_a_tree_written_and_read_again_is_the_same(tree: Filter) -> None:
    assert parse_filter(render(tree)) == tree


@given(FILTERS)
def test_case_of_words_and_white_space_make_no_difference(tree: Filter) -> None:
    text = render(tree)
    loud = text.replace(" and ", " \tAND ").replace(" or ", "\tOr  ").replace("not (", "NOT(\t")
    if '"' not in text:  # else the replacement could reach into a literal
        assert parse_filter(loud) == tree


WORDS = st.sampled_from(
    ["userName", "emails", "type", "value", "and", "or", "not", "eq", "co", "pr", "gt", "true", "null", "5", "\ud800"]
) | st.sampled_from(["(", ")", "[", "]", "].", '"x"', '"', "\\", ".", ":", ",", "\t"])
TEXTS = st.text(st.characters(categories=None)) | st.lists(WORDS).map(" ".join) | st.lists(WORDS).map("".join)


def check_refusal(call: Callable[..., object], *arguments: object) -> None:
    """Nothing but a ScimError comes out, and its detail can be sent."""
    refusals: list[ScimError] = []
    try:
        call(*arguments)
    except ScimError as error:
        refusals.append(error)
    assert all(error.status == 400 and error.detail.encode() for error in refusals)


@given(TEXTS)
@example('userName eq "x')
@example("emails[].value")
def test_any_text_is_read_or_refused_with_an_error_of_the_protocol(text: str) -> None:
    for parse in (parse_filter, parse_patch_path, parse_attr_path, parse_name_list):
        check_refusal(parse, text)


KEYS = [
    "userName",
    "title",
    "active",
    "name.givenName",
    "emails",
    "emails.type",
    "emails.primary",
    "meta.created",
    "id",
]
SMALL = st.sampled_from(
    ["", "a", "A", "ä", "a\u0308", "\U0001f600", "\x00", "true", "2011-05-13T04:42:34Z", True, 5, None]
)
KNOWN = st.sampled_from(KEYS).map(parse_attr_path)
INNER = st.sampled_from(["value", "type", "primary"]).map(parse_attr_path)


def known_conditions(paths: st.SearchStrategy[AttrPath]) -> st.SearchStrategy[Filter]:
    return st.builds(Present, paths) | st.builds(Compare, paths, st.sampled_from(Operator), SMALL)


KNOWN_BRACKETS = st.builds(ValuePath, st.just(AttrPath(None, "emails")), combined(known_conditions(INNER), 3))
KNOWN_FILTERS = combined(known_conditions(KNOWN) | KNOWN_BRACKETS, 4)
VALUES = st.sampled_from(["", "a", "A", "ä", "b", "\U0001f600"])
EMAILS = st.lists(
    st.fixed_dictionaries({"value": VALUES}, optional={"type": VALUES, "primary": st.booleans()}), max_size=3
)
DOCUMENTS = st.fixed_dictionaries(
    {"userName": VALUES, "id": VALUES, "meta": st.just({"created": "2011-05-13T04:42:34Z"})},
    optional={"title": VALUES, "active": st.booleans(), "emails": EMAILS, "name": st.just({"givenName": "A"})},
)


def bindable(tree: Filter) -> bool:
    try:
        bind(tree, USER)
    except ScimError:
        return False
    return True


def truth(tree: Filter, document: dict[str, Any]) -> bool:
    return matches(tree, document, USER)


@given(KNOWN_FILTERS.filter(bindable), KNOWN_FILTERS.filter(bindable), DOCUMENTS)
def test_logic_is_two_valued(one: Filter, two: Filter, document: dict[str, Any]) -> None:
    left, right = truth(one, document), truth(two, document)
    assert truth(Not(one), document) is not left
    assert truth(Not(Not(one)), document) is left
    assert truth(And((one, two)), document) is (left and right)
    assert truth(Or((one, two)), document) is (left or right)
    assert truth(Not(And((one, two))), document) is truth(Or((Not(one), Not(two))), document)
    assert truth(Not(Or((one, two))), document) is truth(And((Not(one), Not(two))), document)


@given(KNOWN, SMALL, DOCUMENTS)
def test_orders_and_equality_agree(path: AttrPath, value: Literal, document: dict[str, Any]) -> None:
    trees = {op: Compare(path, op, value) for op in Operator}
    if all(bindable(tree) for tree in trees.values()):
        facts = {op: truth(tree, document) for op, tree in trees.items()}
        assert facts[Operator.GE] is (facts[Operator.GT] or facts[Operator.EQ])
        assert facts[Operator.LE] is (facts[Operator.LT] or facts[Operator.EQ])
        assert facts[Operator.NE] is not facts[Operator.EQ]
        assert facts[Operator.CO] or not (facts[Operator.SW] or facts[Operator.EW])


@given(combined(known_conditions(INNER), 3), DOCUMENTS)
def test_a_bracket_is_true_if_an_element_matches(inner: Filter, document: dict[str, Any]) -> None:
    tree = ValuePath(AttrPath(None, "emails"), inner)
    emails = USER.schema.attribute("emails")
    assert emails is not None
    if bindable(tree):
        assert truth(tree, document) is bool(matching_elements(inner, document.get("emails", []), emails))


@given(FILTERS)
def test_any_filter_binds_or_is_refused_with_an_error_of_the_protocol(tree: Filter) -> None:
    for kind in (USER, GROUP):
        for unknown in get_args(Unknown):
            check_refusal(partial(bind, unknown=unknown), tree, kind)


@pytest.mark.parametrize("opening", ["(", "not ("])
def test_the_deepest_filter_is_bound_and_evaluated(opening: str) -> None:
    text = opening * DEEPEST_NESTING + "title pr" + ")" * DEEPEST_NESTING
    assert matches(parse_filter(text), {"title": "x"}, USER)


def test_deep_alternation_is_bound_and_evaluated() -> None:
    text = "title pr"
    for level in range(DEEPEST_NESTING):
        text = f"active eq true {'and' if level % 2 else 'or'} ({text})"
    assert matches(parse_filter(text), {"title": "x", "active": True}, USER)
