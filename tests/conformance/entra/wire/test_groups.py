"""Members in batches, and what of a group is never sent."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.entra.dialect import Dialect
from conformance.entra.wire.groups import BATCH, add_members, create_group, remove_members
from conformance.entra.wire.model import Difference, Request
from conformance.entra.wire.users import patch_user, set_active

IDS = [f"u-{number}" for number in range(205)]


def _operations(request: Request) -> list[dict[str, Any]]:
    assert request.body is not None
    found: list[dict[str, Any]] = request.body["Operations"]
    return found


def test_members_come_and_go_in_batches() -> None:
    added, removed = add_members("g", IDS, Dialect()), remove_members("g", IDS, Dialect())
    for made in (added, removed):
        sizes = [
            len(each) for request in made for one in _operations(request) if isinstance(each := one["value"], list)
        ]
        assert sizes == [BATCH, BATCH, 5]
    assert [each["value"] for request in added for each in _operations(request)[0]["value"]] == IDS


def test_a_batch_can_be_smaller() -> None:
    assert len(add_members("g", IDS, Dialect(), batch=50)) == 5
    flagged = remove_members("g", IDS, Dialect(flagged=True), batch=50)
    assert [len(_operations(request)) for request in flagged] == [50, 50, 50, 50, 5]


@pytest.mark.parametrize("make", [add_members, remove_members])
def test_nobody_is_no_request(make: object) -> None:
    assert callable(make)
    assert make("g", [], Dialect()) == []


def test_a_group_is_created_without_members() -> None:
    request = create_group({"displayName": "Ops", "members": ("u-1",), "externalId": None}, Dialect())
    assert request.body is not None
    assert request.body.keys() == {"schemas", "displayName", "meta"}


@pytest.mark.parametrize("flagged", [False, True])
@pytest.mark.parametrize("active", [False, True])
@pytest.mark.parametrize("value", ["string", "boolean"])
def test_disabling_is_the_patch_of_active(*, flagged: bool, active: bool, value: str) -> None:
    dialect = Dialect.of(flagged=flagged, chosen={"disable-value": value})
    difference = Difference("active", not active, str(active))
    assert set_active("u/1", active=active, dialect=dialect) == patch_user("u/1", [difference], dialect)
