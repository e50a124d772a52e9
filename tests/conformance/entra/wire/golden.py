"""The wire shapes as data: each has its source, how well it is known, the call that makes it, and what is sent."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from conformance.entra.dialect import Dialect
from conformance.entra.directory.model import Kind
from conformance.entra.values import AppRole, RoleFlow, Roles, Value
from conformance.entra.wire import groups, manager, queries, users
from conformance.entra.wire.model import Difference, Request
from conformance.entra.wire.paths import CORE_USER, ENTERPRISE
from conformance.entra.wire.shapes import PATCH_OP

FOLDER = Path(__file__).parent / "shapes"
BASE = "https://api.fabrik.example/scim"
ROLES = {
    "Planner": AppRole("0d2f7c1e-2222-4c66-9d0a-5f1f0b7c1a01", "Planner", "Work planner"),
    "Viewer": AppRole("7f9b41d2-3333-4a02-8b11-0c6b2e5d9f02", "Viewer", "Viewer"),
}
_KNOWN = {"id", "says", "source", "confidence", "flagged", "switches", "call", "request", "body", "operations", "roles"}


@dataclass(frozen=True, slots=True)
class Shape:
    """One wire shape; `entry` is its table in the file, `subject` the file's name."""

    subject: str
    entry: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Unique over all files."""
        return f"{self.subject}/{self.entry['id']}"

    @property
    def confidence(self) -> str:
        """documented, observed or inferred."""
        return str(self.entry["confidence"])

    @property
    def dialect(self) -> Dialect:
        """The flag and the switches that it needs."""
        return Dialect.of(flagged=self.entry.get("flagged", False), chosen=self.entry.get("switches", {}))

    @property
    def request(self) -> Request:
        """What the call makes."""
        return self.made(self.dialect)

    def made(self, dialect: Dialect) -> Request:
        """What the call makes in a dialect."""
        given = {name: value for name, value in self.entry.items() if name not in _KNOWN}
        return CALLS[self.entry["call"]](given, dialect)

    @property
    def body(self) -> Any:
        """The JSON that is sent, None for none; of a PATCH and of roles the table has the part that matters."""
        if "operations" in self.entry:
            return {"schemas": [PATCH_OP], "Operations": json.loads(self.entry["operations"])}
        if "roles" in self.entry:
            head = {"schemas": [CORE_USER, ENTERPRISE], "userName": "m.lopez", "meta": {"resourceType": "User"}}
            return {**head, "roles": json.loads(self.entry["roles"])}
        return json.loads(self.entry["body"]) if "body" in self.entry else None


@cache
def shapes() -> list[Shape]:
    """Every shape, in the order of the files."""
    return [
        Shape(path.stem, entry)
        for path in sorted(FOLDER.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["shape"]
    ]


def value(told: Any) -> Value:
    """A value of a table: {none = true}, {flow = …, roles = […]}, or itself."""
    if isinstance(told, dict) and "flow" in told:
        return Roles(RoleFlow(told["flow"]), tuple(ROLES[name] for name in told["roles"]))
    if isinstance(told, list):
        return tuple(told)
    found: Value = None if isinstance(told, dict) else told
    return found


def _values(given: Mapping[str, Any]) -> dict[str, Value]:
    return {target: value(told) for target, told in given["values"].items()}


def _differences(given: Mapping[str, Any]) -> list[Difference]:
    return [
        Difference(each["target"], value(each.get("old", {})), value(each.get("new", {})))
        for each in given["differences"]
    ]


def _only(made: list[Request]) -> Request:
    (request,) = made
    return request


CALLS: Mapping[str, Callable[[Mapping[str, Any], Dialect], Request]] = {
    "create_user": lambda given, dialect: users.create_user(_values(given), dialect),
    "patch_user": lambda given, dialect: users.patch_user(given["id_of"], _differences(given), dialect),
    "delete_user": lambda given, _: users.delete_user(given["id_of"]),
    "create_group": lambda given, dialect: groups.create_group(_values(given), dialect),
    "patch_group": lambda given, dialect: groups.patch_group(given["id_of"], _differences(given), dialect),
    "add_members": lambda given, dialect: _only(groups.add_members(given["id_of"], given["members"], dialect)),
    "remove_members": lambda given, dialect: _only(groups.remove_members(given["id_of"], given["members"], dialect)),
    "delete_group": lambda given, _: groups.delete_group(given["id_of"]),
    "set_manager": lambda given, dialect: manager.set_manager(
        given["id_of"], given.get("manager"), dialect, base=BASE, change=given.get("change", False)
    ),
    "match": lambda given, dialect: queries.match(Kind(given["kind"]), given["target"], given["value"], dialect),
    "probe": lambda given, dialect: queries.probe(Kind(given["kind"]), given["target"], given["value"], dialect),
    "read": lambda given, _: queries.read(Kind(given["kind"]), given["id_of"]),
    "has_reference": lambda given, dialect: queries.has_reference(
        Kind(given["kind"]), given["id_of"], given["target"], given["value"], dialect
    ),
    "listing": lambda given, _: queries.listing(Kind(given["kind"]), given["start"], given["count"]),
}
