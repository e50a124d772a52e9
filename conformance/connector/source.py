"""The source as a connector is handed it: a JSON document or a CSV file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any

from conformance.connector.model import Person, Source, Team

PERSON: Mapping[str, str] = {
    "id": "id",
    "userName": "user_name",
    "givenName": "given_name",
    "familyName": "family_name",
    "displayName": "display_name",
    "email": "email",
    "title": "title",
    "department": "department",
    "phone": "phone",
    "manager": "manager",
    "role": "role",
    "active": "active",
}
"""The members of a user in the source, and the fields of Person they are."""
TEAM: Mapping[str, str] = {"id": "id", "displayName": "display_name", "members": "members"}
"""The members of a group in the source, and the fields of Team they are."""
COLUMNS = ("kind", *PERSON, "members")
BETWEEN = ";"  # members in one cell


class SourceFormat(StrEnum):
    """The forms a source is handed over in."""

    JSON = "json"
    CSV = "csv"


def source_text(source: Source, form: SourceFormat) -> str:
    """The whole file."""
    return as_csv(source) if form is SourceFormat.CSV else as_json(source)


def write_source(source: Source, path: Path, form: SourceFormat) -> None:
    """The file holds the source; one that was there is replaced in one step, so that nobody reads half of it."""
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(source_text(source, form).encode())
    unfinished.replace(path)


def as_json(source: Source) -> str:
    """The source as JSON; empty values are left out."""
    document = {"users": [_user(person) for person in source.people], "groups": [_group(team) for team in source.teams]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_csv(source: Source) -> str:
    """The source as CSV (RFC 4180): a header, a line for each user, a line for each group."""
    into = io.StringIO(newline="")
    lines = csv.DictWriter(into, COLUMNS, restval="")
    lines.writeheader()
    for person in source.people:
        lines.writerow({"kind": "user", **_user(person), "active": "true" if person.active else "false"})
    for team in source.teams:
        lines.writerow({"kind": "group", **_group(team), "members": BETWEEN.join(team.members)})
    return into.getvalue()


def _user(person: Person) -> dict[str, Any]:
    members = {name: getattr(person, field) for name, field in PERSON.items()}
    return {name: value for name, value in members.items() if value != ""}


def _group(team: Team) -> dict[str, Any]:
    return {"id": team.id, "displayName": team.display_name, "members": list(team.members)}


def read_source(text: str, form: SourceFormat) -> Source:
    """The source in a text that `source_text` wrote."""
    users, groups = _read_csv(text) if form is SourceFormat.CSV else _read_json(text)
    people = tuple(Person(**{PERSON[name]: value for name, value in user.items()}) for user in users)
    return Source(people, tuple(Team(group["id"], group["displayName"], tuple(group["members"])) for group in groups))


def _read_json(text: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    document = json.loads(text)
    return document["users"], document["groups"]


def _read_csv(text: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    users = [{name: row[name] for name in PERSON} | {"active": row["active"] == "true"} for row in rows]
    groups = [{**row, "members": [id_ for id_ in row["members"].split(BETWEEN) if id_]} for row in rows]
    return _of_kind("user", rows, users), _of_kind("group", rows, groups)


def _of_kind(kind: str, rows: list[dict[str, str]], read: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [found for row, found in zip(rows, read, strict=True) if row["kind"] == kind]


def schema_text() -> str:
    """The JSON Schema of the source; its descriptions say what becomes of each value, and how CSV tells the same."""
    return (files("conformance.connector") / "source.schema.json").read_text(encoding="utf-8")
