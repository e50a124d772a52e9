"""Requests about users (pages SCIM, COMPAT, MAP)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conformance.entra.dialect import Dialect
from conformance.entra.values import RoleFlow, Roles, Value
from conformance.entra.wire.model import Difference, Request
from conformance.entra.wire.paths import CORE_USER, ENTERPRISE, TargetPath, parse_target
from conformance.entra.wire.shapes import (
    BOOLEANS,
    Body,
    boolean,
    created_roles,
    json_of,
    operation,
    patch_body,
    patched_roles,
    plain,
    put,
)

USERS = "/Users"
NULLS = ("addresses", "phoneNumbers", "title", "department", "manager")
"""What an older sample of a create names with null where it is not mapped."""


def create_user(values: Mapping[str, Value], dialect: Dialect) -> Request:
    """POST of a user; values: target -> mapped value, None for none. References are added later."""
    body: Body = {"schemas": [CORE_USER, ENTERPRISE]}
    roles: list[Body] = []
    for target, value in values.items():
        path = parse_target(target)
        if value is None:
            continue
        if path.name == "roles" and (isinstance(value, Roles) or not path.is_value_path):
            roles += created_roles(value, dialect)
        else:
            put(body, path, json_of(path, value))
    if dialect["create-nulls"] == "null":
        body |= {name: None for name in NULLS if name not in body}
    body["meta"] = {"resourceType": "User"}
    body["roles"] = [*body.pop("roles", []), *roles]
    return Request("POST", USERS, body=body)


def patch_user(target_id: str, differences: Sequence[Difference], dialect: Dialect) -> Request:
    """PATCH of what differs, in the order of the mappings."""
    return Request("PATCH", f"{USERS}/{target_id}", body=patch_body(_operations(differences, dialect)))


def set_active(target_id: str, *, active: bool, dialect: Dialect) -> Request:
    """PATCH that disables or enables a user (COMPAT)."""
    value = _patched_boolean(active, dialect)
    return Request(
        "PATCH", f"{USERS}/{target_id}", body=patch_body([operation(dialect.op("replace"), "active", value)])
    )


def delete_user(target_id: str) -> Request:
    """DELETE of a user."""
    return Request("DELETE", f"{USERS}/{target_id}")


def _operations(differences: Sequence[Difference], dialect: Dialect) -> list[Body]:
    parsed = [(parse_target(each.target), each) for each in differences]
    roles = [body for path, each in parsed if _is_roles(path, each) for body in _role_operations(path, each, dialect)]
    rest = [(path, each) for path, each in parsed if not _is_roles(path, each)]
    return [*(_flagged(rest, dialect) if dialect.flagged else _one_each(rest, dialect)), *roles]


def _is_roles(path: TargetPath, difference: Difference) -> bool:
    return path.name == "roles" and (isinstance(difference.new, Roles) or not path.is_value_path)


def _one_each(found: Iterable[tuple[TargetPath, Difference]], dialect: Dialect) -> list[Body]:
    return [_single(path, each, dialect) for path, each in found]


def _single(path: TargetPath, difference: Difference, dialect: Dialect) -> Body:
    if difference.new is None:
        return {"op": dialect.op("remove"), "path": path.text}
    word = "add" if difference.old is None else "replace"
    return operation(dialect.op(word), path.text, _patched(path, difference.new, dialect))


def _flagged(found: Sequence[tuple[TargetPath, Difference]], dialect: Dialect) -> list[Body]:
    """Value paths and removals keep operations of their own, the rest is merged into a path-less one (COMPAT)."""
    merged: dict[str, Body] = {"add": {}, "replace": {}}
    operations: list[Body] = []
    for path, each in found:
        word = "add" if each.old is None else "replace"
        alone = word == "add" and dialect["flagged-add"] == "one-each"
        if path.is_value_path or each.new is None or alone:
            operations.append(_single(path, each, dialect))
        else:
            merged[word][path.text] = _patched(path, each.new, dialect)
    return [*operations, *(operation(word, None, value) for word, value in merged.items() if value)]


def _patched(path: TargetPath, value: Value, dialect: Dialect) -> Any:
    found = plain(value)
    return _patched_boolean(found, dialect) if (path.sub or path.name) in BOOLEANS else found


def _patched_boolean(value: Any, dialect: Dialect) -> Any:
    truth = boolean(value)
    if dialect.flagged or dialect["disable-value"] == "boolean" or not isinstance(truth, bool):
        return truth
    return str(truth)


def _role_operations(path: TargetPath, difference: Difference, dialect: Dialect) -> list[Body]:
    value = difference.new
    if value is None:
        return [{"op": dialect.op("remove"), "path": path.text}]
    if isinstance(value, Roles) and value.flow is RoleFlow.ASSERTIVE:
        return [operation("replace", path.name, patched_roles(value, dialect))]
    single = isinstance(value, Roles) and value.flow is RoleFlow.SINGLE
    if single and path.is_value_path and (dialect.flagged or dialect["single-role-patch"] == "value-path"):
        assert isinstance(value, Roles)
        return [operation(dialect.op("add"), path.text, role.value) for role in value.roles]
    return [operation(dialect.op("add"), path.name, patched_roles(value, dialect))]
