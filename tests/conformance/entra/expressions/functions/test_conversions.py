"""Other types and spellings (FUNC)."""

from __future__ import annotations

import pytest

from conformance.entra.expressions import EvaluationError
from conformance.entra.values import Value
from tests.conformance.entra.expressions.evaluating import value


@pytest.mark.parametrize(
    ("expression", "bits"), [("BitAnd(12,10)", 8), ("BitAnd(&HF,&HA3)", 3), ('BitAnd("12","&HA")', 8)]
)
def test_bitand_takes_decimal_and_hexadecimal_numbers(expression: str, bits: int) -> None:
    assert value(expression) == bits


def test_bitand_takes_numbers_only() -> None:
    with pytest.raises(EvaluationError, match="BitAnd: value2 is no number: 'x'"):
        value('BitAnd(1,"x")')
    with pytest.raises(EvaluationError, match="BitAnd: value1 has no value"):
        value("BitAnd([absent],1)")


@pytest.mark.parametrize(
    ("argument", "truth"),
    [
        ("[a]=[b]", True),
        ("[a]=[c]", False),
        ("[absent]=[absent]", False),
        ("2", True),
        ("0", False),
        ('"0"', False),
        ('"true"', True),
        ('"yes"', False),
        ("[absent]", False),
    ],
)
def test_cbool(argument: str, truth: bool) -> None:  # noqa: FBT001
    assert value(f"CBool({argument})", a="1", b="1", c="2") is truth


def test_several_values_are_not_compared_and_not_true() -> None:
    assert value("CBool([a])", a=("x", "y")) is False
    with pytest.raises(EvaluationError, match="a side of the comparison has several values where one is needed"):
        value('CBool([a]="x")', a=("x", "y"))


def test_numbers_are_compared_as_numbers_where_they_are_some() -> None:
    assert value("CBool([a]<10)", a="9.5") is True
    assert value("CBool([a]<10)", a=float("nan")) is False
    assert value('CBool([a]<"10")', a="+9") is True
    assert value('CBool([a]<"10")', a="٣") is False
    assert value('CBool(Redact([a])="9")', a="9") is True


@pytest.mark.parametrize(
    ("given", "text"), [("x", "x"), (7, "7"), (1.0, "1"), (1.5, "1.5"), (True, "True"), (None, None)]
)
def test_cstr(given: Value, text: str | None) -> None:
    assert value("CStr([a])", a=given) == text


def test_base64_is_of_utf_16() -> None:
    assert value('ConvertToBase64("Hi")') == "SABpAA=="
    assert value("ConvertToBase64([absent])") is None


def test_hex_is_of_utf_8_in_capitals() -> None:
    assert value('ConvertToUTF8Hex("é1")') == "C3A931"
    assert value("ConvertToUTF8Hex([absent])") is None
