"""The source directory as files: one JSON document, or a folder of CSV tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from conformance.entra.directory.entries import PARTS, snapshot_from
from conformance.entra.directory.model import Kind, Presence, SourceObject
from conformance.entra.directory.snapshot import Snapshot
from conformance.entra.errors import SourceError
from conformance.entra.values import Scalar

MANY: Final = "; "
"""What separates the values of a multi-valued attribute, and members, in a CSV cell."""
_BOOLEANS: Final = {"true": True, "false": False}
_OWN: Final = ("id", "manager", "members", "presence", "presence_since")


def read_directory(path: Path) -> Snapshot:
    """The directory in a JSON file or a folder of users.csv, groups.csv, roles.csv and assignments.csv.

    JSON: {"users": [{"id", "attributes", "manager"}], "groups": [{"id", "attributes", "members"}], "roles": [{"id",
    "value", "display_name"}], "assignments": [{"principal", "role"}]}. CSV: a column id, then one per attribute; users
    with manager, groups with members. Several values of a cell are separated by "; ", true and false are booleans,
    numbers are text, and a cell may be JSON text where none of that tells what is meant. Raises SourceError naming
    file, entry and what would be right.
    """
    return snapshot_from(_from_folder(path) if path.is_dir() else _from_json(path), path)


def write_json(path: Path, snapshot: Snapshot) -> None:
    """The directory stands in a JSON file; raises SourceError where it cannot be written."""
    document = {
        "users": [_shown(each) for each in snapshot.objects if each.kind is Kind.USER],
        "groups": [_shown(each) for each in snapshot.objects if each.kind is Kind.GROUP],
        "roles": [asdict(role) for role in snapshot.roles],
        "assignments": [asdict(each) for each in snapshot.assignments],
    }
    try:
        path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise SourceError(f"{path} cannot be written: {error.strerror}") from error


def write_csv(folder: Path, snapshot: Snapshot) -> None:
    """The directory stands in four tables in a folder; raises SourceError where it cannot be written."""
    objects = {kind: [_row(each) for each in snapshot.objects if each.kind is kind] for kind in Kind}
    roles, assignments = [asdict(role) for role in snapshot.roles], [asdict(each) for each in snapshot.assignments]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in zip(PARTS, (*objects.values(), roles, assignments), strict=True):
            _write_table(folder / f"{name}.csv", rows)
    except OSError as error:
        raise SourceError(f"{folder} cannot be written: {error.strerror}") from error


def typed(text: str) -> Scalar | tuple[Scalar, ...]:
    """What a CSV cell holds: a boolean, several values, what JSON text says, or the text itself."""
    if text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    if text[:1] in {'"', "["}:
        return _from_json_text(text)
    return tuple(text.split(MANY)) if MANY in text else text


def _from_json_text(text: str) -> Scalar | tuple[Scalar, ...]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    many = found if isinstance(found, list) else [found]
    if not all(isinstance(each, str | bool | int | float) for each in many):
        return text
    return tuple(found) if isinstance(found, list) else many[0]


def _cell(value: Scalar | tuple[Scalar, ...]) -> str:
    """A cell that `typed` reads as the value."""
    told = MANY.join(map(str, value)) if isinstance(value, tuple) else str(value)
    as_read = value if isinstance(value, bool | str | tuple) else told
    if typed(told) == as_read:
        return told
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _from_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise SourceError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(found, dict):
        raise SourceError(f"{path} holds no JSON object with {', '.join(PARTS)}")
    return found


def _from_folder(folder: Path) -> dict[str, Any]:
    if not (folder / "users.csv").exists():
        told = ", ".join(f"{name}.csv" for name in PARTS)
        raise SourceError(f"{folder} has no users.csv; a folder holds {told}")
    found = {name: _rows(folder / f"{name}.csv") for name in PARTS}
    return {
        "users": [_from_row(row) for row in found["users"]],
        "groups": [_from_row(row) for row in found["groups"]],
        "roles": [_from_role(row) for row in found["roles"]],
        "assignments": found["assignments"],
    }


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table; a row has no more cells than there are columns."""
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, ValueError, csv.Error) as error:
        raise SourceError(f"{path} cannot be read as CSV: {error}") from error
    for line, row in rows:
        if None in row:
            raise SourceError(f"{path}: line {line} has more cells than there are columns")
    return [{name: value or "" for name, value in row.items()} for _, row in rows]


def _from_row(row: Mapping[str, str]) -> dict[str, Any]:
    own: dict[str, Any] = {name: row[name] for name in _OWN if row.get(name)}
    if "members" in own:
        own["members"] = own["members"].split(MANY)
    cells = {name: typed(value) for name, value in row.items() if value and name not in _OWN}
    return {**own, "attributes": {name: list(v) if isinstance(v, tuple) else v for name, v in cells.items()}}


def _from_role(row: Mapping[str, str]) -> dict[str, Any]:
    """A role; its value may be empty (Default Access), and only its flags are more than text."""
    flags = {name: _BOOLEANS.get(value.lower(), value) for name, value in row.items() if value and name in _FLAGS}
    return {**{name: value for name, value in row.items() if name not in _FLAGS}, **flags}


_FLAGS: Final = ("enabled", "default_access")


def _shown(found: SourceObject) -> dict[str, Any]:
    told: dict[str, Any] = {"id": found.id, "attributes": dict(found.attributes)}
    if found.manager:
        told["manager"] = found.manager
    if found.kind is Kind.GROUP:
        told["members"] = list(found.members)
    if found.presence is not Presence.PRESENT:
        told["presence"] = found.presence
    if found.presence_since is not None:
        told["presence_since"] = found.presence_since.isoformat()
    return told


def _row(found: SourceObject) -> dict[str, str]:
    told = _shown(found)
    attributes = {name: _cell(value) for name, value in found.attributes.items()}
    members = {"members": MANY.join(found.members)} if found.kind is Kind.GROUP else {}
    return {**{name: value for name, value in told.items() if name != "attributes"}, **members, **attributes}


def _write_table(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    kept = list(rows)
    columns = list(dict.fromkeys(name for row in kept for name in row)) or ["id"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(kept)
