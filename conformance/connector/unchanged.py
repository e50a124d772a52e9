"""Whether a PATCH would leave a resource as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.connector.filters import Term, Ungrammatical, patch_path
from conformance.connector.readings import members_of, role_of, roles
from conformance.connector.traffic import Change, Write, changes, text_of
from conformance.described import member

Json = Mapping[str, Any]


def changes_nothing(write: Write, stored: Json) -> bool:
    """Whether every change of a PATCH is there already; what cannot be told counts as a change."""
    found = list(changes(write))
    return bool(found) and all(_there(change, stored) for change in found)


def value_at(stored: Json, path: str) -> Any:
    """What a resource holds at a path, None for nothing; of the elements in brackets the first."""
    try:
        name, terms, sub = patch_path(path)
    except Ungrammatical:
        return None
    holder: Any = stored
    if name.lower().startswith("urn:"):
        urn, _, name = name.rpartition(":")
        holder = member(stored, urn)
    name, _, part = name.partition(".")
    found = member(holder, name)
    if terms:
        found = next((each for each in _elements(found) if all(_fits(each, term, name) for term in terms)), None)
    return member(found, sub or part) if sub or part else found


def _elements(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _fits(element: Any, term: Term, name: str) -> bool:
    held = member(element, term.path.removeprefix(f"{name}."))
    return term.op == "eq" and str(held).lower() == str(term.value).lower()


def _there(change: Change, stored: Json) -> bool:
    value, held = change.value, value_at(stored, change.path)
    name = change.path.partition("[")[0].rpartition(":")[2]
    if name == "members":
        return _members_there(change, stored)
    if change.op == "remove" or value in (None, ""):
        return held in (None, "", [], {})
    if name == "roles":
        return roles(value) == [role_of(stored)]
    if name == "manager":
        wanted = value if isinstance(value, str) else text_of(value[0] if isinstance(value, list) else value, "value")
        return bool(wanted) and wanted == text_of(held, "value")
    if isinstance(value, list):
        return bool(value) and all(any(_within(each, one) for one in _elements(held)) for each in value)
    return bool(value == held)


def _within(part: Any, whole: Any) -> bool:
    """Whether an element has all that is given, beside what a tenant adds."""
    if not isinstance(part, Mapping):
        return bool(part == whole)
    return all(value is None or member(whole, str(name)) == value for name, value in part.items())


def _members_there(change: Change, stored: Json) -> bool:
    ids = {text_of(each, "value") for each in _elements(change.value)}
    if isinstance(change.value, Mapping):
        ids = {text_of(change.value, "value")}
    held = members_of(stored)
    if change.op == "remove":
        if "[" in change.path:
            return value_at(stored, change.path) is None
        return not (ids & held) if ids else not held
    return ids == held if change.op in {"replace", "set"} else ids <= held
