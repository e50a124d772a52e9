"""Folding, instants, numbers, keys, and which operators each type has."""

from __future__ import annotations

from decimal import Decimal
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_samanage.scim.comparison import Key, check_operator, fold, fold_name, holds, instant, key, number, operand
from mock_samanage.scim.errors import InvalidFilter
from mock_samanage.scim.filter import Literal, Operator
from mock_samanage.scim.schema import Attribute, AttributeType, Returned

TYPES = {kind: Attribute(kind.value, kind) for kind in AttributeType}
EXACT = Attribute("exact", case_exact=True)
ORDERING = {Operator.GT, Operator.GE, Operator.LT, Operator.LE}
SUBSTRING = {Operator.CO, Operator.SW, Operator.EW}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Straße", "STRASSE"),
        ("ÉCOLE", "e\u0301cole"),
        ("ΟΔΟΣ", "οδος"),
        ("\ufb01n", "FIN"),  # ligature
        ("\u212b", "å"),  # Angstrom sign
        ("\U00010400", "\U00010428"),  # Deseret, beyond the BMP
        ("İ", "i\u0307"),
        ("Ǆ", "ǆ"),
    ],
)
def test_texts_that_differ_in_case_or_composition_fold_alike(left: str, right: str) -> None:
    assert fold(left) == fold(right)


@pytest.mark.parametrize(("left", "right"), [("\u0131", "i"), ("İ", "i"), ("é", "e"), ("\U0001f600", "\U0001f601")])
def test_texts_that_differ_in_more_fold_apart(left: str, right: str) -> None:
    assert fold(left) != fold(right)


@pytest.mark.parametrize("name", ["\uff22\uff2a@x.example", "bj\uff20x.example", "BJ@X.example"])
def test_names_that_differ_in_width_are_one_name(name: str) -> None:
    assert fold_name(name) == fold_name("bj@x.example")
    assert key(Attribute("userName"), name) == "bj@x.example"


def test_width_counts_in_other_texts() -> None:
    assert key(Attribute("title"), "\uff22\uff2a") == "\uff42\uff4a"


@given(st.text())
def test_composition_makes_no_difference_to_the_fold(text: str) -> None:
    assert fold(normalize("NFD", text)) == fold(normalize("NFC", text)) == fold(text)


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_case_makes_no_difference_to_the_fold_of_ascii(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00", 0),
        ("1970-01-01T02:00:00+02:00", 0),
        ("1969-12-31T10:00:00-14:00", 0),
        ("1970-01-01T00:00:00.5Z", 500_000),
        ("1970-01-01T00:00:00.123456789Z", Decimal("123456.789")),
        ("1969-12-31T23:59:59.9999995+00:00", Decimal("-0.5")),
        ("1970-01-01T00:00:00.1234560Z", 123_456),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("2011-05-13T04:42:34Z", 1_305_261_754_000_000),
        ("2000-02-29T00:00:00-00:00", 951_782_400_000_000),
        ("9999-12-31T23:59:59.999999-14:00", 253_402_351_199_999_999),
        ("0001-01-01T00:00:00+14:00", -62_135_647_200_000_000),
    ],
)
def test_an_instant_counts_microseconds_since_1970(text: str, microseconds: int | Decimal) -> None:
    assert instant(text) == microseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2011-05-13",
        "2011-05-13 04:42:34Z",
        "2011-05-13t04:42:34z",
        "2011-5-13T04:42:34Z",
        "2011-02-29T00:00:00Z",
        "2011-13-01T00:00:00Z",
        "2011-05-13T24:00:00Z",
        "2016-12-31T23:59:60Z",
        "2011-05-13T04:42Z",
        "2011-05-13T04:42:34.Z",
        "2011-05-13T04:42:34+1:00",
        "2011-05-13T04:42:34+14:01",
        "2011-05-13T04:42:34+01:60",
        "0000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "12011-05-13T04:42:34Z",
        "2011-05-13T04:42:34Z\n",
        "٢٠١١-05-13T04:42:34Z",
    ],
)
def test_what_is_no_instant_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        instant(text)


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (1.5, Decimal("1.5")),
        (Decimal("1.50"), Decimal("1.5")),
        (1.1, Decimal("1.1")),
        (5.0, 5),
        (Decimal("5E2"), 500),
        (Decimal("-0.0"), 0),
        (2**53 + 1, 9007199254740993),
        (Decimal("9007199254740993.0"), 9007199254740993),
        (1e22, 10**22),
        (Decimal("-15E-1"), Decimal("-1.5")),
    ],
)
def test_numbers_are_exact_and_have_one_form(value: float | Decimal, exact: int | Decimal) -> None:
    assert number(value) == exact
    assert str(number(value)) == str(exact)


def test_numbers_of_any_size_are_compared_without_being_written_out() -> None:
    assert holds(Operator.GT, number(Decimal("1E+10000")), 10**400)
    assert holds(Operator.LT, number(Decimal("-1E+10000")), number(Decimal("1E-10000")))


@pytest.mark.parametrize("value", [float("inf"), float("nan"), Decimal("NaN"), Decimal("-Infinity")])
def test_infinity_is_no_number(value: float | Decimal) -> None:
    with pytest.raises(ValueError, match="not a number"):
        number(value)


