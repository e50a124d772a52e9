"""One person and one group through a year of Entra, in the shapes it sends, without and with its compliance flag."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_samanage.testing import GROUP_URN, USER_URN, LiveServer

Wire = Callable[..., requests.Response]

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ADSCIM = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MANAGER = f"{ENTERPRISE}:manager"
WORK = 'emails[type eq "work"].value'

CREATE: dict[str, Any] = {
    "schemas": [USER_URN, ENTERPRISE],
    "externalId": "mlopez",
    "userName": "m.lopez@example.com",
    "active": True,
    "emails": [{"primary": True, "type": "work", "value": "m.lopez@example.com"}],
    "meta": {"resourceType": "User"},
    "name": {"formatted": "Mara Lopez", "familyName": "Lopez", "givenName": "Mara"},
    "roles": [],
}


@pytest.fixture
def change(wire: Wire) -> Callable[..., dict[str, Any]]:
    """Sends operations as one PATCH, which succeeds, and reads the resource."""

    def send(path: str, *operations: dict[str, Any]) -> dict[str, Any]:
        body = {"schemas": [PATCH], "Operations": list(operations)}
        answer = wire("PATCH", path, body, Content_Type="application/scim+json; charset=utf-8")
        assert answer.status_code in {200, 204}, answer.text
        return dict(wire("GET", path).json())

    return send


Change = Callable[..., dict[str, Any]]


def test_a_user_in_the_dialect_without_the_flag(wire: Wire, change: Change, tenant: LiveServer) -> None:
    boss = str(tenant.user()["id"])
    made = wire("POST", "/Users", CREATE)
    assert made.status_code == 201
    path = f"/Users/{made.json()['id']}"
    after = change(
        path,
        {"op": "Replace", "path": WORK, "value": "mara@example.com"},
        {"op": "Replace", "path": "name.familyName", "value": "Lopez-Ruiz"},
        {"op": "Add", "path": "nickName", "value": "Mo"},
        {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+1 555 0100"},
        {"op": "Replace", "path": f"{ENTERPRISE}:employeeNumber", "value": "4471"},
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "Add", "path": "manager", "value": [{"$ref": f"{tenant.url}/Users/{boss}", "value": boss}]},
    )
    assert (after["active"], after["nickName"], after["name"]["familyName"]) == (False, "Mo", "Lopez-Ruiz")
    assert after["emails"] == [{"primary": True, "type": "work", "value": "mara@example.com"}]
    assert after["phoneNumbers"] == [{"type": "mobile", "value": "+1 555 0100"}]
    assert after[ENTERPRISE]["employeeNumber"] == "4471"
    assert after[ENTERPRISE]["manager"]["value"] == boss
    assert change(path, {"op": "Replace", "path": "active", "value": "True"})["active"] is True


def test_a_user_in_the_dialect_with_the_flag(wire: Wire, change: Change, tenant: LiveServer) -> None:
    boss = str(tenant.user()["id"])
    path = f"/Users/{wire('POST', '/Users', CREATE).json()['id']}"
    flat = {"displayName": "Mara L.", "name.givenName": "Maria", f"{ENTERPRISE}:department": "Ops", MANAGER: boss}
    after = change(
        path,
        {"op": "replace", "path": WORK, "value": "maria@example.com"},
        {"op": "add", "value": {"nickName": "Mo", "name.middleName": "Q"}},
        {"op": "replace", "value": flat},
    )
    assert after["name"] == {"formatted": "Mara Lopez", "familyName": "Lopez", "givenName": "Maria", "middleName": "Q"}
    assert (after["displayName"], after["nickName"], after["emails"][0]["value"]) == (
        "Mara L.",
        "Mo",
        "maria@example.com",
    )
    assert after[ENTERPRISE]["manager"]["value"] == boss
    assert not [name for name in after if "." in name.rpartition(":")[2] and name != ENTERPRISE]


@pytest.mark.parametrize("empty", ["", None])
def test_optional_attributes_are_cleared_by_nothing(wire: Wire, change: Change, empty: str | None) -> None:
    """Verbose and compact, as the validation template for gallery applications sends them."""
    filled = {**CREATE, "title": "Lead", ENTERPRISE: {"department": "Ops", "employeeNumber": "1"}}
    path = f"/Users/{wire('POST', '/Users', filled).json()['id']}"
    verbose = change(path, *({"op": "replace", "path": where, "value": empty} for where in ("title", WORK)))
    assert "title" not in verbose
    assert "value" not in verbose["emails"][0]
    compact = change(path, {"op": "replace", "value": {f"{ENTERPRISE}:department": empty, "name.formatted": empty}})
    assert compact[ENTERPRISE] == {"employeeNumber": "1"}
    assert compact["name"] == {"familyName": "Lopez", "givenName": "Mara"}


def test_a_group_in_both_dialects(wire: Wire, change: Change, tenant: LiveServer) -> None:
    one, two, three = (str(tenant.user()["id"]) for _ in range(3))
    created = {"externalId": "g-1", "displayName": "Ops", "meta": {"resourceType": "Group"}}
    made = wire("POST", "/Groups", {"schemas": [GROUP_URN, ADSCIM], **created})
    assert (made.status_code, made.json()["schemas"]) == (201, [GROUP_URN])
    path = f"/Groups/{made.json()['id']}"

    def members(*operations: dict[str, Any]) -> set[str]:
        return {each["value"] for each in change(path, *operations).get("members", [])}

    everybody = [{"$ref": None, "value": each} for each in (one, two, three)]
    assert members({"op": "Add", "path": "members", "value": everybody}) == {one, two, three}
    assert members({"op": "Add", "path": "members", "value": everybody[:1]}) == {one, two, three}
    assert members({"op": "Remove", "path": "members", "value": [{"value": one}]}) == {two, three}
    assert members({"op": "remove", "path": f'members[value eq "{two}"]'}) == {three}
    assert members({"op": "replace", "path": "members", "value": [{"value": one}]}) == {one}
    renamed = change(path, {"op": "replace", "value": {"id": path.rpartition("/")[2], "displayName": "Operations"}})
    assert (renamed["displayName"], renamed["externalId"]) == ("Operations", "g-1")
