"""Requests about groups (pages SCIM, COMPAT)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from conformance.entra.dialect import Dialect
from conformance.entra.values import Value
from conformance.entra.wire.model import Difference, Request
from conformance.entra.wire.patches import operations
from conformance.entra.wire.paths import CORE_GROUP, comparison, parse_target, resource_path
from conformance.entra.wire.shapes import Body, json_of, operation, patch_body, put

GROUPS: Final = "/Groups"
SECOND_SCHEMA: Final = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
BATCH: Final = 100
"""Members in one request; no source tells how many the service sends."""


def create_group(values: Mapping[str, Value], dialect: Dialect) -> Request:
    """POST of a group without members; they follow."""
    body: Body = {"schemas": [CORE_GROUP, *([SECOND_SCHEMA] if dialect["group-schemas"] == "both" else [])]}
    for target, value in values.items():
        if value is not None and target != "members":
            path = parse_target(target)
            put(body, path, json_of(path, value))
    body["meta"] = {"resourceType": "Group"}
    return Request("POST", GROUPS, body=body)


def patch_group(target_id: str, differences: Sequence[Difference], dialect: Dialect) -> Request:
    """PATCH of what differs but members."""
    found = [(parse_target(each.target), each) for each in differences]
    return _patch(target_id, operations(found, dialect))


def add_members(target_id: str, members: Sequence[str], dialect: Dialect, *, batch: int = BATCH) -> list[Request]:
    """PATCHes that add members by their target ids, `batch` at a time."""
    first: Body = {"$ref": None} if dialect["member-ref"] == "null" else {}
    return [
        _patch(target_id, [operation(dialect.op("add"), "members", [{**first, "value": each} for each in some])])
        for some in _batches(members, batch)
    ]


def remove_members(target_id: str, members: Sequence[str], dialect: Dialect, *, batch: int = BATCH) -> list[Request]:
    """PATCHes that take members away: a list of values, or an operation with a filter for each with the flag."""
    return [_patch(target_id, _removals(some, dialect)) for some in _batches(members, batch)]


def delete_group(target_id: str) -> Request:
    """DELETE of a group."""
    return Request("DELETE", resource_path(GROUPS, target_id))


def _removals(members: Sequence[str], dialect: Dialect) -> list[Body]:
    if dialect.flagged:
        return [{"op": "remove", "path": f"members[{comparison('value', each)}]"} for each in members]
    return [operation("Remove", "members", [{"value": each} for each in members])]


def _patch(target_id: str, changes: Sequence[Body]) -> Request:
    return Request("PATCH", resource_path(GROUPS, target_id), body=patch_body(changes))


def _batches(members: Sequence[str], size: int) -> list[Sequence[str]]:
    return [members[at : at + size] for at in range(0, len(members), size)]
