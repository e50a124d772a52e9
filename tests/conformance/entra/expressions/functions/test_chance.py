"""Lots are drawn from the context (FUNC)."""

from __future__ import annotations

import uuid

import pytest

from conformance.entra.expressions import EvaluationError
from conformance.entra.expressions.functions.chance import SPECIAL
from tests.conformance.entra.expressions.evaluating import value


def _text(expression: str) -> str:
    found = value(expression)
    assert isinstance(found, str)
    return found


def test_a_guid_is_one_and_the_same_in_a_repeated_run() -> None:
    assert uuid.UUID(_text("Guid()")).version == 4
    assert value("Guid()") == value("Guid()")
    assert value("Append(Guid(),Guid())") != value("Append(Guid(),[absent])")


def test_a_random_string_has_at_least_so_many_of_each_sort() -> None:
    found = _text('RandomString(12,2,1,3,2,"0?")')
    assert len(found) == 12
    assert sum(each.isdigit() for each in found) >= 2
    assert sum(each in SPECIAL for each in found) >= 1
    assert sum(each.isupper() for each in found) >= 3
    assert sum(each.islower() for each in found) >= 2
    assert not {*found} & {*"0?"}


def test_a_sort_that_is_not_asked_for_does_not_come() -> None:
    assert _text("RandomString(40,3,0,0,3)").isalnum()
    assert _text("RandomString(40,3,0,0,3)").islower()


def test_without_minima_every_sort_may_come() -> None:
    assert len(_text("RandomString(256,0,0,0,0)")) == 256


@pytest.mark.parametrize("arguments", ["257,1,1,1,1", "3,1,1,1,1", "0,0,0,0,0", "9,-1,0,0,0", '9,1,0,0,0,"0123456789"'])
def test_what_cannot_be_drawn_is_an_error(arguments: str) -> None:
    with pytest.raises(EvaluationError, match=r"^RandomString: (Length|CharactersToAvoid)"):
        value(f"RandomString({arguments})")
