"""Requests about users (pages SCIM, COMPAT, MAP)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conformance.entra.dialect import Dialect
from conformance.entra.values import Value
from conformance.entra.wire.model import Difference, Request
from conformance.entra.wire.patches import operations, patched_boolean
from conformance.entra.wire.paths import CORE_USER, ENTERPRISE, TargetPath, parse_target, resource_path
from conformance.entra.wire.roles import put_roles, role_operations
from conformance.entra.wire.shapes import Body, json_of, operation, patch_body, put

USERS = "/Users"
NULLS = ("addresses", "phoneNumbers", "title", "department", "manager")
"""What an older sample of a create names with null where it is not mapped."""


def create_user(values: Mapping[str, Value], dialect: Dialect) -> Request:
    """POST of a user; values: target -> mapped value, None for none. References are added later."""
    body: Body = {"schemas": [CORE_USER, ENTERPRISE]}
    roles: Body = {"roles": []}
    for target, value in values.items():
        path = parse_target(target)
        if value is None:
            continue
        if _is_roles(path):
            put_roles(roles, path, value, dialect)
        else:
            put(body, path, json_of(path, value))
    if dialect["create-nulls"] == "null":
        body |= {name: None for name in NULLS if name not in body}
    return Request("POST", USERS, body={**body, "meta": {"resourceType": "User"}, **roles})


def patch_user(target_id: str, differences: Sequence[Difference], dialect: Dialect) -> Request:
    """PATCH of what differs, in the order of the mappings; roles come last."""
    parsed = [(parse_target(each.target), each) for each in differences]
    roles = [body for path, each in parsed if _is_roles(path) for body in role_operations(path, each, dialect)]
    rest = operations([(path, each) for path, each in parsed if not _is_roles(path)], dialect)
    return Request("PATCH", resource_path(USERS, target_id), body=patch_body([*rest, *roles]))


def set_active(target_id: str, *, active: bool, dialect: Dialect) -> Request:
    """PATCH that disables or enables a user (COMPAT)."""
    made = operation(dialect.op("replace"), "active", patched_boolean(active, dialect))
    return Request("PATCH", resource_path(USERS, target_id), body=patch_body([made]))


def delete_user(target_id: str) -> Request:
    """DELETE of a user."""
    return Request("DELETE", resource_path(USERS, target_id))


def _is_roles(path: TargetPath) -> bool:
    return path.name == "roles" and not path.uri
