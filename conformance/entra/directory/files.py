"""The source directory as files: one JSON document, or a folder of CSV tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from conformance.entra.directory.model import Assignment, Kind, Presence, SourceObject
from conformance.entra.directory.snapshot import Snapshot
from conformance.entra.errors import SourceError
from conformance.entra.values import AppRole

MANY: Final = "; "
"""What separates the values of a multi-valued attribute, and members, in a CSV cell."""
_BOOLEANS: Final = {"true": True, "false": False}
_USERS, _GROUPS, _ROLES, _ASSIGNMENTS = "users.csv", "groups.csv", "roles.csv", "assignments.csv"
_PARTS: Final = ("users", "groups", "roles", "assignments")
_OWN: Final = ("id", "manager", "members", "presence", "presence_since")


def read_directory(path: Path) -> Snapshot:
    """The directory in a JSON file or a folder of users.csv, groups.csv, roles.csv and assignments.csv.

    JSON: {"users": [{"id", "attributes", "manager"}], "groups": [{"id", "attributes", "members"}], "roles": [{"id",
    "value", "display_name"}], "assignments": [{"principal", "role"}]}. CSV: a column id, then one per attribute; users
    with manager, groups with members separated by "; ". Raises SourceError naming file, entry and what would be right.
    """
    document = _from_folder(path) if path.is_dir() else _from_json(path)
    unknown = set(document) - {"users", "groups", "roles", "assignments"}
    if unknown:
        raise SourceError(
            f"{path}: unknown part {', '.join(sorted(unknown))}; known are users, groups, roles, assignments"
        )
    users = [_object(each, Kind.USER, path) for each in document.get("users", [])]
    groups = [_object(each, Kind.GROUP, path) for each in document.get("groups", [])]
    roles = tuple(_made(AppRole, each, path, "role") for each in document.get("roles", []))
    chosen = tuple(_made(Assignment, each, path, "assignment") for each in document.get("assignments", []))
    found = Snapshot((*users, *groups), roles, chosen)
    _check(found, path)
    return found


def write_json(path: Path, snapshot: Snapshot) -> None:
    """The directory stands in a JSON file."""
    document = {
        "users": [_shown(each) for each in snapshot.objects if each.kind is Kind.USER],
        "groups": [_shown(each) for each in snapshot.objects if each.kind is Kind.GROUP],
        "roles": [asdict(role) for role in snapshot.roles],
        "assignments": [asdict(each) for each in snapshot.assignments],
    }
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_csv(folder: Path, snapshot: Snapshot) -> None:
    """The directory stands in four tables in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, kind in ((_USERS, Kind.USER), (_GROUPS, Kind.GROUP)):
        _write_table(folder / name, [_row(each) for each in snapshot.objects if each.kind is kind])
    _write_table(folder / _ROLES, [asdict(role) for role in snapshot.roles])
    _write_table(folder / _ASSIGNMENTS, [asdict(each) for each in snapshot.assignments])


def _from_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(found, dict):
        raise SourceError(f"{path} holds no JSON object with users, groups, roles and assignments")
    return found


def _from_folder(folder: Path) -> dict[str, Any]:
    if not (folder / _USERS).exists():
        raise SourceError(f"{folder} has no {_USERS}; a folder holds users.csv, groups.csv, roles.csv, assignments.csv")
    return {
        "users": [_from_row(row) for row in _rows(folder / _USERS)],
        "groups": [_from_row(row) for row in _rows(folder / _GROUPS)],
        "roles": [{name: _typed(value) for name, value in row.items() if value} for row in _rows(folder / _ROLES)],
        "assignments": list(_rows(folder / _ASSIGNMENTS)),
    }


def _rows(path: Path) -> Iterable[dict[str, str]]:
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, strict=True))
    except (OSError, ValueError, csv.Error) as error:
        raise SourceError(f"{path} cannot be read as CSV: {error}") from error


def _from_row(row: Mapping[str, str]) -> dict[str, Any]:
    own = {name: row[name] for name in _OWN if row.get(name)}
    if "members" in own:
        own["members"] = own["members"].split(MANY)  # type: ignore[assignment]
    attributes = {name: _typed(value) for name, value in row.items() if value and name not in _OWN}
    return {**own, "attributes": attributes}


def _typed(text: str) -> object:
    if text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    return text.split(MANY) if MANY in text else text


def _object(entry: Any, kind: Kind, path: Path) -> SourceObject:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str) or not entry["id"]:
        raise SourceError(f"{path}: a {kind.lower()} is an object with an id, not {str(entry)[:80]}")
    if unknown := set(entry) - {*_OWN, "attributes"}:
        raise SourceError(
            f"{path}: {kind} {entry['id']} has {', '.join(sorted(unknown))}; attributes stand in attributes"
        )
    attributes = entry.get("attributes", {})
    if not isinstance(attributes, dict):
        raise SourceError(f"{path}: attributes of {kind} {entry['id']} is an object of names and values")
    try:
        presence = Presence(entry.get("presence", Presence.PRESENT))
        since = datetime.fromisoformat(entry["presence_since"]) if entry.get("presence_since") else None
    except ValueError as error:
        raise SourceError(f"{path}: {kind} {entry['id']}: {error}; presence is {', '.join(Presence)}") from error
    kept = {name: tuple(each) if isinstance(each, list) else each for name, each in attributes.items()}
    kept = {name: each for name, each in kept.items() if each not in (None, "", ())}
    return SourceObject(
        entry["id"], kind, kept, entry.get("manager") or "", tuple(entry.get("members", ())), presence, since
    )


def _made(make: Any, entry: Any, path: Path, what: str) -> Any:
    try:
        return make(**entry)
    except TypeError as error:
        raise SourceError(f"{path}: {str(entry)[:80]} is no {what}: {error}") from error


def _check(snapshot: Snapshot, path: Path) -> None:
    """Everything that is referred to is there."""
    ids = [each.id for each in snapshot.objects]
    known, roles = set(ids), {role.id for role in snapshot.roles}
    if len(known) < len(ids):
        doubled = next(id for id in ids if ids.count(id) > 1)
        raise SourceError(f"{path}: the id {doubled} stands there twice")
    for each in snapshot.objects:
        for what, id in (("manager", each.manager), *(("member", member) for member in each.members)):
            if id and id not in known:
                raise SourceError(f"{path}: {each.name} has the {what} {id}, which is not in the directory")
    for chosen in snapshot.assignments:
        if chosen.principal not in known or chosen.role not in roles:
            raise SourceError(f"{path}: the assignment of {chosen.role} to {chosen.principal} names what is not there")


def _shown(found: SourceObject) -> dict[str, Any]:
    told: dict[str, Any] = {"id": found.id, "attributes": dict(found.attributes)}
    if found.manager:
        told["manager"] = found.manager
    if found.kind is Kind.GROUP:
        told["members"] = list(found.members)
    if found.presence is not Presence.PRESENT:
        told |= {
            "presence": found.presence,
            "presence_since": found.presence_since and found.presence_since.isoformat(),
        }
    return told


def _row(found: SourceObject) -> dict[str, Any]:
    told = _shown(found)
    attributes = {
        name: MANY.join(map(str, v)) if isinstance(v, tuple) else v for name, v in told.pop("attributes").items()
    }
    if "members" in told:
        told["members"] = MANY.join(told["members"])
    return {**told, **attributes}


def _write_table(path: Path, rows: list[dict[str, Any]]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
