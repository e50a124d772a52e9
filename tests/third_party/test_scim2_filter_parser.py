"""The tenant and scim2-filter-parser from PyPI read filters alike, but for what is listed here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scim2_filter_parser import ast
from scim2_filter_parser.lexer import SCIMLexer
from scim2_filter_parser.parser import SCIMParser, SCIMParserError

from conformance.strategies.trees import And, Case, Compare, Element, Not, Or, Present, Spelling, Tree, cased, render
from mock_samanage.scim import filter as ours
from mock_samanage.scim.errors import InvalidFilter

# What the peer cannot read is left out of the generated filters; each of these is shown by a test below.
NAMES = ("userName", "title", "name.familyName", "meta.created", "emails.value", "active")
OPERATORS = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters='"\\', categories=("L", "N", "P", "S", "Zs", "M")), max_size=8
)
OPERANDS = TEXTS | st.booleans() | st.none() | st.integers(0, 9)
CASES: st.SearchStrategy[Case] = st.sampled_from(("as is", "upper", "swapped"))


def leaves(names: tuple[str, ...]) -> st.SearchStrategy[Tree]:
    compared = st.builds(Compare, st.sampled_from(names), st.sampled_from(OPERATORS), OPERANDS)
    return compared | st.builds(Present, st.sampled_from(names))


def grown(basis: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    def grow(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        pair = st.tuples(inner, inner)
        return pair.map(And) | pair.map(Or) | inner.map(Not)

    return st.recursive(basis, grow, max_leaves=6)


TREES = grown(leaves(NAMES) | grown(leaves(("value", "type", "primary"))).map(lambda inside: Element("emails", inside)))


def grouped(tree: Tree, how: Spelling) -> str:
    """The text of a filter with every term in parentheses: the peer gives `and` and `or` the same rank."""
    match tree:
        case And(terms):
            return how.joined("and", [f"({grouped(term, how)})" for term in terms])
        case Or(terms):
            return how.joined("or", [f"({grouped(term, how)})" for term in terms])
        case Not(term):
            return f"{cased('not', how.words)} ({grouped(term, how)})"
        case Element(path, inside):
            return f"{path}[{grouped(inside, how)}]"
    return render(tree, how)


def theirs(text: str) -> ours.Filter:
    """The filter as the peer reads it, as a tree of ours."""
    return _tree(SCIMParser().parse(SCIMLexer().tokenize(text)))


def _tree(node: ast.AST) -> ours.Filter:
    match node:
        case ast.Filter(expr=inner, negated=True):
            return ours.Not(_tree(inner))
        case ast.Filter(expr=inner, namespace=ast.AttrPath() as path):
            return ours.ValuePath(_path(path), _tree(inner))
        case ast.Filter(expr=inner):
            return _tree(inner)
        case ast.LogExpr(op=op, expr1=one, expr2=two):
            return (ours.And if op.lower() == "and" else ours.Or)((_tree(one), _tree(two)))
        case ast.AttrExpr(value=op, attr_path=path, comp_value=None) if op.lower() == "pr":
            return ours.Present(_path(path))
        case ast.AttrExpr(value=op, attr_path=path, comp_value=operand):
            return ours.Compare(_path(path), ours.Operator(op.lower()), operand.value)
    raise AssertionError(f"the peer has a node of another kind: {node!r}")


def _path(node: ast.AttrPath) -> ours.AttrPath:
    return ours.AttrPath(node.uri, node.attr_name, node.sub_attr.value if node.sub_attr else None)


def plain(tree: ours.Filter) -> ours.Filter:
    """Our tree as the peer could have read it: two terms each, literals as the text they were written in."""
    match tree:
        case ours.Compare(path, op, value):
            words = {True: "true", False: "false", None: "null"}
            told = words[value] if value is None or isinstance(value, bool) else str(value)
            return ours.Compare(path, op, told)
        case ours.Not(term):
            return ours.Not(plain(term))
        case ours.ValuePath(path, inner):
            return ours.ValuePath(path, plain(inner))
        case ours.And(terms) | ours.Or(terms):
            found = plain(terms[0])
            for term in terms[1:]:
                found = type(tree)((found, plain(term)))
            return found
    return tree


@given(TREES, CASES, CASES)
def test_both_read_a_generated_filter_alike(tree: Tree, names: Case, words: Case) -> None:
    text = grouped(tree, Spelling(names=names, operators=words, words=words))
    assert theirs(text) == plain(ours.parse_filter(text))


def test_and_binds_before_or() -> None:
    """RFC 7644 section 3.4.2.2: `and` before `or`; the peer reads from left to right."""
    text = 'title eq "a" or title eq "b" and title eq "c"'
    assert isinstance(ours.parse_filter(text), ours.Or)
    assert isinstance(theirs(text), ours.And)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (r'title eq "say \"hi\""', "RFC 7159 section 7: a quotation mark may be escaped"),
        ("meta.version eq 42", "RFC 7159 section 6: a number may have more than one digit"),
        ("meta.version eq -1.5e3", "RFC 7159 section 6: sign, fraction and exponent"),
    ],
)
def test_the_peer_does_not_read_every_json_literal(text: str, why: str) -> None:
    assert isinstance(ours.parse_filter(text), ours.Compare), why
    with pytest.raises((SCIMParserError, ValueError)):
        theirs(text)


@pytest.mark.parametrize("text", ["title eq TRUE", "title eq Null"])
def test_both_refuse_literals_that_are_not_json(text: str) -> None:
    with pytest.raises(InvalidFilter):
        ours.parse_filter(text)
    with pytest.raises((SCIMParserError, ValueError)):
        theirs(text)


def test_a_schema_uri_may_be_any_uri() -> None:
    """RFC 7644 section 3.10: the URI of a schema need not be a URN; the peer knows names with colons only."""
    text = 'https://example.com/a:title eq "a"'
    assert isinstance(ours.parse_filter(text), ours.Compare)
    with pytest.raises((SCIMParserError, ValueError)):
        theirs(text)
