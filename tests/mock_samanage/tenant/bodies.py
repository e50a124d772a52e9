"""Bodies of SCIM requests."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.messages import PATCH_OP_URN
from mock_samanage.scim.registry import GROUP_URN, USER_URN
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Query


def user(name: str = "ann@acme.example", /, **attributes: Any) -> dict[str, Any]:
    return {"schemas": [USER_URN], "userName": name, **attributes}


def group(name: str = "Ops", /, *members: str, **attributes: Any) -> dict[str, Any]:
    return {"schemas": [GROUP_URN], "displayName": name, "members": [{"value": id_} for id_ in members], **attributes}


def patch(*operations: tuple[str, str | None, Any]) -> dict[str, Any]:
    """Operations as (op, path, value)."""
    listed = [{"op": op, "value": value} | ({} if path is None else {"path": path}) for op, path, value in operations]
    return {"schemas": [PATCH_OP_URN], "Operations": listed}


def removal(path: str) -> dict[str, Any]:
    return {"schemas": [PATCH_OP_URN], "Operations": [{"op": "remove", "path": path}]}


def found(directory: Directory, filter_: str, *types: str, **query: Any) -> list[str]:
    """The ids a filter finds."""
    page = directory.query(types or ("User",), Query(filter=parse_filter(filter_), **query))
    return [resource.id for resource in page.resources]
