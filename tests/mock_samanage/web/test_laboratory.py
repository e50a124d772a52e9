"""A laboratory account over HTTP: the further types are served as the others are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from mock_samanage.scim.registry import DEVICE_URN, LABORATORY_URN, USER_URN, WARRANTY_URN
from mock_samanage.testing import LiveServer, client
from tests.mock_samanage.tenant.bodies import patch, removal
from tests.mock_samanage.web.conftest import Wire

SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


@pytest.fixture(scope="module")
def laboratory() -> Iterator[LiveServer]:
    with LiveServer(schemas="laboratory") as server:
        yield server


@pytest.fixture(autouse=True)
def _fresh(laboratory: LiveServer) -> None:
    laboratory.reset()


def device(number: int = 1, **attributes: Any) -> dict[str, Any]:
    whole = {"displayName": f"Scale {number}", "serialNumber": f"S-{number}", WARRANTY_URN: {"terms": "all"}}
    return {"schemas": [DEVICE_URN, WARRANTY_URN], **whole, **attributes}


def made(server: LiveServer, number: int = 1, **attributes: Any) -> dict[str, Any]:
    answer = server.request("POST", "/Devices", device(number, **attributes))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    assert (
        answer.headers["Location"] == body["meta"]["location"] == f"http://tenant.invalid/scim/v2/Devices/{body['id']}"
    )
    return body


def test_discovery_describes_the_further_type_and_extensions(laboratory: LiveServer) -> None:
    types = {kind["name"]: kind for kind in laboratory.get("/ResourceTypes")["Resources"]}
    assert types["Device"]["endpoint"] == "/Devices"
    assert types["Device"]["schemaExtensions"] == [{"schema": WARRANTY_URN, "required": True}]
    assert {"schema": LABORATORY_URN, "required": False} in types["User"]["schemaExtensions"]
    assert {DEVICE_URN, WARRANTY_URN, LABORATORY_URN} <= {
        each["id"] for each in laboratory.get("/Schemas")["Resources"]
    }


def test_a_device_lives_as_other_resources_do(laboratory: LiveServer) -> None:
    owner = laboratory.user()
    kept = made(laboratory, price=1.5, externalId="e", owner={"$ref": owner["meta"]["location"]})
    path = f"/Devices/{kept['id']}"
    assert laboratory.get(path) == kept
    assert kept["owner"] == {"value": owner["id"], "$ref": owner["meta"]["location"]}
    assert kept["meta"]["resourceType"] == "Device"
    assert "members" not in kept
    changed = laboratory.request("PATCH", path, patch(("replace", "price", 2), ("add", "labels", ["x"]))).json()
    assert (changed["price"], changed["labels"]) == (2, ["x"])
    assert laboratory.request("PUT", path, device(capacity=7)).json()["capacity"] == 7
    assert "price" not in laboratory.get(path)
    assert laboratory.request("DELETE", path).status_code == 204
    assert laboratory.request("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("method", "body", "status", "keyword"),
    [
        ("PUT", device(2), 400, "mutability"),
        ("PATCH", patch(("replace", "serialNumber", "S-2")), 400, "mutability"),
        ("PATCH", removal(WARRANTY_URN), 400, "mutability"),
        ("PUT", {"schemas": [DEVICE_URN], "displayName": "x", "serialNumber": "S-1"}, 400, "invalidValue"),
        ("PUT", device(capacity=1.5), 400, "invalidValue"),
        ("PUT", device(purchasedOn="yesterday"), 400, "invalidValue"),
    ],
)
def test_what_the_schema_rules_out_is_refused(
    laboratory: LiveServer, method: str, body: dict[str, Any], status: int, keyword: str
) -> None:
    kept = made(laboratory)
    answer = laboratory.request(method, f"/Devices/{kept['id']}", body)
    assert (answer.status_code, answer.json()["scimType"]) == (status, keyword)
    assert laboratory.get(f"/Devices/{kept['id']}") == kept


def test_a_serial_number_is_given_once(laboratory: LiveServer) -> None:
    made(laboratory)
    answer = laboratory.request("POST", "/Devices", device())
    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")


def test_devices_are_listed_searched_and_paged(laboratory: LiveServer) -> None:
    ids = [made(laboratory, number, price=price)["id"] for number, price in enumerate((10, 9.5, 100))]
    ordered = [ids[1], ids[0], ids[2]]
    listed = laboratory.get("/Devices?sortBy=price&attributes=price")["Resources"]
    assert [each["id"] for each in listed] == ordered
    search = {"schemas": [SEARCH], "filter": "price gt 9.5", "sortBy": "price", "sortOrder": "descending"}
    found = laboratory.request("POST", "/Devices/.search", search).json()["Resources"]
    assert [each["id"] for each in found] == [ids[2], ids[0]]
    walked: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = laboratory.get(f"/Devices?sortBy=price&count=2&cursor={cursor}")
        walked += [each["id"] for each in page["Resources"]]
        cursor = page.get("nextCursor")
    assert walked == ordered
    root = laboratory.get("/?count=100")["Resources"]
    assert {each["meta"]["resourceType"] for each in root} == {"User", "Device"}


def test_a_bulk_request_makes_devices(laboratory: LiveServer) -> None:
    data = {**device(), "owner": {"value": "bulkId:u"}}
    operations = [
        {"method": "POST", "path": "/Devices", "bulkId": "d", "data": data},
        {"method": "POST", "path": "/Users", "bulkId": "u", "data": {"schemas": [USER_URN], "userName": "ada"}},
    ]
    answer = laboratory.request("POST", "/Bulk", {"schemas": [BULK], "Operations": operations}).json()
    assert [each["status"] for each in answer["Operations"]] == ["201", "201"]
    (kept,) = laboratory.get("/Devices")["Resources"]
    assert kept["owner"]["$ref"] == answer["Operations"][1]["location"]


def test_numbers_keep_every_digit(laboratory: LiveServer) -> None:
    numbers = '"price": 0.12345678901234567890, "capacity": 1180591620717411303424'
    text = json.dumps(device()).replace('"Scale 1"', f'"Scale", {numbers}')
    with client(laboratory.app, laboratory.token) as session:
        answer = session.post("/Devices", data=text, headers={"Content-Type": "application/scim+json"})
    assert '"price":0.12345678901234567890' in answer.text
    assert '"capacity":1180591620717411303424' in laboratory.request("GET", f"/Devices/{answer.json()['id']}").text
    snapshot = laboratory.tenant.accounts.snapshot(laboratory.account)
    laboratory.tenant.accounts.restore(laboratory.account, snapshot)
    assert '"price":0.12345678901234567890' in laboratory.request("GET", "/Devices").text


def test_what_is_shown_on_request_is_in_the_answer_to_its_write_alone(laboratory: LiveServer) -> None:
    held = {"remark": "r", "cohort": "c", "pin": "p", "locker": {"note": "n", "floor": 1}}
    user = laboratory.user(**{"schemas": [USER_URN, LABORATORY_URN], LABORATORY_URN: held})
    path = f"/Users/{user['id']}"
    assert user[LABORATORY_URN] == {"remark": "r", "cohort": "c", "locker": {"note": "n", "floor": 1}}
    assert laboratory.get(path)[LABORATORY_URN] == {"cohort": "c", "locker": {"floor": 1}}
    assert laboratory.get(f"{path}?attributes={LABORATORY_URN}:remark")[LABORATORY_URN] == {
        "remark": "r",
        "cohort": "c",
    }
    title = laboratory.request("PATCH", path, patch(("add", "title", "x"))).json()
    assert title[LABORATORY_URN] == {"cohort": "c", "locker": {"floor": 1}}
    remark = laboratory.request("PATCH", path, patch(("add", f"{LABORATORY_URN}:remark", "s"))).json()
    assert remark[LABORATORY_URN]["remark"] == "s"


def test_an_account_of_the_service_knows_nothing_of_it(wire: Wire, control: Wire) -> None:
    assert wire("GET", "/Devices").status_code == 404
    assert wire("POST", "/Devices", device()).status_code == 404
    body = {"schemas": [USER_URN, LABORATORY_URN], "userName": "ada", LABORATORY_URN: {"badge": "B"}}
    assert LABORATORY_URN not in wire("POST", "/Users", body).json()
    assert (
        control("PUT", "/accounts/samanage/filterable", {"attributes": [f"{LABORATORY_URN}:badge"]}).status_code == 400
    )


def test_the_control_api_makes_laboratory_accounts(control: Wire) -> None:
    assert control("POST", "/accounts", {"name": "lab", "schemas": "laboratory"}).status_code == 201
    assert control("GET", "/accounts/lab").json()["schemas"] == "laboratory"
    filterable = control("PUT", "/accounts/lab/filterable", {"filterable": [f"{LABORATORY_URN}:badge", "serialNumber"]})
    assert filterable.status_code == 200, filterable.text
    snapshot = control("POST", "/accounts/lab/snapshot").json()
    assert control("PUT", "/accounts/lab/snapshot", snapshot).status_code == 200
    refused = control("POST", "/accounts", {"schemas": "zoo"})
    assert (refused.status_code, "samanage or laboratory" in refused.json()["error"]) == (400, True)
