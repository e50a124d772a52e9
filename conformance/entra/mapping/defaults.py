"""The schema that an application begins with: the Samanage application of the gallery, or one of one's own."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

from conformance.entra.dialect import Dialect
from conformance.entra.directory.model import Kind
from conformance.entra.mapping.model import AttributeMapping, MappingType, ObjectMapping, Schema

ROLES: Final = "roles"
FREE_ROLE: Final = "Requester"
"""The role of Samanage that needs no licence."""
SINGLE_ROLE: Final = "SingleAppRoleAssignment([appRoleAssignments])"


def custom_schema(dialect: Dialect | None = None) -> Schema:
    """The mappings of a new application that is not in the gallery (SCIM)."""
    return _schema([_mapping(entry, dialect or Dialect()) for entry in _tables()["user"]], dialect)


def samanage_schema(dialect: Dialect | None = None, *, everyone: bool = False, role: str = FREE_ROLE) -> Schema:
    """The mappings of the Samanage application, matched by userName, with its roles.

    The default value of roles names `role` as TUTORIAL demands. With all users and groups in scope (`everyone`) no role
    function works (MAP), and the default is all there is.
    """
    chosen = [_mapping(entry, dialect or Dialect()) for entry in _tables()["user"] if entry.get("gallery")]
    default = json.dumps({"displayName": role}, separators=(",", ":"), ensure_ascii=False)
    assigned = AttributeMapping(ROLES, MappingType.EXPRESSION, SINGLE_ROLE, default, multi_valued=True)
    roles = replace(assigned, type=MappingType.NONE, source="") if everyone else assigned
    return _schema([*chosen, roles], dialect)


def _schema(users: list[AttributeMapping], dialect: Dialect | None) -> Schema:
    groups = [_mapping(entry, dialect or Dialect()) for entry in _tables()["group"]]
    return Schema({Kind.USER: ObjectMapping(Kind.USER, users), Kind.GROUP: ObjectMapping(Kind.GROUP, groups)})


@cache
def _tables() -> Mapping[str, list[dict[str, Any]]]:
    return tomllib.loads((files(__package__) / "defaults.toml").read_text(encoding="utf-8"))


def _mapping(entry: Mapping[str, Any], dialect: Dialect) -> AttributeMapping:
    expression = entry.get("expression")
    return AttributeMapping(
        target=entry["target"].replace("{office-address}", dialect["office-address"]),
        type=MappingType.EXPRESSION if expression else MappingType.DIRECT,
        source=expression or entry["source"],
        matching=entry.get("matching", 0),
        reference=entry.get("reference", False),
        multi_valued=entry.get("multi_valued", False),
    )
