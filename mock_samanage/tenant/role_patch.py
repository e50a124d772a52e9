"""PATCH of the one role of a user: every form of path, and what each operation makes of it.

`add` replaces, because a user has one role; `remove` and empty values go back to the default role. A value
path that selects nothing builds its element from the filter's eq terms, as Entra expects, unless the quirk
replace-without-match says noTarget.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mock_samanage.scim.dialect import Dialect
from mock_samanage.scim.errors import NoTarget
from mock_samanage.scim.evaluate import matching_elements
from mock_samanage.scim.opaque import MISSING, Change
from mock_samanage.scim.registry import registry
from mock_samanage.scim.schema import Attribute
from mock_samanage.scim.syntax import And, Compare, Filter, Operator
from mock_samanage.tenant.roles import NAME_KEYS, RoleRules, canonical, sub_is_name


def _attribute() -> Attribute:
    found = registry(role_display_name=True).user.schema.attribute("roles")
    assert found is not None
    return found


_ROLES = _attribute()
"""The attribute as filters in paths may use it: `displayName` is understood whether or not it is declared."""


@dataclass(frozen=True, slots=True)
class RolePatch:
    """Reads the operations of one PATCH on `roles`; `interpret` is the interpreter `scim.opaque` describes."""

    rules: RoleRules
    dialect: Dialect

    def interpret(self, change: Change) -> object:
        """The stored value after the operation; InvalidValue, InvalidPath, InvalidFilter or NoTarget."""
        current = _role(change.current)
        rules = self.rules.knowing(current)
        selected = change.filter is None or self._selects(change.filter, current)
        if change.op == "remove":
            wanted = self._after_removal(rules, change, current) if selected else current
        else:
            wanted = self._after_setting(rules, change, current, selected=selected)
        return change.current if wanted == current else canonical(wanted or rules.default)

    def _selects(self, filter_: Filter, role: str | None) -> bool:
        elements = [{**canonical(role)[0], "displayName": role}] if role else []
        found = matching_elements(filter_, elements, _ROLES, string_booleans=self.dialect.string_booleans)
        return bool(found)

    def _after_removal(self, rules: RoleRules, change: Change, current: str | None) -> str | None:
        if change.sub is not None and not sub_is_name(change.sub):
            return current
        listed = [] if change.value is MISSING else rules.read_all(_named(change.sub, change.value))
        return rules.default if not listed or current in listed else current

    def _after_setting(self, rules: RoleRules, change: Change, current: str | None, *, selected: bool) -> str | None:
        if not selected and self.dialect.replace_without_match == "noTarget":
            raise NoTarget(f"{change.path[:200]} selects no role; the user's role is {current}.")
        if change.sub is not None and not sub_is_name(change.sub):
            return current
        value = _named(change.sub, change.value)
        role = rules.read(value)
        if role is not None and not selected and (described := _described(change.filter)):
            elements = value if isinstance(value, list) else [value]
            role = rules.read([*elements, described])  # path and value must agree on the new element
        return role or rules.default


def _role(stored: object) -> str | None:
    return stored[0]["value"] if isinstance(stored, list) and stored else None


def _named(sub: str | None, value: object) -> object:
    """The value as an element: a bare value stands for the sub-attribute of the path."""
    return value if sub is None else {sub: value}


def _described(filter_: Filter | None) -> dict[str, Any]:
    """The keys of an element that name a role, as the eq terms of the filter give them."""
    if isinstance(filter_, And):
        return {key: value for term in filter_.terms for key, value in _described(term).items()}
    if isinstance(filter_, Compare) and filter_.op is Operator.EQ and filter_.path.name.lower() in NAME_KEYS:
        return {filter_.path.name: filter_.value}
    return {}
