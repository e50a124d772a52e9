"""Values that flow from the source directory through mappings to the target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Scalar = str | bool | int | float | datetime


@dataclass(frozen=True, slots=True)
class Redacted:
    """A value that reaches the target but not the log (function Redact)."""

    value: Scalar


class RoleFlow(StrEnum):
    """Which role function made a value: one role, roles to add, or exactly these roles (page MAP)."""

    SINGLE = "single"
    COMPLEX = "complex"
    ASSERTIVE = "assertive"


@dataclass(frozen=True, slots=True)
class AppRole:
    """A role of the application; `value` is what the target knows it by."""

    id: str
    value: str
    display_name: str
    enabled: bool = True
    default_access: bool = False


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles a role function gives; the wire decides their shape."""

    flow: RoleFlow
    roles: tuple[AppRole, ...]


Value = Scalar | Redacted | Roles | tuple[Scalar, ...] | None
"""None: no value; a tuple: a multi-valued attribute, never empty."""

Attributes = Mapping[str, Value]
"""Attributes of a source object by Entra's names, those without a value left out.

The derived ones are there too: `objectId`, `IsSoftDeleted` ("True" or "False"), `appRoleAssignments` (Roles), `manager`
(the source id of the manager).
"""
