"""The operations of a PATCH message, read from its body (RFC 7644 section 3.5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mock_samanage.scim.errors import InvalidPath, InvalidSyntax, InvalidValue
from mock_samanage.scim.messages import PATCH_OP_URN, fold_names, kind, message
from mock_samanage.scim.opaque import MISSING, Op
from mock_samanage.scim.values import shown

_OPS: Final[Mapping[str, Op]] = {"add": "add", "replace": "replace", "remove": "remove"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: `path` is None when there is none, `value` is MISSING when there is none."""

    op: Op
    path: str | None
    value: object


def read_operations(body: Mapping[str, Any]) -> tuple[Operation, ...]:
    """The operations of a PatchOp message, one at least; names and `op` in any case (AMB-15, AMB-49).

    A null `path` counts as none; members that SCIM does not know are ignored. Raises InvalidSyntax for
    what is no PatchOp message, InvalidValue for an add or replace without a value.
    """
    listed = message(body, PATCH_OP_URN, ("Operations",)).get("Operations")
    if not isinstance(listed, list) or not listed:
        raise InvalidSyntax("Operations must be a list of one operation at least, each with op, path and value.")
    return tuple(_operation(item, f"Operations[{index}]") for index, item in enumerate(listed))


def _operation(item: object, where: str) -> Operation:
    if not isinstance(item, dict):
        raise InvalidSyntax(f"{where} is a JSON {kind(item)}; it must be an object with op, path and value.")
    members = fold_names(item, ("op", "path", "value"), where)
    word = members.get("op")
    op = _OPS.get(word.lower()) if isinstance(word, str) else None
    if op is None:
        found = f"it is {shown(word)}" if "op" in members else "it is missing"
        raise InvalidSyntax(f"{where}.op must be add, remove or replace; {found}.")
    path = members.get("path")
    if path is not None and not isinstance(path, str):
        raise InvalidPath(f"{where}.path must be a string; it is {shown(path)}.")
    value = members.get("value", MISSING)
    if value is MISSING and op != "remove":
        raise InvalidValue(f"{where}.value is missing; {op} needs one.")
    return Operation(op, path, value)
