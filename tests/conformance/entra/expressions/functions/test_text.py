"""Texts taken apart and put together (FUNC)."""

from __future__ import annotations

import pytest

from conformance.entra.expressions import EvaluationError
from conformance.entra.values import Redacted
from tests.conformance.entra.expressions.evaluating import value


def test_append_puts_the_suffix_after_the_source() -> None:
    assert value('Append([mailNickname],"-qa")', mailNickname="rosa") == "rosa-qa"
    assert value('Append([mailNickname],"-qa")') is None
    assert value("Append([a],[b])", a="x") == "x"


@pytest.mark.parametrize(
    ("expression", "position"),
    [
        ('InStr("banana","na")', 3),
        ('InStr("banana","na",4)', 5),
        ('InStr("banana","nab")', 0),
        ('InStr("banana","na",9)', 0),
        ('InStr("baNana","NA",4,vbBinaryCompare)', 0),
        ('InStr("baNana","NA",4,vbTextCompare)', 5),
        ('InStr("baNana","NA", ,"vbTextCompare")', 3),
        ('InStr("banana","")', 1),
        ('InStr([absent],"na")', None),
    ],
)
def test_instr_counts_from_one(expression: str, position: int | None) -> None:
    assert value(expression) == position


def test_instr_starts_at_the_first_character_at_the_earliest() -> None:
    with pytest.raises(EvaluationError, match="InStr: start counts from 1, not from 0"):
        value('InStr("banana","na",0)')


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ('Left("Marseille",4)', "Mars"),
        ('Left("Marseille",0)', ""),
        ('Left("Marseille",-1)', "Marseille"),
        ('Left("Nice",40)', "Nice"),
        ("Left([absent],4)", ""),
        ('Left("Marseille","3")', "Mar"),
    ],
)
def test_left(expression: str, found: str) -> None:
    assert value(expression) == found


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ('Mid("Marseille",5,3)', "eil"),
        ('Mid("Marseille",5,300)', "eille"),
        ('Mid("Marseille",50,3)', ""),
        ("Mid([absent],1,2)", None),
    ],
)
def test_mid_is_clipped_at_the_end(expression: str, found: str | None) -> None:
    assert value(expression) == found


@pytest.mark.parametrize("arguments", ['"a",0,1', '"a",1,-1', '"a","x",1', '"a",[absent],1'])
def test_mid_refuses_what_is_no_position(arguments: str) -> None:
    with pytest.raises(EvaluationError, match=r"^Mid: (start|length)"):
        value(f"Mid({arguments})")


def test_strip_spaces_takes_every_blank_and_nothing_else() -> None:
    assert value('StripSpaces(" a b\t ")') == "ab\t"
    assert value("StripSpaces([absent])") is None


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ('Word("red,green;blue",2,",;")', "green"),
        ('Word("red,,green",2,",")', "green"),
        ('Word("a-b]c^d",3,"]^-")', "c"),
        ('Word("red green",0," ")', ""),
        ('Word("red green",3," ")', ""),
        ('Word([absent],1," ")', ""),
        ('Word("red green",1,"")', "red green"),
    ],
)
def test_word(expression: str, found: str) -> None:
    assert value(expression) == found


def test_a_redacted_value_flows_and_stays_redacted_whatever_is_made_of_it() -> None:
    assert value("Redact([employeeId])", employeeId="77") == Redacted("77")
    assert value('Append(Redact([employeeId]),"-x")', employeeId="77") == Redacted("77-x")
    assert value('IIF([a]="1",Redact([employeeId]),"")', a="1", employeeId="77") == Redacted("77")
    assert value("Redact(Now())") == Redacted("4/5/2031 10:30:15 AM")
    assert value("Redact([absent])") is None


def test_redacted_values_are_single() -> None:
    with pytest.raises(EvaluationError, match="a redacted value cannot become several"):
        value('Split(Redact([a]),",")', a="1,2")


def test_several_values_are_no_text() -> None:
    with pytest.raises(EvaluationError, match="Append: source has several values where one is needed"):
        value('Append([proxyAddresses],"x")', proxyAddresses=("a", "b"))
    assert value('Append([proxyAddresses],"x")', proxyAddresses=("a",)) == "ax"
