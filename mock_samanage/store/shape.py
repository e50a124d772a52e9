"""The shape of a bound filter: what decides its SQL, apart from the values, which are parameters.

Two filters of one shape share one statement. A leaf's shape is its path, its operator and the class
of its operand, since long operands and empty ones need other conditions than short ones.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final

from mock_samanage.scim.bound import (
    BoundAnd,
    BoundCompare,
    BoundFilter,
    BoundNot,
    BoundOr,
    BoundPresent,
    BoundValuePath,
)
from mock_samanage.scim.comparison import holds, key
from mock_samanage.scim.syntax import Operator
from mock_samanage.store.keys import PREFIX, successor, text_of

Shape = tuple[Any, ...]

EMPTY: Final = "empty"  # an operand that begins, ends and is part of every text
SHORT: Final = "short"  # the indexed prefix alone decides
OPEN: Final = "open"  # a prefix that no text follows
EDGE: Final = "edge"  # the operand fills the prefix, so that the whole key decides
INSTANTS: Final = frozenset({"meta.created", "meta.lastModified"})
TYPES: Final = ("User", "Group")
_NO_INSTANT: Final = -(2**62)  # far before every year with four digits
_SUBSTRING: Final = frozenset({Operator.CO, Operator.SW, Operator.EW})


class Shaper:
    """Numbers the leaves of filters and collects their parameters: `k` key, `p` prefix, `h` successor."""

    __slots__ = ("numbers", "params")

    def __init__(self) -> None:
        self.numbers: dict[BoundCompare, int] = {}
        self.params: dict[str, Any] = {}

    def shape(self, tree: BoundFilter, type_name: str) -> Shape:
        """The shape of a filter over one resource type."""
        if isinstance(tree, BoundCompare):
            return self._leaf(tree, type_name)
        if isinstance(tree, BoundPresent):
            return ("pr", tree.path)
        if isinstance(tree, BoundAnd):
            return ("and", *[self.shape(term, type_name) for term in tree.terms])
        if isinstance(tree, BoundOr):
            return ("or", *[self.shape(term, type_name) for term in tree.terms])
        if isinstance(tree, BoundNot):
            return ("not", self.shape(tree.term, type_name))
        if isinstance(tree, BoundValuePath):
            return ("[]", tree.path, self.shape(tree.filter, type_name))
        return ("constant", tree.value)

    def _leaf(self, leaf: BoundCompare, type_name: str) -> Shape:
        number = self.numbers.setdefault(leaf, len(self.numbers))
        operand = operand_class(leaf, type_name)
        if leaf.path in INSTANTS:
            self.params[f"k{number}"] = whole_instant(leaf)
        elif isinstance(operand, str):
            text = text_of(leaf.key)
            self.params[f"k{number}"] = text
            self.params[f"p{number}"] = text[:PREFIX]
            self.params[f"h{number}"] = successor(text[:PREFIX]) if leaf.op is Operator.SW else None
        return (leaf.path, leaf.op, operand, number)


def whole_instant(leaf: BoundCompare) -> int:
    """What a column of whole numbers compares with as it does with the key, which may lie between two."""
    wanted = leaf.key
    assert isinstance(wanted, int | Decimal)
    if isinstance(wanted, int):
        return wanted
    if leaf.op is Operator.EQ:
        return _NO_INSTANT
    below = int(wanted.to_integral_value(ROUND_FLOOR))
    return below + 1 if leaf.op in {Operator.GE, Operator.LT} else below


def operand_class(leaf: BoundCompare, type_name: str) -> str | tuple[str, ...]:
    """The class of the operand; for attributes of few fixed values, those that satisfy the leaf."""
    known = fixed_values(leaf.path, type_name)
    if known is not None:
        return tuple(value for value in known if holds(leaf.op, key(leaf.resolved.target, value), leaf.key))
    text = text_of(leaf.key)
    if not text and leaf.op in _SUBSTRING:
        return EMPTY
    if leaf.op is Operator.SW:
        if len(text) > PREFIX:
            return EDGE
        return SHORT if successor(text) else OPEN
    return SHORT if len(text) < PREFIX else EDGE


def fixed_values(path: str, type_name: str) -> tuple[str, ...] | None:
    """All values an attribute can have, where the store knows them; None for every other attribute."""
    if path == "meta.resourceType":
        return (type_name,)
    if path == "groups.type":
        return ("direct",)
    return TYPES if path == "members.type" else None
