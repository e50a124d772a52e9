"""Cases on their way out: about the run's own resources only, under names nobody else has."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig

from conformance.contract.cases import AnyCase
from conformance.contract.guard import Guard
from conformance.model import Exchange
from conformance.run import Run
from conformance.strategies.formats import Pool

POOL = Pool(members=("m1",), users=("u1",), groups=("g1",), absent=("nobody",))
PARAMETERS = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
OK: dict[str, Any] = {"responses": {"200": {"description": "OK"}}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "x", "version": "1"},
    "paths": {
        "/Users": {"post": OK, "get": OK},
        "/Users/{id}": {"parameters": PARAMETERS, "get": OK, "put": OK, "patch": OK, "delete": OK},
        "/Schemas/{id}": {"parameters": PARAMETERS, "get": OK},
    },
}
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT, config=SchemathesisConfig())


@pytest.fixture
def made() -> dict[str, None]:
    return {}


@pytest.fixture
def guard(made: dict[str, None]) -> Guard:
    return Guard(POOL, Run("cf-"), DOCUMENT, made)


def case(method: str, path: str, **parts: Any) -> AnyCase:
    return SCHEMA[path][method].Case(**parts)


def sent(guard: Guard, method: str, path: str, **parts: Any) -> AnyCase:
    found = case(method, path, **parts)
    guard.before(found)
    return found


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_change_of_somebody_elses_resource_becomes_one_of_nobodys(guard: Guard, method: str) -> None:
    found = sent(guard, method, "/Users/{id}", path_parameters={"id": "1"})
    assert found.path_parameters == {"id": "nobody"}
    assert guard.strayed == {found.id}


@pytest.mark.parametrize("identifier", ["u1", "g1", "nobody"])
def test_a_change_of_the_runs_own_stays(guard: Guard, identifier: str) -> None:
    found = sent(guard, "DELETE", "/Users/{id}", path_parameters={"id": identifier})
    assert found.path_parameters == {"id": identifier}
    assert not guard.strayed


def test_reading_is_free(guard: Guard) -> None:
    assert sent(guard, "GET", "/Users/{id}", path_parameters={"id": "1"}).path_parameters == {"id": "1"}


def test_what_the_run_created_is_its_own_until_it_is_gone(guard: Guard, made: dict[str, None]) -> None:
    url = "http://x/Users/77"
    guard.learn(Exchange("POST", "http://x/Users", {}, b"", 201, {}, b'{"id": "77"}', 1.0))
    assert list(made) == [url]
    assert sent(guard, "DELETE", "/Users/{id}", path_parameters={"id": "77"}).path_parameters == {"id": "77"}
    guard.learn(Exchange("DELETE", url, {}, b"", 204, {}, b"", 1.0))
    assert made == {}


@pytest.mark.parametrize("name", ["userName", "displayName"])
def test_names_begin_with_the_prefix_of_the_run(guard: Guard, name: str) -> None:
    body = {name: "Ada"}
    found = sent(guard, "POST", "/Users", body=body, media_type="application/json")
    assert isinstance(found.body, dict)
    assert str(found.body[name]).startswith("cf-")
    assert str(found.body[name]).endswith("-Ada")
    assert body == {name: "Ada"}


@pytest.mark.parametrize("value", ["", "  ", "a\x00b", 7, None])
def test_a_name_that_has_to_be_refused_stays(guard: Guard, value: object) -> None:
    found = sent(guard, "POST", "/Users", body={"userName": value}, media_type="application/json")
    assert found.body == {"userName": value}


def test_one_of_two_projections_is_left_and_each_in_turn(guard: Guard) -> None:
    both = {"attributes": "id", "excludedAttributes": "id"}
    left = [set(sent(guard, "GET", "/Users", query=dict(both)).query) for _ in range(2)]
    assert left == [{"excludedAttributes"}, {"attributes"}]


def test_most_changes_go_out_without_a_condition(guard: Guard) -> None:
    parts: dict[str, Any] = {"path_parameters": {"id": "u1"}, "headers": {"If-Match": "*", "If-None-Match": "*"}}
    conditional = [
        "If-Match" in sent(guard, "DELETE", "/Users/{id}", **{**parts, "headers": dict(parts["headers"])}).headers
        for _ in range(8)
    ]
    assert conditional.count(True) == 2


def test_the_values_of_a_patch_fit_their_paths(guard: Guard) -> None:
    operations = [{"op": "add", "path": "active", "value": {"x": 1}}, {"op": "remove", "path": "title"}, {"op": "add"}]
    parts: dict[str, Any] = {"path_parameters": {"id": "u1"}, "media_type": "application/json"}
    found = sent(guard, "PATCH", "/Users/{id}", body={"Operations": operations}, **parts)
    assert isinstance(found.body, dict)
    assert found.body["Operations"] == [{"op": "add", "path": "active", "value": True}, *operations[1:]]


def test_names_within_a_bulk_request_begin_with_the_prefix_too(guard: Guard) -> None:
    operations: list[Any] = [{"method": "POST", "data": {"userName": "Ada"}}, {"method": "DELETE"}, "x"]
    found: Any = sent(guard, "POST", "/Users", body={"Operations": operations}, media_type="application/json")
    first, *others = found.body["Operations"]
    assert first["data"]["userName"].startswith("cf-")
    assert others == operations[1:]


def test_a_cursor_goes_out_with_the_query_it_was_given_for(guard: Guard) -> None:
    url = "http://x/Users?filter=title%20pr&sortBy=id&cursor=&count=2"
    guard.learn(Exchange("GET", url, {}, b"", 200, {}, b'{"nextCursor":"c1","Resources":[]}', 1.0))
    there = {"cursor": "c1", "sortOrder": "descending", "filter": "id pr", "attributes": "id"}
    assert sent(guard, "GET", "/Users", query=dict(there)).query == {
        "cursor": "c1", "filter": "title pr", "sortBy": "id", "count": "2", "attributes": "id",
    }  # fmt: skip
    other = {**there, "cursor": "c2"}
    assert sent(guard, "GET", "/Users", query=dict(other)).query == other