@pytest.mark.parametrize(
    ("attribute", "value", "expected"),
    [
        (TYPES[AttributeType.STRING], "ÄB", "äb"),
        (EXACT, "ÄB", "ÄB"),
        (EXACT, "e\u0301", "e\u0301"),
        (TYPES[AttributeType.REFERENCE], "https://Example.com/A", "https://Example.com/A"),
        (TYPES[AttributeType.BINARY], "QUJD", "QUJD"),
        (TYPES[AttributeType.BOOLEAN], False, False),
        (TYPES[AttributeType.INTEGER], 7, 7),
        (TYPES[AttributeType.DECIMAL], 2.50, Decimal("2.5")),
        (TYPES[AttributeType.DATETIME], "1970-01-01T00:00:01+00:00", 1_000_000),
    ],
)
def test_the_key_of_a_value_follows_the_type(attribute: Attribute, value: object, expected: Key) -> None:
    assert key(attribute, value) == expected


@pytest.mark.parametrize("kind", list(AttributeType))
@pytest.mark.parametrize("value", [None, {}, [], "x", 1, True, 1.5])
def test_a_value_of_another_type_has_no_key(kind: AttributeType, value: object) -> None:
    fitting: dict[AttributeType, tuple[type, ...]] = {
        AttributeType.STRING: (str,),
        AttributeType.REFERENCE: (str,),
        AttributeType.BINARY: (str,),
        AttributeType.BOOLEAN: (bool,),
        AttributeType.INTEGER: (int, float),
        AttributeType.DECIMAL: (int, float),
    }
    if type(value) in fitting.get(kind, ()):
        assert key(TYPES[kind], value) is not None
    else:
        with pytest.raises(ValueError, match=r"."):
            key(TYPES[kind], value)


def allowed(kind: AttributeType, op: Operator) -> bool:
    if op in ORDERING:
        return kind not in {AttributeType.BOOLEAN, AttributeType.BINARY, AttributeType.COMPLEX}
    if op in SUBSTRING:
        return kind in {AttributeType.STRING, AttributeType.REFERENCE}
    return kind is not AttributeType.COMPLEX


@pytest.mark.parametrize("op", list(Operator))
@pytest.mark.parametrize("kind", list(AttributeType))
def test_each_type_has_the_operators_of_the_table(kind: AttributeType, op: Operator) -> None:
    if allowed(kind, op):
        check_operator(TYPES[kind], op, "x")
    else:
        with pytest.raises(InvalidFilter, match=f"^{kind} is {kind}"):
            check_operator(TYPES[kind], op, "x")


@pytest.mark.parametrize("op", list(Operator))
def test_an_attribute_that_is_never_returned_has_no_operator(op: Operator) -> None:
    with pytest.raises(InvalidFilter, match="never shown"):
        check_operator(Attribute("password", returned=Returned.NEVER), op, "x")


@pytest.mark.parametrize("op", list(Operator))
def test_null_goes_with_eq_and_ne_only(op: Operator) -> None:
    if op in {Operator.EQ, Operator.NE}:
        check_operator(EXACT, op, None)
    else:
        with pytest.raises(InvalidFilter, match="null has no meaning"):
            check_operator(EXACT, op, None)


@pytest.mark.parametrize(
    ("kind", "literal", "example"),
    [
        (AttributeType.STRING, 5, 'a string in double quotes, such as "x"'),
        (AttributeType.STRING, True, "a string in double quotes"),
        (AttributeType.BOOLEAN, 1, "true or false"),
        (AttributeType.BOOLEAN, "yes", "true or false"),
        (AttributeType.INTEGER, "5", "a number, such as 5"),
        (AttributeType.DECIMAL, False, "a number, such as 1.5"),
        (AttributeType.DATETIME, "yesterday", "a dateTime, such as"),
        (AttributeType.DATETIME, 5, "a dateTime, such as"),
    ],
)
def test_a_literal_of_another_type_is_refused_with_an_example(
    kind: AttributeType, literal: Literal, example: str
) -> None:
    with pytest.raises(InvalidFilter, match=f"{kind} is {kind} and compares with {example}"):
        operand(TYPES[kind], literal, coerce=True)


@pytest.mark.parametrize("literal", ["true", "True", "TRUE", "false", "False"])
def test_quoted_booleans_count_where_the_caller_allows_it(literal: str) -> None:
    attribute = TYPES[AttributeType.BOOLEAN]
    assert operand(attribute, literal, coerce=True) is (literal.lower() == "true")
    with pytest.raises(InvalidFilter):
        operand(attribute, literal, coerce=False)


def test_a_long_literal_makes_no_long_message() -> None:
    with pytest.raises(InvalidFilter) as error:
        operand(TYPES[AttributeType.DATETIME], "x" * 10_000, coerce=True)
    assert len(error.value.detail) < 300


@given(st.text(max_size=5), st.text(max_size=5))
def test_order_and_equality_of_keys_agree(left: str, right: str) -> None:
    one, two = fold(left), fold(right)
    assert holds(Operator.GE, one, two) == (holds(Operator.GT, one, two) or holds(Operator.EQ, one, two))
    assert holds(Operator.LE, one, two) == (not holds(Operator.GT, one, two))
    assert holds(Operator.LT, one, two) == (not holds(Operator.GE, one, two))
    assert holds(Operator.NE, one, two) == (not holds(Operator.EQ, one, two))
