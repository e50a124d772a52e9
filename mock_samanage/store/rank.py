"""How selective a leaf of a filter probably is; a static order, because plans are shared by all accounts.

0 one resource at most · 1 a unique value · 2 an equal value · 3 all members of one group · 4 a beginning ·
5 a time · 6 a range · 7 a value that many have · 8 a truth value, a part of a text · 9 anything at all
"""

from __future__ import annotations

from typing import Final

from mock_samanage.scim.bound import BoundCompare, BoundPresent
from mock_samanage.scim.schema import AttributeType, Mutability, Uniqueness
from mock_samanage.scim.syntax import Operator
from mock_samanage.store.shape import INSTANTS

NEVER: Final = float("inf")
ANYTHING: Final = 9.0

_COMMON_VALUES: Final = frozenset(
    {
        "schemas",
        "userType",
        "preferredLanguage",
        "locale",
        "timezone",
        "roles.value",
        "roles.display",
        "roles.displayName",
        "addresses.country",
        "members.type",
        "groups.type",
    }
)
_RANGES: Final = {Operator.SW: 4.0, Operator.CO: 8.0, Operator.EW: 8.0}


def rank(leaf: BoundCompare | BoundPresent) -> float:
    """The place of a leaf in the order above."""
    if isinstance(leaf, BoundPresent):
        return ANYTHING
    if leaf.path in INSTANTS:
        return 5.0
    if leaf.op is not Operator.EQ:
        return _RANGES.get(leaf.op, 6.0)
    return _equality(leaf)


def _equality(leaf: BoundCompare) -> float:
    target = leaf.resolved.target
    if leaf.path == "id":
        return 0.0
    if target.type is AttributeType.BOOLEAN:
        return 8.0
    if leaf.path in _COMMON_VALUES or target.canonical_values:
        return 7.0
    if leaf.path == "groups.value":
        return 3.0
    unique = target.uniqueness is not Uniqueness.NONE and target.mutability is not Mutability.READ_ONLY
    return 1.0 if unique else 2.0
