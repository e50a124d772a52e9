"""The members of a group as PATCH sees them, without loading them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from mock_samanage.scim import values
from mock_samanage.scim.dialect import Dialect
from mock_samanage.scim.errors import Mutability
from mock_samanage.scim.filter import And, Compare, Filter, Operator, Or
from mock_samanage.scim.multivalued import created_elements, unassigned
from mock_samanage.scim.opaque import MISSING, Op
from mock_samanage.scim.targets import Target

_NAMING: Final = frozenset({"value", "$ref"})


class MemberSet(Protocol):
    """The membership of one group, changed in place inside the caller's transaction.

    `patch.apply_patch` calls it in the order of the operations; when it raises, the caller's
    transaction undoes the calls already made. Each method returns how many memberships it changed,
    so that the caller knows whether the group has a new version.
    """

    def add(self, ids: Sequence[str]) -> int:
        """Add the ids; those already present count nothing. Raises InvalidValue for unknown ids."""

    def remove(self, ids: Sequence[str]) -> int:
        """Remove the ids; those not present count nothing."""

    def clear(self) -> int:
        """Remove every member."""

    def replace(self, ids: Sequence[str]) -> int:
        """Make these the only members. Raises InvalidValue for unknown ids."""

    def matching(self, filter_: Filter) -> Sequence[str]:
        """The ids of the members that meet a filter over value, type and display."""


def change_members(members: MemberSet, op: Op, target: Target, raw: object, dialect: Dialect) -> None:
    """Apply one PATCH operation on `members`.

    What identifies a member never changes: its sub-attributes are immutable (RFC 7643 section 8.7.1),
    so that another value for one is Mutability. Raises InvalidValue, NoTarget and InvalidFilter as well.
    """
    if target.filter is not None:
        _change_selected(members, op, target, raw, dialect)
    elif target.part is not None and not (op == "add" and _names_identity(target)):
        raise _fixed(target)
    elif op == "remove":
        listed = None if raw is MISSING else raw
        _remove(members, target, listed, dialect)
    else:
        ids = ids_of(target, _element(target, raw), dialect)
        if op == "add":
            members.add(ids)
        elif ids:
            members.replace(ids)
        else:
            members.clear()


def ids_of(target: Target, raw: object, dialect: Dialect) -> list[str]:
    """The ids that a value of `members` names, each once."""
    return [element["value"] for element in values.read_many(target.attribute, raw, target.path, dialect)]


def _remove(members: MemberSet, target: Target, listed: object, dialect: Dialect) -> None:
    if listed is None:
        members.clear()
        return
    items = listed if isinstance(listed, list) else [listed]
    members.remove(ids_of(target, [{"value": item} if isinstance(item, str) else item for item in items], dialect))


def _change_selected(members: MemberSet, op: Op, target: Target, raw: object, dialect: Dialect) -> None:
    assert target.filter is not None
    if op == "remove":
        if target.part is not None:
            raise _fixed(target)
        named = values_named(target.filter)
        members.remove(members.matching(target.filter) if named is None else named)
        return
    found = members.matching(target.filter)
    if not found:
        members.add([element["value"] for element in created_elements(target, raw, dialect)])
    elif target.part is None and unassigned(raw):
        members.remove(found)
    elif not _names_identity(target) or ids_of(target, _element(target, raw), dialect) != list(found):
        raise _fixed(target)


def _names_identity(target: Target) -> bool:
    return target.part is None or (target.sub is not None and target.sub.name in _NAMING)


def _element(target: Target, raw: object) -> object:
    return raw if target.part is None else {target.part: raw}


def values_named(tree: Filter) -> list[str] | None:
    """The ids a filter selects where it is `value eq "…"`, or several of these with or; else None."""
    if isinstance(tree, Compare):
        return [tree.value] if _is_of_value(tree) and isinstance(tree.value, str) else None
    return _joined(tree, values_named) if isinstance(tree, Or) else None


def values_allowed(tree: Filter) -> list[str] | None:
    """The ids that every match is among, None where the filter may be about any member.

    They stand in `value eq "…"`, which another term may narrow with and, and in every term of an or.
    """
    if isinstance(tree, Compare) and _is_of_value(tree):
        return [tree.value] if isinstance(tree.value, str) else []
    if isinstance(tree, And):
        return next((ids for ids in map(values_allowed, tree.terms) if ids is not None), None)
    return _joined(tree, values_allowed) if isinstance(tree, Or) else None


def _is_of_value(tree: Compare) -> bool:
    return tree.op is Operator.EQ and tree.path.name.lower() == "value"


def _joined(tree: Or, ids_in: Callable[[Filter], list[str] | None]) -> list[str] | None:
    parts = [ids_in(term) for term in tree.terms]
    return None if None in parts else [value for part in parts if part is not None for value in part]


def _fixed(target: Target) -> Mutability:
    return Mutability(f"{target.text}: what makes a member is immutable; remove the member and add another.")
