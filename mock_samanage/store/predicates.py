"""Comparisons as SQL conditions on one alias of the index, or on one text or number."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Text,
    and_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
    true,
)

from mock_samanage.scim.bound import BoundCompare
from mock_samanage.scim.syntax import Operator
from mock_samanage.store.keys import PREFIX
from mock_samanage.store.shape import EDGE, EMPTY, OPEN
from mock_samanage.store.statement import contains, ends_with, starts_with
from mock_samanage.store.tables import long_value

Condition = ColumnElement[bool]

_ORDER: Final = {
    Operator.EQ: lambda left, right: left == right,
    Operator.GT: lambda left, right: left > right,
    Operator.GE: lambda left, right: left >= right,
    Operator.LT: lambda left, right: left < right,
    Operator.LE: lambda left, right: left <= right,
}


def param(kind: str, number: int) -> ColumnElement[str]:
    """The text parameter of a leaf: `k` its key, `p` the prefix of it, `h` what follows the prefix."""
    return bindparam(f"{kind}{number}", type_=Text())


def on_number(column: ColumnElement[int], op: Operator, number: int) -> Condition:
    """The comparison of a column of numbers."""
    return _relation(op, column, bindparam(f"k{number}", type_=BigInteger()))


def on_text(text: ColumnElement[str], op: Operator, number: int) -> Condition:
    """The comparison of a text that stands whole in the row."""
    key = param("k", number)
    if op is Operator.CO:
        return contains(text, key)
    if op is Operator.SW:
        return starts_with(text, key)
    if op is Operator.EW:
        return ends_with(text, key)
    return _relation(op, text, key)


def on_value(row: FromClause, leaf: BoundCompare, operand: str, number: int) -> Condition:
    """The comparison of a row of the attribute index, whose prefix is an index column."""
    prefix, key, head = row.c.prefix, param("k", number), param("p", number)
    if operand == EMPTY:
        return true()
    if leaf.op in {Operator.CO, Operator.EW}:
        return on_text(whole_key(row), leaf.op, number)
    if leaf.op is Operator.SW:
        return _begins(row, operand, number)
    if operand != EDGE:
        return _relation(leaf.op, prefix, key)
    if leaf.op is Operator.EQ:
        return and_(prefix == head, whole_key(row) == key)
    wide = Operator.GE if leaf.op in {Operator.GT, Operator.GE} else Operator.LE
    return and_(_relation(wide, prefix, head), or_(prefix != head, _relation(leaf.op, whole_key(row), key)))


def _begins(row: FromClause, operand: str, number: int) -> Condition:
    prefix, key = row.c.prefix, param("k", number)
    if operand == EDGE:
        return and_(prefix == param("p", number), starts_with(whole_key(row), key))
    if operand == OPEN:
        return prefix >= key
    return and_(prefix >= key, prefix < param("h", number))


def whole_key(row: FromClause) -> ColumnElement[str]:
    """The whole key of a row; only a full prefix makes the database look for a longer one."""
    longer = (
        select(long_value.c.key)
        .where(
            long_value.c.rid == row.c.rid,
            long_value.c.slot == row.c.slot,
            long_value.c.element == row.c.element,
        )
        .correlate(row)
        .scalar_subquery()
    )
    return case((func.length(row.c.prefix) < PREFIX, row.c.prefix), else_=func.coalesce(longer, row.c.prefix))


def known(outcome: Any) -> Condition:
    """A condition whose truth is known before the query."""
    return true() if outcome else false()


def _relation(op: Operator, left: ColumnElement[Any], right: ColumnElement[Any]) -> Condition:
    made: Condition = _ORDER[op](left, right)
    return made
