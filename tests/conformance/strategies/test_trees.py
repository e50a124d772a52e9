"""Trees are written down as the grammar of RFC 7644 section 3.4.2.2 has it."""

from __future__ import annotations

import json

import pytest

from conformance.strategies.trees import (
    CORE,
    ENTERPRISE,
    And,
    Compare,
    Element,
    Escapes,
    Not,
    Or,
    Present,
    Spelling,
    Tree,
    both,
    either_of,
    leaves,
    literal,
    operators,
    render,
)
from conformance.strategies.values import DECOYS, HOSTILE

A, B, C = Present("title"), Compare("active", "eq", True), Compare("userName", "sw", "x")


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (A, "title pr"),
        (B, "active eq true"),
        (Compare("title", "eq", None), "title eq null"),
        (Compare("title", "eq", 5), "title eq 5"),
        (Or((A, And((B, C)))), 'title pr or active eq true and userName sw "x"'),
        (And((Or((A, B)), C)), '(title pr or active eq true) and userName sw "x"'),
        (Not(Or((A, B))), "not (title pr or active eq true)"),
        (And((Not(A), B)), "not (title pr) and active eq true"),
        (
            Element("emails", both(Compare("type", "eq", "work"), Present("value"))),
            'emails[type eq "work" and value pr]',
        ),
        (either_of(A, B), "title pr or active eq true"),
    ],
)
def test_the_plainest_spelling(tree: Tree, text: str) -> None:
    assert render(tree) == text


@pytest.mark.parametrize(
    ("how", "text"),
    [
        (Spelling(names="upper"), 'not (TITLE pr) and userName eq "x"'.replace("userName", "USERNAME")),
        (Spelling(operators="swapped"), 'not (title pR) and userName eQ "x"'),
        (Spelling(words="upper"), 'NOT (title pr) AND userName eq "x"'),
        (Spelling(negation=""), 'not(title pr) and userName eq "x"'),
        (Spelling(groups=1), '(not ((title pr))) and (userName eq "x")'),
        (Spelling(gap="  "), 'not (title  pr)  and  userName  eq  "x"'),
        (Spelling(urn=True), f'not ({CORE}:title pr) and {CORE}:userName eq "x"'),
        (Spelling(escapes="every"), 'not (title pr) and userName eq "\\u0078"'),
    ],
)
def test_other_spellings(how: Spelling, text: str) -> None:
    assert render(And((Not(A), Compare("userName", "eq", "x"))), how) == text


def test_urns_stand_before_schema_attributes_only() -> None:
    how = Spelling(urn=True, names="upper")
    assert render(Present("meta.created"), how) == "META.CREATED pr"
    assert render(Present("externalId"), how) == "EXTERNALID pr"
    assert render(Present(f"{ENTERPRISE}:department"), how) == f"{ENTERPRISE}:DEPARTMENT pr"
    assert render(Element("emails", Present("type")), how) == f"{CORE}:EMAILS[TYPE pr]"


@pytest.mark.parametrize("escapes", ["plain", "ascii", "every", "solidus"])
@pytest.mark.parametrize("text", [*HOSTILE.values(), *DECOYS.values(), "a/b"])
def test_every_literal_is_json_for_the_text(text: str, escapes: Escapes) -> None:
    assert json.loads(literal(text, escapes)) == text


def test_leaves_carry_their_whole_path() -> None:
    tree = Or((A, Element("emails", Not(Compare("type", "ne", "work")))))
    assert list(leaves(tree)) == [A, Compare("emails.type", "ne", "work")]
    assert operators(tree) == ("pr", "ne")
