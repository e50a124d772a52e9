"""Helpers of the PATCH tests: one document, and short ways to patch it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from mock_samanage.scim.dialect import ENTRA, Dialect
from mock_samanage.scim.errors import BadRequest
from mock_samanage.scim.messages import PATCH_OP_URN
from mock_samanage.scim.patch import apply_patch
from mock_samanage.scim.registry import ENTERPRISE_URN, USER, USER_URN

WORK = {"type": "work", "value": "w@x", "primary": True}
HOME = {"type": "home", "value": "h@x"}
ADA: dict[str, Any] = {
    "schemas": [USER_URN, ENTERPRISE_URN],
    "userName": "ada",
    "active": True,
    "name": {"givenName": "Ada", "familyName": "L"},
    "emails": [WORK, HOME],
    ENTERPRISE_URN: {"department": "D", "manager": {"value": "8"}},
}
SHOWN = {"id": "7", "meta": {"resourceType": "User", "created": "2020-01-01T00:00:00Z"}, "groups": [{"value": "9"}]}
NOTHING = object()


def operation(op: str, path: str | None = None, value: Any = NOTHING) -> dict[str, Any]:
    made: dict[str, Any] = {"op": op}
    if path is not None:
        made["path"] = path
    if value is not NOTHING:
        made["value"] = value
    return made


def message(*operations: Any) -> dict[str, Any]:
    return {"schemas": [PATCH_OP_URN], "Operations": list(operations)}


def patched(
    *operations: Any, document: Mapping[str, Any] = ADA, dialect: Dialect = ENTRA, **options: Any
) -> dict[str, Any]:
    return apply_patch(USER, document, message(*operations), dialect=dialect, shown=SHOWN, **options)


def refused(
    kind: type[BadRequest],
    *operations: Any,
    dialect: Dialect = ENTRA,
    document: Mapping[str, Any] = ADA,
    **options: Any,
) -> str:
    before = repr(document)
    with pytest.raises(kind) as raised:
        patched(*operations, dialect=dialect, document=document, **options)
    assert type(raised.value) is kind
    assert repr(document) == before
    return raised.value.detail


def emails(*operations: Any, start: Sequence[Mapping[str, Any]] | None = None, dialect: Dialect = ENTRA) -> Any:
    document = ADA if start is None else {**ADA, "emails": list(start)}
    return patched(*operations, document=document, dialect=dialect).get("emails")
