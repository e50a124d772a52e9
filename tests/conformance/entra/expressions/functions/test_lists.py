"""Several values (FUNC)."""

from __future__ import annotations

import pytest

from conformance.entra.expressions import EvaluationError
from conformance.entra.values import AppRole, RoleFlow, Roles, Value
from tests.conformance.entra.expressions.evaluating import value

ADDRESSES = ("smtp:a@x.example", "SMTP:b@x.example", "smtp:a@x.example")
ROLES = Roles(RoleFlow.COMPLEX, (AppRole("1", "admin", "Administrator"), AppRole("2", "", "Viewer")))


@pytest.mark.parametrize(("given", "number"), [(ADDRESSES, 3), ("one", 1), (None, 0), (ROLES, 2)])
def test_count(given: Value, number: int) -> None:
    assert value("Count([a])", a=given) == number


def test_item_counts_from_one() -> None:
    assert value("Item([a],2)", a=ADDRESSES) == "SMTP:b@x.example"
    assert value("Item([a],1)", a="one") == "one"
    assert value("Item([a],4)", a=ADDRESSES) is None
    with pytest.raises(EvaluationError, match="Item: index counts from 1, not from 0"):
        value("Item([a],0)", a=ADDRESSES)


def test_join_leaves_no_separator_for_what_is_empty() -> None:
    assert value('Join("-",[department],[employeeId])', department="Ops", employeeId="77") == "Ops-77"
    assert value('Join(" ",[givenName],[surname])', givenName="Mara") == "Mara"
    assert value('Join(", ","",[surname],[givenName])', surname="Lopez", givenName="Mara") == "Lopez, Mara"
    assert value('Join(" ",[givenName],[surname])') == ""


def test_join_expands_several_values_and_numbers() -> None:
    assert value('Join(";",[a],7,[b])', a=("x", "y"), b=True) == "x;y;7;True"
    assert value('Join(";",[a])', a=ROLES) == "admin;Viewer"


def test_remove_duplicates_keeps_the_first_of_each() -> None:
    assert value("RemoveDuplicates([a])", a=ADDRESSES) == ADDRESSES[:2]
    assert value("RemoveDuplicates([a])") is None


@pytest.mark.parametrize(
    ("source", "parts"), [("a;b;c", ("a", "b", "c")), ("a; b", ("a", "b")), ("a;;", ("a",)), (";", None), (None, None)]
)
def test_split_drops_blanks_around_the_parts(source: str | None, parts: tuple[str, ...] | None) -> None:
    assert value('Split([a],";")', a=source) == parts


def test_split_needs_a_delimiter() -> None:
    with pytest.raises(EvaluationError, match="Split: delimiter is a character, not nothing"):
        value('Split("a","")')
