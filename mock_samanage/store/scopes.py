"""Leaves about whole resources of one type: values, columns, elements and memberships.

What starts from the account uses the index that orders values, what is bound to a known resource uses
the primary key, which keeps a resource's values together. Neither is given the means to do the other's
work, so that no planner can choose badly.
"""

from __future__ import annotations

from sqlalchemy import (
    Alias,
    BigInteger,
    ColumnElement,
    FromClause,
    Text,
    bindparam,
    cast,
    exists,
    literal_column,
    or_,
    select,
)

from mock_samanage.scim.bound import BoundCompare, BoundFilter, BoundPresent, BoundValuePath
from mock_samanage.scim.schema import Resolved, ResourceType
from mock_samanage.scim.syntax import Operator
from mock_samanage.store import tables
from mock_samanage.store.compose import Leaf, Place, Rows, condition, driven, rank_of, rows
from mock_samanage.store.elements import ONE, Elements, Numbers, in_slots, leaf_holds, slots_of
from mock_samanage.store.links import Links, is_link
from mock_samanage.store.predicates import Condition, known, on_number, on_text
from mock_samanage.store.rank import ANYTHING, rank
from mock_samanage.store.shape import operand_class
from mock_samanage.store.statement import by_code_point

ACCOUNT: ColumnElement[int] = bindparam("account", type_=BigInteger())
_ID = ("id", Operator.EQ)
_FENCE: ColumnElement[int] = literal_column("0")  # PostgreSQL joins no subquery with OFFSET to all memberships
_TIMES = {"meta.created": "created", "meta.lastModified": "modified"}


class Resources:
    """The resources of one type in the account that the parameter `account` names."""

    def __init__(self, kind: ResourceType, numbers: Numbers) -> None:
        self._type = kind.name
        self._numbers = numbers

    def base(self) -> Rows:
        """All resources of the type."""
        row = tables.resource.alias()
        return Rows(select(row.c.rid).where(row.c.account == ACCOUNT, of_type(row, self._type)), Place(row, row.c.rid))

    def drive(self, leaf: Leaf) -> list[Rows] | None:
        """The resources that satisfy the leaf."""
        if is_column(leaf.resolved):
            return self._drive_column(leaf)
        if is_link(leaf.resolved):
            parts = driven(self._links(leaf.resolved), _inner(leaf))  # a look at each resource beats all memberships
            return parts and [part.where(self._is_own(part.at)) for part in parts]
        if isinstance(leaf, BoundValuePath):
            return rows(Elements(self._type, leaf.resolved, self._numbers, _of_account), leaf.filter)
        row = tables.value.alias()
        found = select(row.c.rid).where(_of_account(row), in_slots(row, slots_of(self._type, leaf.resolved)))
        return [Rows(found, Place(row, row.c.rid)).where(leaf_holds(row, leaf, self._type, self._numbers))]

    def test(self, leaf: Leaf, at: Place) -> Condition:
        """Whether the resource with the row's rid satisfies the leaf."""
        if is_column(leaf.resolved):
            return self._test_column(leaf, at)
        if is_link(leaf.resolved):
            links = self._links(leaf.resolved, bound=True)
            found = rows(links, _inner(leaf))
            parts = (part.select.where(links.own == at.rid).correlate(at.row) for part in found)
            return or_(*(exists(part.offset(_FENCE)) for part in parts))
        if isinstance(leaf, BoundValuePath):
            elements = Elements(self._type, leaf.resolved, self._numbers, lambda element: element.c.rid == at.rid)
            return or_(*(exists(part.select.correlate(at.row)) for part in rows(elements, leaf.filter)))
        other = tables.value.alias()
        return exists(
            select(ONE)
            .select_from(other)
            .where(
                other.c.rid == at.rid,
                in_slots(other, slots_of(self._type, leaf.resolved)),
                leaf_holds(other, leaf, self._type, self._numbers),
            )
            .correlate(at.row)
        )

    def rank(self, leaf: Leaf) -> float:
        """See `rank`; an element is as selective as what it must have."""
        if not isinstance(leaf, BoundValuePath):
            return rank(leaf)
        scope = Elements(self._type, leaf.resolved, self._numbers, _of_account)
        return min(rank_of(scope, leaf.filter), ANYTHING) + 0.5

    def _links(self, resolved: Resolved, *, bound: bool = False) -> Links:
        return Links(self._type, resolved.attribute.name, self._numbers, ACCOUNT, bound=bound)

    def _is_own(self, at: Place) -> Condition:
        """Whether a resource is of this scope's type: groups have groups too, without an attribute that says so."""
        own = tables.resource.alias()
        found = select(ONE).select_from(own).where(own.c.rid == at.rid, of_type(own, self._type))
        return exists(found.correlate(at.row))

    def _drive_column(self, leaf: Leaf) -> list[Rows] | None:
        if isinstance(leaf, BoundValuePath):
            return driven(self, leaf.filter)
        if isinstance(leaf, BoundPresent) or not (leaf.path == "meta.lastModified" or (leaf.path, leaf.op) == _ID):
            return None
        found = self.base()
        return [found.where(self._column(leaf, found.at.row))]

    def _test_column(self, leaf: Leaf, at: Place) -> Condition:
        if isinstance(leaf, BoundValuePath):
            return condition(self, leaf.filter, at)
        if isinstance(at.row, Alias) and at.row.element is tables.resource:
            return self._column(leaf, at.row)
        other = tables.resource.alias()
        found = select(ONE).select_from(other).where(other.c.rid == at.rid, self._column(leaf, other))
        return exists(found.correlate(at.row))

    def _column(self, leaf: BoundCompare | BoundPresent, row: FromClause) -> Condition:
        if isinstance(leaf, BoundPresent):
            return known(True)
        number = self._numbers[leaf]
        if leaf.path in _TIMES:
            return on_number(row.c[_TIMES[leaf.path]], leaf.op, number)
        if leaf.path == "meta.version":
            return on_text(version_text(row), leaf.op, number)
        if leaf.path == "id":
            return on_text(row.c.id, leaf.op, number)
        return known(operand_class(leaf, self._type))


def is_column(resolved: Resolved) -> bool:
    """Whether the attribute stands in the resource's own row."""
    return resolved.extension is None and resolved.attribute.name in {"id", "meta"}


def of_type(row: FromClause, type_name: str) -> Condition:
    """Whether a resource is of the type; its name is part of the text, for the planners."""
    found: Condition = row.c.type == literal_column(f"'{type_name}'")
    return found


def version_text(row: FromClause) -> ColumnElement[str]:
    """The text of `meta.version`, as tenants show it: a weak entity-tag."""
    return by_code_point(
        literal_column("'W/\"'", Text()) + cast(row.c.version, Text()) + literal_column("'\"'", Text())
    )


def _of_account(row: FromClause) -> Condition:
    found: Condition = row.c.account == ACCOUNT
    return found


def _inner(leaf: Leaf) -> BoundFilter:
    return leaf.filter if isinstance(leaf, BoundValuePath) else leaf
