"""The syntax tree of a SCIM filter (RFC 7644 section 3.4.2.2).

Trees are immutable and hashable, so that they can be cached and compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Operator(StrEnum):
    """The comparison operators; `pr` is `Present`, because it has no operand."""

    EQ = "eq"
    NE = "ne"
    CO = "co"
    SW = "sw"
    EW = "ew"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"


Literal = str | int | Decimal | bool | None
"""A decoded JSON literal; a number with fraction or exponent is a Decimal, so that nothing is rounded."""


@dataclass(frozen=True, slots=True)
class AttrPath:
    """An attribute in standard notation: optional schema URI, name, optional sub-attribute.

    The parts keep the spelling of the request; compare them ignoring case (RFC 7644 section 3.10).
    """

    uri: str | None
    name: str
    sub: str | None = None

    def __str__(self) -> str:
        head = f"{self.uri}:{self.name}" if self.uri else self.name
        return f"{head}.{self.sub}" if self.sub else head


@dataclass(frozen=True, slots=True)
class Compare:
    """`path op value`; the value is the decoded JSON literal."""

    path: AttrPath
    op: Operator
    value: Literal


@dataclass(frozen=True, slots=True)
class Present:
    """`path pr`."""

    path: AttrPath


@dataclass(frozen=True, slots=True)
class And:
    """All terms hold; two terms at least."""

    terms: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One term at least holds; two terms at least."""

    terms: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The term does not hold."""

    term: Filter


@dataclass(frozen=True, slots=True)
class ValuePath:
    """`path[filter]`: one element of the attribute satisfies the whole inner filter.

    Inside, paths name sub-attributes of `path` and nothing else.
    """

    path: AttrPath
    filter: Filter


Filter = Compare | Present | And | Or | Not | ValuePath
