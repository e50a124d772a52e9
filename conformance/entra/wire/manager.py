"""The manager of a user, which is set and taken away by requests of its own (page SCIM and observed requests)."""

from __future__ import annotations

from conformance.entra.dialect import Dialect
from conformance.entra.wire.model import Request
from conformance.entra.wire.paths import MANAGER
from conformance.entra.wire.shapes import Body, operation, patch_body
from conformance.entra.wire.users import USERS


def set_manager(target_id: str, manager_id: str | None, dialect: Dialect, *, base: str = "") -> Request:
    """PATCH that makes a target user the manager, or takes the manager away for None.

    base: the tenant URL, for the `$ref` of the shape that has one.
    """
    made = _taken_away(dialect) if manager_id is None else _made(manager_id, dialect, base)
    return Request("PATCH", f"{USERS}/{target_id}", body=patch_body([made]))


def _made(manager_id: str, dialect: Dialect, base: str) -> Body:
    shape = dialect["manager-shape-flagged" if dialect.flagged else "manager-shape"]
    if shape == "array":
        listed = [{"$ref": f"{base}{USERS}/{manager_id}", "value": manager_id}]
        return operation(dialect.op("add"), "manager", listed)
    return operation(dialect.op("add"), MANAGER, {"value": manager_id} if shape == "object" else manager_id)


def _taken_away(dialect: Dialect) -> Body:
    match dialect["manager-clear"]:
        case "remove":
            return {"op": dialect.op("remove"), "path": MANAGER}
        case "empty-object":
            return operation(dialect.op("replace"), MANAGER, {"value": ""})
    return operation(dialect.op("replace"), MANAGER, "")
