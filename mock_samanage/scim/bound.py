"""The bound form of a filter: every leaf knows its attribute, its canonical path and its comparison key.

`bind` makes these trees; the evaluator in memory and the store consume them. What is refused has
been refused before a tree exists, so a consumer meets only the combinations described here:

- `BoundCompare.op` is never `ne`: `a ne x` is `BoundNot(BoundCompare(a, eq, x))`, and `a eq null`
  is `BoundNot(BoundPresent(a))`.
- `BoundAnd` and `BoundOr` hold two terms at least and never one of their own kind.
- `BoundNot` never holds another `BoundNot`.
- A `BoundConstant` is always the whole tree, never a part of another node.
- A `BoundValuePath` holds no other `BoundValuePath`.

Trees are immutable and hashable; `resolved` and `literal` take no part in equality, because path
and key say the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mock_samanage.scim.comparison import Key
from mock_samanage.scim.filter import Literal, Operator
from mock_samanage.scim.schema import Resolved


@dataclass(frozen=True, slots=True)
class BoundCompare:
    """Some value at `path` stands in the relation `op` to `key`.

    `path` is the canonical text of an attribute that is not complex: `userName`, `emails.value`,
    `urn:…:enterprise:2.0:User:manager.value`, also inside a bracket; a bare `emails` has become
    `emails.value`, and `schemas[value eq …]` has the path `schemas`.
    `op` is eq, co, sw, ew, gt, ge, lt or le. `key` is what `comparison.key` makes of the literal:
    str for string, reference and binary; bool for boolean; int or Decimal for numbers; int
    microseconds since 1970 UTC for dateTime. A str key never holds U+0000 or a lone surrogate.
    On several values the comparison holds if it holds for one of them.
    """

    path: str
    op: Operator
    key: Key
    resolved: Resolved = field(compare=False, repr=False)
    literal: Literal = field(compare=False, repr=False, default=None)


@dataclass(frozen=True, slots=True)
class BoundPresent:
    """`path` has a value: not null, not the empty string, not an empty list or object.

    `path` may name a complex attribute (`name`, `emails`): one of its sub-attributes has a value.
    """

    path: str
    resolved: Resolved = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class BoundAnd:
    """All terms hold."""

    terms: tuple[BoundFilter, ...]


@dataclass(frozen=True, slots=True)
class BoundOr:
    """One term at least holds."""

    terms: tuple[BoundFilter, ...]


@dataclass(frozen=True, slots=True)
class BoundNot:
    """The term does not hold; inside a bracket, it does not hold for the element."""

    term: BoundFilter


@dataclass(frozen=True, slots=True)
class BoundValuePath:
    """One and the same element of `path` satisfies the whole inner filter.

    `path` is a complex attribute (`emails`; `name`, whose one value is its only element) or a
    simple one with several values (`schemas`). The paths of the leaves are whole (`emails.type`).
    """

    path: str
    filter: BoundFilter
    resolved: Resolved = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class BoundConstant:
    """Every resource matches, or none does."""

    value: bool


BoundFilter = BoundCompare | BoundPresent | BoundAnd | BoundOr | BoundNot | BoundValuePath | BoundConstant

NOTHING = BoundConstant(value=False)
EVERYTHING = BoundConstant(value=True)
