"""Bulk requests over HTTP: each operation is the request it stands for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_samanage.scim.messages import BULK_REQUEST_URN, BULK_RESPONSE_URN, ERROR_URN, PATCH_OP_URN
from mock_samanage.scim.registry import ENTERPRISE_URN, GROUP_URN, USER_URN
from mock_samanage.testing import LiveServer
from mock_samanage.web.bulk import MAX_OPERATIONS, MAX_PAYLOAD_SIZE

Wire = Callable[..., requests.Response]
Operation = dict[str, Any]


def user(name: str, **attributes: Any) -> dict[str, Any]:
    return {"schemas": [USER_URN], "userName": name, **attributes}


def group(name: str, *members: str) -> dict[str, Any]:
    return {"schemas": [GROUP_URN], "displayName": name, "members": [{"value": value} for value in members]}


def managed(name: str, manager: str) -> dict[str, Any]:
    return user(name, **{ENTERPRISE_URN: {"manager": {"value": manager}}})


def post(bulk_id: str, data: dict[str, Any], path: str = "") -> Operation:
    endpoint = path or ("/Groups" if GROUP_URN in data.get("schemas", ()) else "/Users")
    return {"method": "POST", "path": endpoint, "bulkId": bulk_id, "data": data}


def put(path: str, data: dict[str, Any], **members: Any) -> Operation:
    return {"method": "PUT", "path": path, "data": data, **members}


def patch(path: str, *operations: dict[str, Any], **members: Any) -> Operation:
    return {"method": "PATCH", "path": path, "data": {"schemas": [PATCH_OP_URN], "Operations": operations}, **members}


def delete(path: str, **members: Any) -> Operation:
    return {"method": "DELETE", "path": path, **members}


def replace(path: str, value: Any) -> dict[str, Any]:
    return {"op": "replace", "path": path, "value": value}


class Bulk:
    """Sends bulk requests, and reads resources back."""

    def __init__(self, wire: Wire, base: str) -> None:
        self.wire = wire
        self.base = base

    def raw(self, *operations: Any, **members: Any) -> requests.Response:
        return self.wire("POST", "/Bulk", {"schemas": [BULK_REQUEST_URN], "Operations": list(operations), **members})

    def __call__(self, *operations: Any, **members: Any) -> list[dict[str, Any]]:
        answer = self.raw(*operations, **members)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        assert body.keys() == {"schemas", "Operations"}
        assert body["schemas"] == [BULK_RESPONSE_URN]
        for result in body["Operations"]:
            failed = not result["status"].startswith("2")
            assert ("response" in result) is failed
            if failed:
                assert result["response"]["schemas"] == [ERROR_URN]
                assert result["response"]["status"] == result["status"]
                assert result["response"]["detail"]
        found: list[dict[str, Any]] = body["Operations"]
        return found

    def statuses(self, *operations: Any, **members: Any) -> list[str]:
        return [result["status"] for result in self(*operations, **members)]

    def read(self, result: dict[str, Any]) -> dict[str, Any]:
        answer = self.wire("GET", "", base=result["location"])
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def members(self, result: dict[str, Any]) -> list[str]:
        return [member["value"] for member in self.read(result)["members"]]

    def find(self, name: str) -> list[dict[str, Any]]:
        answer = self.wire("GET", f'/?filter=userName eq "{name}" or displayName eq "{name}"')
        found: list[dict[str, Any]] = answer.json()["Resources"]
        return found


@pytest.fixture
def bulk(wire: Wire, tenant: LiveServer) -> Bulk:
    return Bulk(wire, tenant.url)


def id_of(result: dict[str, Any]) -> str:
    return str(result["location"].rpartition("/")[2])


def test_each_operation_has_the_status_and_the_location_of_its_request(bulk: Bulk) -> None:
    ann, ops = bulk(post("u1", user("ann")), post("g1", group("Ops")))
    assert ann == {"method": "POST", "bulkId": "u1", "location": ann["location"], "version": 'W/"1"', "status": "201"}
    assert ann["location"].startswith(f"{bulk.base}/Users/")
    person, crew = ann["location"].removeprefix(bulk.base), ops["location"].removeprefix(bulk.base)
    results = bulk(
        put(person, user("ann", title="T")),
        patch(person, replace("title", "U")),
        patch(crew, replace("displayName", "Ops 2")),
        delete(crew),
        delete(person, bulkId="mine"),
    )
    assert [result["status"] for result in results] == ["200", "200", "204", "204", "204"]
    assert [result["method"] for result in results] == ["PUT", "PATCH", "PATCH", "DELETE", "DELETE"]
    assert [result.get("version") for result in results] == ['W/"2"', 'W/"3"', 'W/"2"', None, None]
    paths = [result["location"].removeprefix(bulk.base) for result in results]
    assert paths == [person, person, crew, crew, person]
    assert [result.get("bulkId") for result in results] == [None, None, None, None, "mine"]
    assert bulk.wire("GET", person).status_code == 404


def test_the_version_is_that_of_a_later_read(bulk: Bulk) -> None:
    (made,) = bulk(post("u1", user("ann", password="very secret")))
    (changed,) = bulk(patch(f"/Users/{id_of(made)}", replace("title", "T")))
    for result in (made, changed):
        assert "secret" not in json.dumps(result)
    answer = bulk.wire("GET", f"/Users/{id_of(made)}")
    assert changed["version"] == answer.headers["ETag"] == answer.json()["meta"]["version"]


def test_references_are_resolved_in_values_paths_and_extensions(bulk: Bulk) -> None:
    results = bulk(
        post("u1", user("ann")),
        post("u2", managed("ben", "bulkId:u1")),
        post("g1", group("Ops", "bulkId:u1", "bulkId:u2")),
        patch("/Groups/bulkId:g1", {"op": "remove", "path": 'members[value eq "bulkId:u1"]'}),
        patch("/Users/bulkId:u1", replace(f"{ENTERPRISE_URN}:manager", {"$ref": "../Users/bulkId:u2"})),
    )
    ann, ben, ops, removed, managed_by = results
    assert [result["status"] for result in results] == ["201", "201", "201", "204", "200"]
    assert bulk.read(ben)[ENTERPRISE_URN]["manager"]["value"] == id_of(ann)
    assert bulk.members(ops) == [id_of(ben)]
    assert (removed["location"], managed_by["location"]) == (ops["location"], ann["location"])
    assert bulk.read(ann)[ENTERPRISE_URN]["manager"]["value"] == id_of(ben)
    assert "bulkId:" not in bulk.wire("GET", "/").text


def test_a_forward_reference_waits_and_results_keep_the_order_of_the_request(bulk: Bulk) -> None:
    results = bulk(
        post("g1", group("Outer", "bulkId:g2")),
        patch("/Groups/bulkId:g1", replace("displayName", "Renamed")),
        post("g2", group("Inner", "bulkId:u1")),
        post("u1", user("ann")),
    )
    assert [result.get("bulkId") for result in results] == ["g1", None, "g2", "u1"]
    assert [result["status"] for result in results] == ["201", "204", "201", "201"]
    outer, _, inner, ann = results
    assert bulk.read(outer)["displayName"] == "Renamed"
    assert (bulk.members(outer), bulk.members(inner)) == ([id_of(inner)], [id_of(ann)])


def test_what_waits_keeps_the_order_of_operations_on_one_resource(bulk: Bulk) -> None:
    (ops,) = bulk(post("g", group("Ops")))
    path = f"/Groups/{id_of(ops)}"
    assert bulk.statuses(
        put(path, group("Waits", "bulkId:u1")), patch(path, replace("displayName", "Last")), post("u1", user("ann"))
    ) == ["200", "204", "201"]
    shown = bulk.read(ops)
    assert (shown["displayName"], len(shown["members"])) == ("Last", 1)
    assert bulk.statuses(put(path, group("Waits", "bulkId:u2")), delete(path), post("u2", user("ben"))) == [
        "200",
        "204",
        "201",
    ]


def test_circular_references_are_linked_both_ways(bulk: Bulk) -> None:
    results = bulk(
        post("a", group("A", "bulkId:b", "bulkId:u1")),
        post("b", group("B", "bulkId:a")),
        post("u1", managed("ann", "bulkId:u2")),
        post("u2", managed("ben", "bulkId:u1")),
        post("u3", managed("own boss", "bulkId:u3")),
        post("c", group("C", "bulkId:a")),
    )
    assert [result["status"] for result in results] == ["201"] * 6
    a, b, ann, ben, boss, c = results
    assert set(bulk.members(a)) == {id_of(b), id_of(ann)}
    assert bulk.members(b) == bulk.members(c) == [id_of(a)]
    for person, manager in ((ann, ben), (ben, ann), (boss, boss)):
        assert bulk.read(person)[ENTERPRISE_URN]["manager"]["value"] == id_of(manager)
    assert [bulk.read(result)["meta"]["version"] for result in results] == [result["version"] for result in results]


def test_a_circle_that_cannot_be_closed_leaves_nothing(bulk: Bulk) -> None:
    bulk(post("x", group("B")))
    results = bulk(
        post("a", group("A", "bulkId:b")),
        post("b", group("B", "bulkId:a")),
        post("c", group("C", "bulkId:a")),
        post("s", group("Self", "bulkId:s")),
        post("u", user("ann")),
    )
    assert [result["status"] for result in results] == ["409", "409", "409", "400", "201"]
    assert "a, b" in results[0]["response"]["detail"]
    assert not any("location" in result for result in results[:4])
    assert [len(bulk.find(name)) for name in ("A", "B", "C", "Self", "ann")] == [0, 1, 0, 0, 1]


def test_what_refers_to_nothing_fails_and_is_never_stored(bulk: Bulk) -> None:
    bulk(post("u", user("taken")))
    results = bulk(
        post("u1", user("taken")),
        post("g1", group("Ops", "bulkId:u1")),
        post("g2", group("More", "bulkId:nobody")),
        patch("/Groups/bulkId:g1", replace("displayName", "x")),
        post("t", user("ann", title="bulkId:nobody")),
        delete("/Users/bulkId:nobody"),
    )
    assert [result["status"] for result in results] == ["409", "409", "400", "409", "400", "400"]
    assert results[0]["response"]["scimType"] == "uniqueness"
    assert not any("location" in result for result in results)
    assert not bulk.find("Ops") + bulk.find("More") + bulk.find("ann")


def test_failures_are_those_of_the_requests_and_the_rest_goes_on(bulk: Bulk) -> None:
    (ann,) = bulk(post("u", user("ann")))
    path = f"/Users/{id_of(ann)}"
    results = bulk(
        post("u1", user("ANN")),
        post("u2", {"schemas": [USER_URN]}),
        post("u3", user("ben", roles="nobody's role")),
        put("/Users/0815", user("x")),
        patch("/Users/a b", replace("title", "x")),
        patch(path, replace("title", "x"), replace("nope", 1)),
        delete("/Users/%00"),
        put(path, user("ann", title="kept"), version='W/"7"'),
        put(path, user("ann", title="kept"), version=ann["version"]),
        delete(path, version='W/"1"'),
        post("u4", user("cid")),
    )
    assert [result["status"] for result in results] == [
        *("409", "400", "400", "404", "404", "400", "404", "412", "200", "412", "201"),
    ]
    assert ["location" in result for result in results] == [False] * 3 + [True] * 8
    assert results[4]["location"] == f"{bulk.base}/Users/a%20b"
    shown = bulk.read(ann)
    assert (shown["title"], shown["meta"]["version"]) == ("kept", 'W/"2"')


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ({"method": "GET", "path": "/Users/1"}, "400"),
        ({"method": "POST", "path": "/Users", "data": {}}, "400"),
        ({"method": "POST", "path": "/Users", "bulkId": "x"}, "400"),
        ({"method": "PUT", "data": {}}, "400"),
        ({"method": "PATCH", "path": "/Users/0815", "data": {}}, "404"),
        ({"method": "DELETE", "path": "/Users"}, "405"),
        ({"method": "POST", "path": "/Users/1", "bulkId": "x", "data": {}}, "405"),
        ({"method": "POST", "path": "/Users/.search", "bulkId": "x", "data": {}}, "405"),
        ({"method": "DELETE", "path": "/Nope/1"}, "404"),
        ({"method": "DELETE", "path": "https://elsewhere.example/Users/1"}, "404"),
        ({"method": "DELETE", "path": "/Users/1?x=1"}, "404"),
        ({"method": "POST", "path": "/Bulk", "bulkId": "x", "data": {}}, "404"),
    ],
)
def test_an_operation_that_is_none_fails_alone(bulk: Bulk, operation: Operation, status: str) -> None:
    results = bulk(operation, post("u1", user("ann")))
    assert [result["status"] for result in results] == [status, "201"]
    assert results[0]["method"] == operation["method"]


def test_paths_and_methods_are_taken_as_clients_write_them(bulk: Bulk) -> None:
    ann, *_ = bulk({**post("u1", user("ann"), "Users/"), "method": "post"})
    assert ann["method"] == "POST"
    assert bulk.statuses({"method": "delete", "path": f"Users/{id_of(ann)}"}) == ["204"]


@pytest.mark.parametrize(("limit", "done"), [(1, 2), (2, 4), (3, 5), (None, 5)])
def test_processing_ends_with_the_error_that_is_too_many(bulk: Bulk, limit: int | None, done: int) -> None:
    bad = delete("/Users/0815")
    members = {} if limit is None else {"failOnErrors": limit}
    results = bulk(post("a", user("ann")), bad, post("b", user("ben")), bad, post("c", user("cid")), **members)
    assert len(results) == done
    assert [len(bulk.find(name)) for name in ("ann", "ben", "cid")] == [1, int(done >= 3), int(done == 5)]


def test_what_still_waits_at_the_end_is_not_carried_out(bulk: Bulk) -> None:
    results = bulk(post("g", group("G", "bulkId:u")), delete("/Users/0815"), post("u", user("ann")), failOnErrors=1)
    assert [result["method"] for result in results] == ["DELETE"]
    circle = [post("a", group("A", "bulkId:b")), post("b", group("B", "bulkId:a"))]
    assert bulk.statuses(*circle, delete("/Users/0815"), failOnErrors=1) == ["404"]
    assert not bulk.find("G") + bulk.find("A") + bulk.find("B") + bulk.find("ann")


def test_limits_are_announced_and_kept(bulk: Bulk) -> None:
    told = bulk.wire("GET", "/ServiceProviderConfig").json()["bulk"]
    assert told == {"supported": True, "maxOperations": MAX_OPERATIONS, "maxPayloadSize": MAX_PAYLOAD_SIZE}
    missing = [delete("/Users/0815")] * MAX_OPERATIONS
    assert len(bulk(*missing)) == MAX_OPERATIONS
    many = bulk.raw(*missing, post("u", user("ann")))
    assert many.status_code == 413
    assert f"maxOperations is {MAX_OPERATIONS}" in many.json()["detail"]
    body = json.dumps({"schemas": [BULK_REQUEST_URN], "Operations": []}).encode()
    assert bulk.wire("POST", "/Bulk", body.ljust(MAX_PAYLOAD_SIZE)).status_code == 200
    large = bulk.wire("POST", "/Bulk", body.ljust(MAX_PAYLOAD_SIZE + 1))
    assert large.status_code == 413
    assert f"maxPayloadSize is {MAX_PAYLOAD_SIZE}" in large.json()["detail"]


@pytest.mark.parametrize(
    "body", [b"{", b"[]", {}, {"schemas": [BULK_REQUEST_URN]}, {"schemas": [BULK_REQUEST_URN], "Operations": [1]}]
)
def test_a_job_that_cannot_be_read_is_400(bulk: Bulk, body: Any) -> None:
    answer = bulk.wire("POST", "/Bulk", body)
    assert (answer.status_code, answer.json()["schemas"]) == (400, [ERROR_URN])


def test_a_resource_may_be_as_deep_as_in_a_request_of_its_own(bulk: Bulk) -> None:
    def deep(levels: int) -> Any:
        return [] if levels == 0 else [deep(levels - 1)]

    for levels, fits in ((30, True), (31, False)):
        body = user("ann", unknown=deep(levels))
        assert (bulk.wire("POST", "/Users", body).status_code == 201) is fits
        assert (bulk.raw(post("u", {**body, "userName": "ben"})).status_code == 200) is fits


def test_the_right_is_asked_for_before_each_operation(bulk: Bulk, tenant: LiveServer) -> None:
    mine = bulk.find(tenant.username)[0]["id"]
    results = bulk(post("a", user("ann")), patch(f"/Users/{mine}", replace("active", False)), post("b", user("ben")))
    assert [result["status"] for result in results] == ["201", "200", "401"]
    tenant.reset()
    assert len(bulk.find("ben")) == 0


def test_accounts_stay_apart(bulk: Bulk, tenant: LiveServer) -> None:
    other = tenant.hook("account.create")
    theirs = bulk.wire("POST", "/Users", user("theirs"), Authorization=f"Bearer {other['token']}").json()
    path = f"/Users/{theirs['id']}"
    operations = (put(path, user("x")), patch(path, replace("title", "x")), delete(path))
    assert bulk.statuses(*operations, post("g", group("G", theirs["id"]))) == ["404", "404", "404", "400"]
    assert bulk.wire("GET", path, Authorization=f"Bearer {other['token']}").json() == theirs


def test_quirks_hold_inside(tenant: LiveServer, wire: Wire) -> None:
    other = tenant.hook("account.create", quirks={"delete": "disable", "id-form": "uuid"})
    fields = {"Authorization": f"Bearer {other['token']}"}

    def send(*operations: Operation) -> list[dict[str, Any]]:
        body = {"schemas": [BULK_REQUEST_URN], "Operations": operations}
        found: list[dict[str, Any]] = wire("POST", "/Bulk", body, **fields).json()["Operations"]
        return found

    made, gone = send(post("u", user("ann")), delete("/Users/bulkId:u"))
    assert (made["status"], gone["status"], len(id_of(made))) == ("201", "204", 36)
    assert wire("GET", f"/Users/{id_of(made)}", **fields).json()["active"] is False


@pytest.mark.parametrize(
    ("last", "refusal"),
    [
        (lambda path: patch(path, replace("active", False)), "401"),
        (lambda path: patch(path, replace("roles", [{"value": "Requester"}])), "403"),
        (delete, "401"),
    ],
)
def test_who_loses_the_right_in_mid_job_does_nothing_more(
    bulk: Bulk, tenant: LiveServer, last: Callable[[str], Operation], refusal: str
) -> None:
    account = tenant.hook("account.create")
    boss = {"Authorization": f"Bearer {account['token']}"}
    body = user("second", roles=[{"value": "Administrator"}])
    path = f"/Users/{bulk.wire('POST', '/Users', body, **boss).json()['id']}"
    made = tenant.hook("credential.create", account=account["account"], kind="token", owner=path.rpartition("/")[2])
    circle = (post("a", group("A", "bulkId:b")), post("b", group("B", "bulkId:a")))
    job = [*circle[:1], post("u", user("ann")), last(path), post("v", user("ben")), delete(path), *circle[1:]]
    sent = {"schemas": [BULK_REQUEST_URN], "Operations": job}
    results = bulk.wire("POST", "/Bulk", sent, Authorization=f"Bearer {made['token']}").json()["Operations"]
    assert [result["status"][:1] for result in results[1:3]] == ["2", "2"]
    assert {result["status"] for result in (results[0], *results[3:])} == {refusal}
    listed = bulk.wire("GET", "/?count=100", **boss).json()["Resources"]
    names = {resource.get("userName") or resource["displayName"] for resource in listed}
    assert "ann" in names
    assert not names & {"ben", "A", "B"}
