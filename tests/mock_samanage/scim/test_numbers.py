"""Numbers go through JSON without losing a digit."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_samanage.scim.errors import InvalidValue
from mock_samanage.scim.messages import parse_json
from mock_samanage.scim.numbers import ExactEncoder, decoder, exact

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.decimals(-(10**40), 10**40, places=25)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.50", 1.5), ("0.1", 0.1), ("1e2", 100.0), ("-0.0", -0.0), ("0.12345678901234567890", None), ("1E-350", None)],
)
def test_a_number_is_a_float_only_if_that_is_all_of_it(text: str, value: float | None) -> None:
    assert exact(text) == (Decimal(text) if value is None else value)
    assert isinstance(exact(text), Decimal if value is None else float)


@given(st.lists(NUMBERS))
def test_what_is_encoded_reads_back_equal(numbers: list[float | Decimal]) -> None:
    text = ExactEncoder().encode({"numbers": numbers})
    assert [Decimal(str(number)) for number in decoder().decode(text)["numbers"]] == [
        Decimal(str(number)) for number in numbers
    ]


@given(st.text())
def test_no_text_is_mistaken_for_a_number(text: str) -> None:
    assert json.loads(ExactEncoder().encode({"a": text, "b": Decimal("0.12345678901234567890")}))["a"] == text


@pytest.mark.parametrize(
    ("number", "why"), [("1e999", "too large"), ("1e-9999", "too small"), ("1e-99999999999999999999", "too small")]
)
def test_a_number_beyond_every_use_is_refused(number: str, why: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        parse_json(f'{{"a": {number}}}'.encode())
    assert why in refused.value.detail


def test_a_body_keeps_the_digits_of_its_numbers() -> None:
    assert parse_json(b'{"a": 12345678901234567.89}') == {"a": Decimal("12345678901234567.89")}


def test_only_numbers_are_encoded_beyond_json() -> None:
    with pytest.raises(TypeError):
        ExactEncoder().encode({"a": {1}})
