"""From the logic of a filter to SQL, whatever its leaves are about.

Each `and` is driven by its most selective term that an index can answer, and the other terms are
conditions on what that finds; an `or` of such terms is their union; everything else looks at all rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause, Select, and_, not_, or_

from mock_samanage.scim.bound import (
    BoundAnd,
    BoundCompare,
    BoundConstant,
    BoundFilter,
    BoundNot,
    BoundOr,
    BoundPresent,
    BoundValuePath,
)
from mock_samanage.store.predicates import Condition, known
from mock_samanage.store.rank import NEVER

Leaf = BoundCompare | BoundPresent | BoundValuePath


@dataclass(frozen=True, slots=True)
class Place:
    """What conditions are about: a row of some table, and the column that says which resource's it is."""

    row: FromClause
    rid: ColumnElement[int]


@dataclass(frozen=True, slots=True)
class Rows:
    """A SELECT of resource ids in its only column `rid`; further conditions may be about `at`."""

    select: Select[Any]
    at: Place

    def where(self, *conditions: Condition) -> Rows:
        """The rows that meet the conditions as well."""
        return Rows(self.select.where(*conditions), self.at)


class Scope(Protocol):
    """The meaning of leaves for one kind of row."""

    def base(self) -> Rows:
        """All rows."""

    def drive(self, leaf: Leaf) -> list[Rows] | None:
        """The rows that satisfy the leaf, found by an index; None where no index helps."""

    def test(self, leaf: Leaf, at: Place) -> Condition:
        """Whether a row satisfies the leaf."""

    def rank(self, leaf: Leaf) -> float:
        """How selective the leaf is, from 0; see `rank`."""


def rows(scope: Scope, tree: BoundFilter) -> list[Rows]:
    """The rows that satisfy the filter; together they may hold one twice."""
    found = driven(scope, tree)
    if found is not None:
        return found
    base = scope.base()
    return [base.where(condition(scope, tree, base.at))]


def driven(scope: Scope, tree: BoundFilter) -> list[Rows] | None:
    """The rows that satisfy the filter, found by indexes; None where that takes a look at all rows."""
    if isinstance(tree, BoundCompare | BoundPresent | BoundValuePath):
        return scope.drive(tree)
    if isinstance(tree, BoundAnd):
        return _driven_by_best(scope, tree)
    if isinstance(tree, BoundOr):
        parts = [driven(scope, term) for term in tree.terms]
        return None if None in parts else [found for part in parts for found in part or []]
    return None


def _driven_by_best(scope: Scope, tree: BoundAnd) -> list[Rows] | None:
    terms = sorted(tree.terms, key=lambda term: rank_of(scope, term))
    for at, best in enumerate(terms):
        found = driven(scope, best)
        if found is not None:
            others = terms[:at] + terms[at + 1 :]
            return [part.where(*(condition(scope, term, part.at) for term in others)) for part in found]
    return None


def condition(scope: Scope, tree: BoundFilter, at: Place) -> Condition:
    """Whether a row satisfies the filter."""
    if isinstance(tree, BoundAnd):
        return and_(*(condition(scope, term, at) for term in tree.terms))
    if isinstance(tree, BoundOr):
        return or_(*(condition(scope, term, at) for term in tree.terms))
    if isinstance(tree, BoundNot):
        return not_(condition(scope, tree.term, at))
    if isinstance(tree, BoundConstant):
        return known(tree.value)
    return scope.test(tree, at)


def rank_of(scope: Scope, tree: BoundFilter) -> float:
    """How selective a filter is: as its best term if all must hold, as its worst if one must."""
    if isinstance(tree, BoundAnd):
        return min(rank_of(scope, term) for term in tree.terms)
    if isinstance(tree, BoundOr):
        return max(rank_of(scope, term) for term in tree.terms) + 0.25
    if isinstance(tree, BoundNot | BoundConstant):
        return NEVER
    return scope.rank(tree)
