"""Pages that go on from a known position, instead of counting from the first resource.

Resources that come and go elsewhere neither repeat nor hide any other, which offsets cannot promise. The
order is that of `sorting`: whether there is a value, its keys, and the rid, which rises in both directions.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, not_, or_

from mock_samanage.store.model import Position
from mock_samanage.store.predicates import Condition
from mock_samanage.store.sorting import Order

_RID: Final[ColumnElement[int]] = bindparam("seek_rid", type_=BigInteger())


class Anchor(Enum):
    """What a page goes on from."""

    NOTHING = auto()
    ASSIGNED = auto()
    UNASSIGNED = auto()


@dataclass(frozen=True, slots=True)
class Seek:
    """The part of a walk that decides the SQL: what it goes on from, and whether it goes back."""

    anchor: Anchor
    backward: bool


def seek_of(position: Position | None, *, backward: bool) -> Seek:
    """The seek to a position, to the outermost resource if that is None."""
    if position is None:
        return Seek(Anchor.NOTHING, backward)
    return Seek(Anchor.UNASSIGNED if position.keys is None else Anchor.ASSIGNED, backward)


def parameters(position: Position | None) -> dict[str, Any]:
    """The parameters of the conditions about a position."""
    if position is None:
        return {}
    return {"seek_rid": position.rid, **{f"seek{at}": key for at, key in enumerate(position.keys or ())}}


def beyond(seek: Seek | None, order: Order | None, rid: ColumnElement[int]) -> list[Condition]:
    """What holds for resources beyond the position; nothing where there is none."""
    if seek is None or seek.anchor is Anchor.NOTHING:
        return []
    later = rid < _RID if seek.backward else rid > _RID
    if order is None:
        return [later]
    falling = order.descending != seek.backward  # the resources without a value come first
    unassigned = order.keys[0].is_(None)
    if seek.anchor is Anchor.UNASSIGNED:
        same = and_(unassigned, later)
        return [or_(same, not_(unassigned)) if falling else same]
    greater = _greater(order, later, falling=falling)
    return [greater if falling else or_(greater, unassigned)]


def _greater(order: Order, later: Condition, *, falling: bool) -> Condition:
    """The comparison of the keys and the rid, as of one value with many digits."""
    found = later
    for at in reversed(range(len(order.keys))):
        key = order.keys[at]
        held: ColumnElement[Any] = bindparam(f"seek{at}", type_=order.type)
        found = or_(key < held if falling else key > held, and_(key == held, found))
    return found
