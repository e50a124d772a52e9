"""Bulk messages and the references in them."""

from __future__ import annotations

from typing import Any

import pytest

from mock_samanage.scim.bulk import BulkOperation, read_bulk, references, resolved, without
from mock_samanage.scim.cycles import components
from mock_samanage.scim.errors import InvalidSyntax, InvalidValue, PayloadTooLarge
from mock_samanage.scim.messages import BULK_REQUEST_URN

POST = {"method": "POST", "path": "/Users", "bulkId": "u1", "data": {"userName": "ann"}}


def request(*operations: Any, **members: Any) -> dict[str, Any]:
    return {"schemas": [BULK_REQUEST_URN], "Operations": list(operations), **members}


def read_one(operation: dict[str, Any]) -> BulkOperation:
    return read_bulk(request(operation), 9).operations[0]


def test_an_operation_is_read_whatever_the_case_of_its_names() -> None:
    given = {"METHOD": "post", "Path": "/Users", "bulkid": "u1", "DATA": {"a": 1}, "version": None, "more": 1}
    assert read_one(given) == BulkOperation("POST", "/Users", "u1", {"a": 1})
    removal = {"method": "DELETE", "path": "/Users/2", "data": {"x": "bulkId:no"}, "version": 'W/"1"'}
    assert read_one(removal) == BulkOperation("DELETE", "/Users/2", version='W/"1"')


@pytest.mark.parametrize(
    "body",
    [
        {"schemas": [BULK_REQUEST_URN]},
        {"schemas": ["urn:x"], "Operations": []},
        {**request(), "Operations": {}},
        request("POST"),
        request({"path": "/Users"}),
        request({"method": 7, "path": "/Users"}),
        request({"method": "POST", "METHOD": "PUT"}),
        *(request({**POST, name: 5}) for name in ("path", "bulkId", "version", "data")),
        request({**POST, "data": [POST]}),
    ],
)
def test_a_request_that_nothing_can_be_answered_to_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(InvalidSyntax):
        read_bulk(body, 9)


def test_fail_on_errors_is_a_positive_number() -> None:
    assert read_bulk(request(failOnErrors=2), 9).fail_on_errors == 2
    assert read_bulk(request(failonerrors=None), 9).fail_on_errors is None
    assert read_bulk(request(failOnErrors=3.0), 9).fail_on_errors == 3  # an integer by JSON Schema
    refused: tuple[Any, ...] = (0, -1, "1", True, 1.5, 0.0, [])
    for wrong in refused:
        with pytest.raises(InvalidValue, match="failOnErrors"):
            read_bulk(request(failOnErrors=wrong), 9)


def test_too_many_operations_are_refused_by_the_name_of_the_limit() -> None:
    assert len(read_bulk(request(POST, POST), 2).operations) == 2
    with pytest.raises(PayloadTooLarge, match="maxOperations is 2"):
        read_bulk(request(POST, POST, POST), 2)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"method": "GET"}, "GET"),
        ({"path": None}, "path"),
        ({"path": ""}, "path"),
        ({"bulkId": None}, "bulkId"),
        ({"data": None}, "data"),
        ({"data": {"userName": "a", "USERNAME": "b"}}, "case"),
    ],
)
def test_an_operation_that_breaks_a_rule_says_which(change: dict[str, Any], told: str) -> None:
    wrong = read_one({**POST, **change}).wrong
    assert wrong is not None
    assert wrong.status == 400
    assert told in wrong.detail


def test_the_second_operation_with_a_bulk_id_is_wrong() -> None:
    first, second, put = read_bulk(
        request(POST, POST, {"method": "PUT", "path": "/Users/1", "bulkId": "u1", "data": {}}), 9
    ).operations
    assert (first.wrong, put.wrong) == (None, None)
    assert isinstance(second.wrong, InvalidValue)


def test_references_are_found_and_replaced_wherever_they_stand() -> None:
    data = {
        "urn:x:User": {"manager": {"value": "bulkId:m", "$ref": "https://x/scim/Users/bulkId:m"}},
        "members": [{"value": "bulkId:a"}, {"$ref": "../Users/bulkId:b"}, {"value": "7"}],
        "Operations": [{"op": "remove", "path": 'members[value eq "bulkId:c" or value eq "bulkId:d"]'}, ["bulkId:e"]],
        "title": "no bulkId:x here",
        "profileUrl": "https://x/Users/bulkId:y",
        "count": 3,
        "nothing": None,
    }
    assert references(data) == {"m", "a", "b", "c", "d", "e"}
    shown = resolved(data, lambda name: f"<{name}>")
    assert shown["urn:x:User"]["manager"] == {"value": "<m>", "$ref": "https://x/scim/Users/<m>"}
    assert shown["members"] == [{"value": "<a>"}, {"$ref": "../Users/<b>"}, {"value": "7"}]
    assert shown["Operations"][0]["path"] == 'members[value eq "<c>" or value eq "<d>"]'
    assert shown["Operations"][1] == ["<e>"]
    for kept in ("title", "profileUrl", "count", "nothing"):
        assert shown[kept] == data[kept]


def test_data_can_be_left_without_its_references() -> None:
    data = {
        "displayName": "Ops",
        "owner": "bulkId:a",
        "members": [{"value": "bulkId:a", "type": "User"}, {"value": "bulkId:b"}, {"value": "7"}],
        "urn:x:User": {"department": "D", "manager": {"value": "bulkId:a"}},
    }
    assert without(data, {"a"}) == {
        "displayName": "Ops",
        "members": [{"value": "bulkId:b"}, {"value": "7"}],
        "urn:x:User": {"department": "D", "manager": {}},
    }


def test_components_come_after_what_they_lead_to() -> None:
    graph = {"a": "b", "b": "cad", "c": "", "d": "e", "e": "d", "f": "f", "g": "a"}
    found = [sorted(group) for group in components(graph)]
    assert sorted(map("".join, found)) == ["ab", "c", "de", "f", "g"]
    place = {node: at for at, group in enumerate(found) for node in group}
    assert all(place[target] <= place[node] for node, targets in graph.items() for target in targets)
    chain = {str(at): [str(at + 1)] for at in range(5000)} | {"5000": []}
    assert [group[0] for group in components(chain)] == [str(at) for at in range(5000, -1, -1)]
