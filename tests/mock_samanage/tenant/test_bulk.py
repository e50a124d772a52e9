"""A bulk job whose client loses its rights, or whose store is busy, while it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mock_samanage.scim.bulk import read_bulk
from mock_samanage.scim.errors import Forbidden
from mock_samanage.scim.messages import BULK_REQUEST_URN
from mock_samanage.scim.registry import GROUP_URN, USER_URN
from mock_samanage.store import Busy
from mock_samanage.tenant.bulk import BulkJob
from mock_samanage.tenant.directory import Directory

Admission = Callable[[], Directory]


def post(bulk_id: str, member: str = "") -> dict[str, Any]:
    data: dict[str, Any] = {"schemas": [USER_URN], "userName": bulk_id}
    if member:
        data = {"schemas": [GROUP_URN], "displayName": bulk_id, "members": [{"value": f"bulkId:{member}"}]}
    return {"method": "POST", "path": "/Groups" if member else "/Users", "bulkId": bulk_id, "data": data}


def run(admitted: Admission, *operations: dict[str, Any], **members: Any) -> list[int]:
    body = {"schemas": [BULK_REQUEST_URN], "Operations": list(operations), **members}
    return [outcome.status for outcome in BulkJob(read_bulk(body, 99), admitted).run()]


def admitting(directory: Directory, *refusals: Exception | None) -> Admission:
    """Each admission in turn: refused for an error, else given; the last one again for all that follow."""
    waiting = list(refusals)

    def admitted() -> Directory:
        error = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if error is not None:
            raise error
        return directory

    return admitted


@pytest.mark.parametrize(("error", "status"), [(Forbidden("no Administrator any more"), 403), (Busy("locked"), 503)])
def test_who_is_not_admitted_any_more_is_told_so_also_in_a_circle(
    directory: Directory, error: Exception, status: int
) -> None:
    circle = (post("a", "b"), post("b", "a"))
    found = run(admitting(directory, None, error), post("first"), *circle, post("last"))
    assert found == [201, status, status, status]


def test_a_store_that_was_busy_once_costs_one_operation(directory: Directory) -> None:
    assert run(admitting(directory, Busy("locked"), None), post("a"), post("b"), post("c", "b")) == [503, 201, 201]
    assert run(admitting(directory, Busy("locked"), None), post("d"), post("e"), failOnErrors=1) == [503]
