"""What the parser reads, how it refuses, and its bounds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from types import FrameType

import pytest

from mock_samanage.scim.errors import InvalidFilter
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
from mock_samanage.scim.parser import DEEPEST_NESTING, LONGEST_FILTER, MOST_TERMS, parse

A, B, C = (Present(AttrPath(None, name)) for name in "abc")


def equals(name: str, value: Literal) -> Compare:
    return Compare(AttrPath(None, name), Operator.EQ, value)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a pr or b pr and c pr", Or((A, And((B, C))))),
        ("a pr and b pr or c pr", Or((And((A, B)), C))),
        ("(a pr or b pr) and c pr", And((Or((A, B)), C))),
        ("a pr and (b pr and c pr)", And((A, And((B, C))))),
        ("a pr OR b pr Or c pr", Or((A, B, C))),
        ("not (a pr) and b pr", And((Not(A), B))),
        ("NOT(a pr) or b pr", Or((Not(A), B))),
        ("not (a pr or b pr)", Not(Or((A, B)))),
        ("\t( a\tPR )  ", A),
        ("(a pr)and(b pr)", And((A, B))),
        ("x[a pr or (b pr and c pr)]", ValuePath(AttrPath(None, "x"), Or((A, And((B, C)))))),
        ("x[a pr and b pr].c pr", ValuePath(AttrPath(None, "x"), And((A, B, C)))),
        ("x[a pr or b pr].c pr", ValuePath(AttrPath(None, "x"), And((Or((A, B)), C)))),
        ("x[not(a pr)] and b pr", And((ValuePath(AttrPath(None, "x"), Not(A)), B))),
    ],
)
def test_and_binds_tighter_than_or_and_brackets_tightest(text: str, tree: Filter) -> None:
    assert parse_filter(text) == tree


@pytest.mark.parametrize("op", list(Operator))
def test_every_operator_is_read_in_any_case(op: Operator) -> None:
    for spelling in (op.value, op.value.upper(), op.value.title(), op.value[0] + op.value[1].upper()):
        assert parse_filter(f'a {spelling} "x"') == Compare(AttrPath(None, "a"), op, "x")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('""', ""),
        (r'"\"\\\/\b\f\n\r\t"', '"\\/\b\f\n\r\t'),
        (r'"\u00e9\u00E9"', "éé"),
        (r'"\ud83d\ude00"', "\U0001f600"),
        ('"\U0001f600"', "\U0001f600"),
        (r'"\ud83d"', "\ud83d"),
        (r'"\ude00\ud83d"', "\ude00\ud83d"),
        ('"a) or [b] and (c"', "a) or [b] and (c"),
        ('"\'%_*."', "'%_*."),
        ('"\x7f\u2028"', "\x7f\u2028"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("0", 0),
        ("-0", 0),
        ("-12", -12),
        ("9007199254740993", 9007199254740993),
        ("1.50", Decimal("1.5")),
        ("1e3", Decimal(1000)),
        ("-1.5E-2", Decimal("-0.015")),
    ],
)
def test_literals_are_those_of_json(text: str, value: Literal) -> None:
    tree = parse_filter(f"a eq {text}")
    assert tree == equals("a", value)
    assert isinstance(tree, Compare)
    assert type(tree.value) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "05 +5 .5 5. 1e 1e+ 0x1 1_000 NaN Infinity -Infinity -",
        "True FALSE Null nil yes x",
        "'x' “x” \u2018x\u2019 `x` «x»",
        r'"\x" "\u12" "\u12g4" "\ " "\u٣٣٣٣"',
    ],
)
def test_what_is_no_json_literal_is_refused(text: str) -> None:
    for literal in text.split():
        with pytest.raises(InvalidFilter, match=r"position 6: found .* expected "):
            parse_filter(f"a eq {literal}")


def test_control_characters_stand_in_no_string() -> None:
    for code in range(0x20):
        with pytest.raises(InvalidFilter, match="instead of the control character"):
            parse_filter(f'a eq "x{chr(code)}"')


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("urn:x:2.0:User:name.given", AttrPath("urn:x:2.0:User", "name", "given")),
        ("urn:x:2.0:User", AttrPath("urn:x:2.0", "User")),
        ("https://example.com/v2.0:a", AttrPath("https://example.com/v2.0", "a")),
        ("a-b_c$d9", AttrPath(None, "a-b_c$d9")),
        ("$ref", AttrPath(None, "$ref")),
        ("a.$REF", AttrPath(None, "a", "$REF")),
        ("not", AttrPath(None, "not")),
        ("and", AttrPath(None, "and")),
        ("pr", AttrPath(None, "pr")),
        ("eq", AttrPath(None, "eq")),
        ("n" * 1000, AttrPath(None, "n" * 1000)),
    ],
)
def test_names_keep_their_spelling_and_the_uri_ends_at_the_last_colon(text: str, path: AttrPath) -> None:
    assert parse_filter(f"{text} pr") == Present(path)
    assert parse_filter(f"{text} eq true") == Compare(path, Operator.EQ, True)


@pytest.mark.parametrize(
    "name", ["9a", "_a", "$a", "a.", ".a", "a..b", "a.b.c", "é", "a:b", ":a", "urn:x:", "a,b", "a/b"]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InvalidFilter, match=r"position 1: found .* expected an attribute name"):
        parse_filter(f"{name} pr")


@pytest.mark.parametrize(
    ("text", "position", "token", "expected"),
    [
        ('userName regex "a"', 10, "`regex`", "one of pr, eq"),
        ('a pr and\tb ~ "x"', 12, "`~`", "one of pr, eq"),
        ("a eq 'x'", 6, "`'x'`", "straight double quotes"),
        ("a eq True", 6, "`True`", "true in lower case"),
        ('a eq "x', 6, '`"x`', "a double quote that ends"),
        (r'a eq "\q"', 6, r'`"\q"`', r"a JSON escape instead of `\q`"),
        ('a eq "x" b', 10, "`b`", '"and", "or" or the end'),
        ("a pr)", 5, "`)`", "nothing opens )"),
        ("(a pr", 6, "the end", '"and", "or" or )'),
        ("x[a pr", 7, "the end", '"and", "or" or ]'),
        ("x[a pr)", 7, "`)`", '"and", "or" or ]'),
        ("x [a pr]", 3, "` [`", "[ without a space before it"),
        ("x[y[a pr]]", 4, "`[`", "brackets hold no other brackets"),
        ("x[a.b pr]", 3, "`a.b`", "plain name of a sub-attribute"),
        ("x[a pr].b.c pr", 7, "`].b.c`", "one name of a sub-attribute"),
        ("x[a pr].b", 10, "the end", "one of pr, eq"),
        ("not a pr", 5, "`a`", "( after not"),
        ("\U0001f600 pr", 1, "`\U0001f600`", "an attribute name"),
        ("a \ud800", 3, r"`\ud800`", "one of pr, eq"),
        ("a " + "x" * 99, 3, "`" + "x" * 40 + "…`", "one of pr, eq"),
    ],
)
def test_a_refusal_names_position_token_and_what_would_fit(text: str, position: int, token: str, expected: str) -> None:
    with pytest.raises(InvalidFilter) as error:
        parse_filter(text)
    assert error.value.detail.startswith(f"filter, position {position}: found {token}, expected ")
    assert expected in error.value.detail


def refusal(text: str) -> str:
    with pytest.raises(InvalidFilter) as error:
        parse_filter(text)
    return error.value.detail


def test_a_filter_of_the_greatest_length_is_read_and_one_longer_is_not() -> None:
    value = "v" * (LONGEST_FILTER - len('a eq ""'))
    assert parse_filter(f'a eq "{value}"') == equals("a", value)
    assert str(LONGEST_FILTER) in refusal(f'a eq "{value}v"')


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("not(", ")"), ("not (", ")")])
def test_nesting_is_read_to_the_greatest_depth_and_no_deeper(opening: str, closing: str) -> None:
    tree = parse_filter(opening * DEEPEST_NESTING + "a pr" + closing * DEEPEST_NESTING)
    assert str(tree).count("Not(") == (0 if opening == "(" else DEEPEST_NESTING)
    deeper = opening * (DEEPEST_NESTING + 1) + "a pr" + closing * (DEEPEST_NESTING + 1)
    assert f"at most {DEEPEST_NESTING} levels" in refusal(deeper)


def test_conditions_are_read_up_to_the_greatest_number() -> None:
    tree = parse_filter(" or ".join(["a pr"] * MOST_TERMS))
    assert isinstance(tree, Or)
    assert len(tree.terms) == MOST_TERMS
    assert f"at most {MOST_TERMS} conditions" in refusal(" and ".join(["a pr"] * (MOST_TERMS + 1)))


def test_numbers_have_a_greatest_length_and_exponent() -> None:
    assert "at most 128 characters" in refusal("a eq " + "9" * 5000)
    assert "exponent of at most" in refusal("a eq 1e" + "9" * 100)
    assert "exponent of at most" in refusal("a eq 1e-10001")


PATHOLOGICAL: dict[str, Callable[[int], str]] = {
    "escaped quotes without an end": lambda size: 'a eq "' + r"\"" * (size // 2) + "\x01",
    "quotes": lambda size: '"' * size,
    "broken strings": lambda size: '"\x01 ' * (size // 3),
    "open parentheses": lambda size: "(" * size,
    "negations": lambda size: "not(" * (size // 4),
    "open brackets": lambda size: "a[" * (size // 2),
    "spaces": lambda size: " " * size,
    "spaces before brackets": lambda size: " [" * (size // 2),
    "colons": lambda size: "a:" * (size // 2) + "9",
    "dots": lambda size: "a." * (size // 2),
    "digits": lambda size: "a eq 1" + "1" * (size - 7) + "e",
    "closing brackets": lambda size: "]." * (size // 2),
}


@pytest.mark.parametrize("shape", PATHOLOGICAL)
def test_pathological_texts_cost_no_more_than_their_length(shape: str) -> None:
    text = PATHOLOGICAL[shape](LONGEST_FILTER)
    for _ in range(100):  # at quadratic cost these would take minutes
        refusal(text)


def calls(text: str) -> int:
    count = 0

    def note(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(note)
    try:
        parse(text)
    finally:
        sys.setprofile(None)
    return count


def test_the_work_of_the_parser_grows_with_the_number_of_terms() -> None:
    few, many = (calls(" and ".join(['a eq "x"'] * terms)) for terms in (MOST_TERMS // 4, MOST_TERMS))
    assert many < 4.5 * few


def test_the_same_text_gives_the_same_tree() -> None:
    assert parse_filter('userName eq "once"') is parse_filter('userName eq "once"')
