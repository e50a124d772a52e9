"""Plain letters (FUNC)."""

from __future__ import annotations

from unicodedata import normalize

import pytest

from conformance.entra.expressions.functions.diacritics import table
from tests.conformance.entra.expressions.evaluating import value


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("Łódź", "Lodz"),
        ("Müßig", "Mussig"),
        ("Øre", "OEre"),
        ("smørrebrød", "smoerrebroed"),
        ("Ærø", "AEroe"),
        ("Çağdaş", "Cagdas"),
        ("ǭ ṑ ṳ̄", "o o u"),
        ("ķ đ œ", "ķ đ œ"),
        ("plain", "plain"),
    ],
)
def test_letters_of_the_table_lose_their_marks(marked: str, plain: str) -> None:
    assert value("NormalizeDiacritics([a])", a=marked) == plain
    assert value("NormalizeDiacritics([a])", a=normalize("NFD", marked)) == plain


def test_no_value_stays_none() -> None:
    assert value("NormalizeDiacritics([absent])") is None


def test_the_table_has_every_letter_once_and_in_both_cases() -> None:
    assert len(table()) > 250
    assert {each.lower() for each in table().values()} == {each for each in table().values() if each.islower()}
