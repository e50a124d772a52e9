"""Helpers of the PATCH tests: one document, and short ways to patch it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from mock_samanage.scim.dialect import ENTRA, Dialect
from mock_samanage.scim.errors import BadRequest
from mock_samanage.scim.evaluate import matching_elements
from mock_samanage.scim.filter import Filter
from mock_samanage.scim.messages import PATCH_OP_URN
from mock_samanage.scim.patch import apply_patch
from mock_samanage.scim.registry import ENTERPRISE_URN, GROUP, GROUP_URN, USER, USER_URN

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


OPS: dict[str, Any] = {"schemas": [GROUP_URN], "displayName": "Ops"}
MEMBERS = GROUP.schema.attribute("members")
assert MEMBERS is not None


class Listed:
    """A member set over a list; `asked` tells whether the members themselves were looked at."""

    def __init__(self, *ids: str) -> None:
        self.ids = list(ids)
        self.asked = False

    def add(self, ids: Sequence[str]) -> int:
        new = [item for item in ids if item not in self.ids]
        self.ids += new
        return len(new)

    def remove(self, ids: Sequence[str]) -> int:
        before = len(self.ids)
        self.ids = [item for item in self.ids if item not in ids]
        return before - len(self.ids)

    def clear(self) -> int:
        return self.remove(list(self.ids))

    def replace(self, ids: Sequence[str]) -> int:
        return self.remove([item for item in self.ids if item not in ids]) + self.add(ids)

    def matching(self, filter_: Filter) -> Sequence[str]:
        assert MEMBERS is not None
        self.asked = True
        elements = [{"value": item, "type": "User"} for item in self.ids]
        return [self.ids[index] for index in matching_elements(filter_, elements, MEMBERS)]
