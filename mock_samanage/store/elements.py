"""Leaves about the elements of one attribute, for value paths: `emails[type eq "work" and value co "x"]`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import ColumnElement, FromClause, exists, literal_column, select

from mock_samanage.scim.bound import BoundCompare, BoundPresent, BoundValuePath
from mock_samanage.scim.schema import AttributeType, Resolved
from mock_samanage.store import tables
from mock_samanage.store.compose import Leaf, Place, Rows
from mock_samanage.store.keys import slot
from mock_samanage.store.predicates import Condition, on_value
from mock_samanage.store.rank import rank
from mock_samanage.store.shape import operand_class

Numbers = Mapping[BoundCompare, int]
Owner = Callable[[FromClause], Condition]
ONE: ColumnElement[int] = literal_column("1")


def slots_of(type_name: str, resolved: Resolved) -> list[int]:
    """The slots an attribute's values stand in: its own, or those of its sub-attributes."""
    if resolved.target.type is not AttributeType.COMPLEX:
        return [slot(type_name, resolved.path)]
    attribute, extension = resolved.attribute, resolved.extension
    return [slot(type_name, Resolved(attribute, sub, extension).path) for sub in attribute.sub_attributes]


def in_slots(row: FromClause, slots: Iterable[int]) -> Condition:
    """Whether a row of the index stands in one of the slots; they are part of the text, for the planners."""
    numbers: list[ColumnElement[int]] = [literal_column(str(number)) for number in slots]
    found: Condition = row.c.slot == numbers[0] if len(numbers) == 1 else row.c.slot.in_(numbers)
    return found


def leaf_holds(row: FromClause, leaf: BoundCompare | BoundPresent, type_name: str, numbers: Numbers) -> Condition:
    """Whether the value in a row satisfies the leaf; `pr` wants text that is not empty."""
    if isinstance(leaf, BoundPresent):
        present: Condition = row.c.prefix != literal_column("''")
        return present
    return on_value(row, leaf, str(operand_class(leaf, type_name)), numbers[leaf])


class Elements:
    """The elements of an attribute, of all resources or of one, as `owner` says."""

    def __init__(self, type_name: str, resolved: Resolved, numbers: Numbers, owner: Owner) -> None:
        self._type = type_name
        self._resolved = resolved
        self._numbers = numbers
        self._owner = owner

    def base(self) -> Rows:
        """One row for each value, so that an element comes once for each of its sub-attributes."""
        return self._rows(slots_of(self._type, self._resolved))

    def drive(self, leaf: Leaf) -> list[Rows] | None:
        """The values that satisfy the leaf."""
        assert not isinstance(leaf, BoundValuePath)  # brackets do not nest
        found = self._rows(slots_of(self._type, leaf.resolved))
        return [found.where(leaf_holds(found.at.row, leaf, self._type, self._numbers))]

    def test(self, leaf: Leaf, at: Place) -> Condition:
        """Whether the element of a row has a value that satisfies the leaf."""
        assert not isinstance(leaf, BoundValuePath)
        other = tables.value.alias()
        return exists(
            select(ONE)
            .select_from(other)
            .where(
                other.c.rid == at.rid,
                in_slots(other, slots_of(self._type, leaf.resolved)),
                other.c.element == at.row.c.element,
                leaf_holds(other, leaf, self._type, self._numbers),
            )
            .correlate(at.row)
        )

    def rank(self, leaf: Leaf) -> float:
        """See `rank`."""
        assert not isinstance(leaf, BoundValuePath)
        return rank(leaf)

    def _rows(self, slots: Iterable[int]) -> Rows:
        row = tables.value.alias()
        return Rows(select(row.c.rid).where(self._owner(row), in_slots(row, slots)), Place(row, row.c.rid))
