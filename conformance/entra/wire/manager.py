"""The manager of a user, which is set and taken away by requests of its own (page SCIM and observed requests)."""

from __future__ import annotations

from conformance.entra.dialect import Dialect
from conformance.entra.wire.model import Request
from conformance.entra.wire.patches import removal
from conformance.entra.wire.paths import ENTERPRISE, MANAGER, parse_target, resource_path
from conformance.entra.wire.shapes import Body, operation, patch_body
from conformance.entra.wire.users import USERS


def set_manager(
    target_id: str, manager_id: str | None, dialect: Dialect, *, base: str = "", change: bool = False
) -> Request:
    """PATCH that makes a target user the manager, or takes the manager away for None.

    base: the tenant URL, for the `$ref` of the shape that has one. change: whether the target shows another manager.
    """
    made = _taken_away(dialect) if manager_id is None else _made(manager_id, dialect, base, change=change)
    return Request("PATCH", resource_path(USERS, target_id), body=patch_body([made]))


def _made(manager_id: str, dialect: Dialect, base: str, *, change: bool) -> Body:
    op = dialect.op("replace" if change and dialect["manager-change"] == "replace" else "add")
    match dialect["manager-shape-flagged" if dialect.flagged else "manager-shape"]:
        case "array":
            ref = f"{base}{resource_path(USERS, manager_id)}"
            return operation(op, "manager", [{"$ref": ref, "value": manager_id}])
        case "object":
            return operation(op, MANAGER, {"value": manager_id})
        case "body":
            return operation(op, None, {ENTERPRISE: {"manager": manager_id}})
    return operation(op, MANAGER, manager_id)


def _taken_away(dialect: Dialect) -> Body:
    match dialect["manager-clear"]:
        case "remove":
            return removal(parse_target(MANAGER), dialect)
        case "empty-object":
            return operation(dialect.op("replace"), MANAGER, {"value": ""})
    return operation(dialect.op("replace"), MANAGER, "")
