"""Roles on the wire: those of the role functions, and a default value that names one (pages MAP, TUTORIAL)."""

from __future__ import annotations

import json
from typing import Any, Final

from conformance.entra.dialect import Dialect
from conformance.entra.values import AppRole, RoleFlow, Roles, Value
from conformance.entra.wire.model import Difference
from conformance.entra.wire.patches import operations, removal, word
from conformance.entra.wire.paths import TargetPath, parse_target
from conformance.entra.wire.shapes import ROLE_TYPE, Body, json_of, operation, plain, put

PRIMARY_ROLE: Final = 'roles[primary eq "True"].value'


def put_roles(body: Body, path: TargetPath, value: Value, dialect: Dialect) -> None:
    """The roles of a create stand in the body: elements of a list, or what the switch `role-default` says."""
    if not path.is_value_path:
        found = created_roles(value, dialect)
        body["roles"] = [*body["roles"], *found] if isinstance(found, list) else found
    elif isinstance(value, Roles):
        for role in value.roles:
            put(body, path, _part(role, path))
    else:
        put(body, path, json_of(path, value))


def created_roles(value: Value, dialect: Dialect) -> Any:
    """The value of `roles` in a create (MAP)."""
    if isinstance(value, Roles):
        return [_created_role(role, value.flow, dialect) for role in value.roles]
    return _named_roles(plain(value), dialect)


def role_operations(path: TargetPath, difference: Difference, dialect: Dialect) -> list[Body]:
    """The operations that change roles: the assertive function replaces all, the others add."""
    value = difference.new
    if value is None:
        return [removal(path, dialect)]
    if not isinstance(value, Roles):
        if path.is_value_path:
            return operations([(path, difference)], dialect)
        return [operation(dialect.op("add"), path.name, created_roles(value, dialect))]
    if value.flow is RoleFlow.ASSERTIVE:
        return [operation("replace", path.name, created_roles(value, dialect))]
    if value.flow is RoleFlow.SINGLE and _by_value_path(path, dialect):
        target = path if path.is_value_path else parse_target(PRIMARY_ROLE)
        op = dialect.op(word(difference))
        return [operation(op, target.text, _part(role, target)) for role in value.roles]
    return [operation(dialect.op("add"), path.name, _added(value, dialect))]


def role_text(role: AppRole) -> str:
    """A role as the JSON text that is sent without the flag."""
    told = {"id": role.id, "value": role.value, "displayName": role.display_name}
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def _by_value_path(path: TargetPath, dialect: Dialect) -> bool:
    return path.is_value_path if dialect.flagged else dialect["single-role-patch"] == "value-path"


def _added(value: Roles, dialect: Dialect) -> Any:
    """As in a create with the flag, which is said to align the two; else JSON text inside of value (MAP)."""
    return created_roles(value, dialect) if dialect.flagged else [{"value": role_text(role)} for role in value.roles]


def _created_role(role: AppRole, flow: RoleFlow, dialect: Dialect) -> Body:
    if flow is RoleFlow.SINGLE:
        return {"primary": True, "type": ROLE_TYPE, "value": role.value}
    key = "display" if flow is RoleFlow.ASSERTIVE else dialect["complex-role-key"]
    return {"primary": False, "type": ROLE_TYPE, key: role.display_name, "value": role.value}


def _part(role: AppRole, path: TargetPath) -> str:
    """What a mapping of a part of the primary role sends; the type is the same constant for every role (MAP)."""
    return {"display": role.display_name, "type": ROLE_TYPE}.get(path.sub, role.value)


def _named_roles(value: Any, dialect: Dialect) -> Any:
    """The roles that a constant or a default value names, in the form of the switch where it is a JSON object."""
    if not isinstance(value, str):
        return [{"value": str(each)} for each in (value if isinstance(value, list) else [value])]
    named = _object(value)
    match dialect["role-default"] if named is not None else "text":
        case "element":
            return [named]
        case "object":
            return named
        case "string":
            return value
    return [{"value": value}]


def _object(text: str) -> Body | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
