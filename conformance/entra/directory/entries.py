"""Entries of a directory file, looked at one by one; every error says where, what, and what would be right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from conformance.entra.directory.model import Assignment, Kind, Presence, SourceObject
from conformance.entra.directory.snapshot import Snapshot
from conformance.entra.errors import SourceError
from conformance.entra.values import AppRole, Scalar

PARTS: Final = ("users", "groups", "roles", "assignments")
_OBJECT: Final = {"id", "attributes", "presence", "presence_since"}
_KEYS: Final = {Kind.USER: _OBJECT | {"manager"}, Kind.GROUP: _OBJECT | {"members"}}
_ROLE: Final = {"id": str, "value": str, "display_name": str, "enabled": bool, "default_access": bool}
_Made = TypeVar("_Made")


def snapshot_from(document: Mapping[str, Any], path: Path) -> Snapshot:
    """The directory that a document of a file describes; raises SourceError, which names the file."""
    try:
        _check_names(document)
        users = _each(document, "users", lambda entry: _object(entry, Kind.USER))
        groups = _each(document, "groups", lambda entry: _object(entry, Kind.GROUP))
        roles = _each(document, "roles", _role)
        found = Snapshot((*users, *groups), roles, _each(document, "assignments", _assignment))
        _check(found)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error
    return found


def _check_names(document: Mapping[str, Any]) -> None:
    if unknown := sorted(set(document) - set(PARTS)):
        raise SourceError(f"unknown part {unknown[0]}; known are {', '.join(PARTS)}")


def _each(document: Mapping[str, Any], part: str, make: Callable[[Mapping[str, Any]], _Made]) -> tuple[_Made, ...]:
    entries = document.get(part, [])
    if not isinstance(entries, list):
        raise SourceError(f"{part} is a list, not {_told(entries)}")
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            raise SourceError(f"{part} {number} is an object, not {_told(entry)}")
    return tuple(map(make, entries))


def _object(entry: Mapping[str, Any], kind: Kind) -> SourceObject:
    what = f"{kind.lower()} {entry.get('id')}"
    if not isinstance(entry.get("id"), str) or not entry["id"]:
        raise SourceError(f"a {kind.lower()} is an object with an id, not {_told(dict(entry))}")
    if unknown := sorted(set(entry) - _KEYS[kind]):
        raise SourceError(
            f"{what} has {unknown[0]}; what there is beside {', '.join(sorted(_KEYS[kind]))} is an attribute"
        )
    manager, members = entry.get("manager") or "", entry.get("members") or []
    if not isinstance(manager, str):
        raise SourceError(f"the manager of {what} is an id, not {_told(manager)}")
    if not isinstance(members, list) or not all(isinstance(each, str) for each in members):
        raise SourceError(f"the members of {what} are a list of ids, not {_told(members)}")
    presence, since = _presence(entry, what)
    return SourceObject(
        entry["id"], kind, _attributes(entry, what), manager, tuple(dict.fromkeys(members)), presence, since
    )


def _attributes(entry: Mapping[str, Any], what: str) -> dict[str, Scalar | tuple[Scalar, ...]]:
    found = entry.get("attributes", {})
    if not isinstance(found, dict):
        raise SourceError(f"the attributes of {what} are an object of names and values, not {_told(found)}")
    for name, value in found.items():
        many = value if isinstance(value, list) else [value]
        if not all(each is None or isinstance(each, str | bool | int | float) for each in many):
            raise SourceError(
                f"{name} of {what} is text, a number, true or false, or a list of them, not {_told(value)}"
            )
    kept = {
        name: tuple(v for v in value if v is not None) if isinstance(value, list) else value
        for name, value in found.items()
    }
    return {name: value for name, value in kept.items() if value not in (None, "", ())}


def _presence(entry: Mapping[str, Any], what: str) -> tuple[Presence, datetime | None]:
    told, since = entry.get("presence", Presence.PRESENT), entry.get("presence_since")
    if told not in (Presence.PRESENT, Presence.SOFT_DELETED):
        right = f"{Presence.PRESENT} or {Presence.SOFT_DELETED}"
        raise SourceError(f"the presence of {what} is {right}, not {_told(told)}; who is gone is left out")
    try:
        moment = datetime.fromisoformat(since) if since else None
    except (TypeError, ValueError) as error:
        right = "2031-03-04T09:00:00+00:00"
        raise SourceError(f"presence_since of {what} is a moment such as {right}, not {_told(since)}") from error
    return Presence(told), moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _role(entry: Mapping[str, Any]) -> AppRole:
    if unknown := sorted(set(entry) - set(_ROLE)):
        raise SourceError(f"a role has no {unknown[0]}; it has {', '.join(_ROLE)}")
    for name in ("id", "value", "display_name"):
        if name not in entry:
            raise SourceError(f"a role has {', '.join(_ROLE)}; {name} is missing in {_told(dict(entry))}")
    for name, value in entry.items():
        if not isinstance(value, _ROLE[name]):
            raise SourceError(f"{name} of the role {entry['id']} is {_WORDS[_ROLE[name]]}, not {_told(value)}")
    return AppRole(**entry)


_WORDS: Final = {str: "text", bool: "true or false"}


def _assignment(entry: Mapping[str, Any]) -> Assignment:
    if set(entry) != {"principal", "role"} or not all(isinstance(each, str) for each in entry.values()):
        raise SourceError(f"an assignment has the ids of a principal and a role, not {_told(dict(entry))}")
    return Assignment(entry["principal"], entry["role"])


def _check(snapshot: Snapshot) -> None:
    """Everything that is referred to is there, once."""
    users = _once("id", (each.id for each in snapshot.objects if each.kind is Kind.USER))
    known = _once("id", (each.id for each in snapshot.objects))
    roles = _once("id of a role", (role.id for role in snapshot.roles))
    for each in snapshot.objects:
        if each.manager and each.manager not in users:
            raise SourceError(f"{each.name} has the manager {each.manager}, who is no user of the directory")
        for member in each.members:
            if member not in known:
                raise SourceError(f"{each.name} has the member {member}, which is not in the directory")
    for chosen in snapshot.assignments:
        if chosen.principal not in known or chosen.role not in roles:
            raise SourceError(f"the assignment of {chosen.role} to {chosen.principal} names what is not there")


def _once(what: str, ids: Iterable[str]) -> set[str]:
    counted = Counter(ids)
    if twice := [id for id, count in counted.items() if count > 1]:
        raise SourceError(f"the {what} {twice[0]} stands there twice")
    return set(counted)


def _told(value: object) -> str:
    told = repr(value)
    return told if len(told) <= 80 else f"{told[:79]}…"
