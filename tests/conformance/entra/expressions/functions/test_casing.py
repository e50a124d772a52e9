"""Case as .NET has it (FUNC)."""

from __future__ import annotations

import pytest

from conformance.entra.errors import ExpressionError
from conformance.entra.expressions import EvaluationError
from tests.conformance.entra.expressions.evaluating import value


def test_upper_and_lower() -> None:
    assert value('ToUpper("ab")') == "AB"
    assert value('ToLower("ÄB")') == "äb"
    assert value("ToLower([absent])") is None


def test_one_character_becomes_one_character() -> None:
    assert value('ToUpper("straße")') == "STRAßE"
    assert value('ToLower("ΟΔΟΣ")') == "οδοσ"


def test_the_culture_decides_about_the_dotless_i() -> None:
    assert value('ToUpper("izmir","tr-TR")') == "İZMİR"
    assert value('ToLower("IZMİR","tr-TR")') == "\N{LATIN SMALL LETTER DOTLESS I}zmir"
    assert value('ToUpper("izmir","en-US")') == "IZMIR"


def test_a_culture_is_a_name() -> None:
    with pytest.raises(ExpressionError, match=r"culture is a name such as en-US or tr-TR, not 'english', in column 13"):
        value('ToLower("a","english")')
    with pytest.raises(EvaluationError, match="ToLower: culture is a name"):
        value('ToLower("a",[c])', c="english")


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ('PCase("ANNE LISE")', "Anne Lise"),
        ('PCase("anne-lise (ZWEITE)")', "Anne-Lise (Zweite)"),
        ('PCase("O\'NEILL")', "O'neill"),
        ('PCase("1ST a2b")', "1St A2b"),
        ('PCase("ǆordž")', "ǅordž"),
        ('PCase("D\'AMICO-ROSSI de","\'")', "D'Amico-rossi de"),
        ('PCase("ANNE LISE","")', "Anne lise"),
        ("PCase([absent])", None),
    ],
)
def test_pcase_makes_words(expression: str, found: str | None) -> None:
    assert value(expression) == found
