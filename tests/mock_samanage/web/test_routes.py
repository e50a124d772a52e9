"""Every route answers its methods, and every refusal is a SCIM Error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_samanage.testing import LiveServer
from mock_samanage.web.application import Application
from mock_samanage.web.edge import BODY_LIMIT

Wire = Callable[..., requests.Response]

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
ALLOWED = {
    "/": {"GET", "HEAD"},
    "/.search": {"POST"},
    "/Users": {"GET", "HEAD", "POST"},
    "/Users/": {"GET", "HEAD", "POST"},
    "/Users/.search": {"POST"},
    "/Users/1": {"GET", "HEAD", "PUT", "PATCH", "DELETE"},
    "/Users/1/2": {"GET", "HEAD", "PUT", "PATCH", "DELETE"},
    "/Groups": {"GET", "HEAD", "POST"},
    "/Groups/1": {"GET", "HEAD", "PUT", "PATCH", "DELETE"},
    "/ServiceProviderConfig": {"GET", "HEAD"},
    "/Schemas": {"GET", "HEAD"},
    "/Schemas/urn:x": {"GET", "HEAD"},
    "/ResourceTypes": {"GET", "HEAD"},
    "/ResourceTypes/User": {"GET", "HEAD"},
    "/Bulk": {"POST"},
    "/Me": {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"},
}


def assert_error(answer: requests.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/scim+json"
    body: dict[str, Any] = answer.json()
    assert body["schemas"] == [ERROR]
    assert body["status"] == str(status)
    assert body["detail"]
    return body


@pytest.mark.parametrize("path", ALLOWED)
def test_other_methods_are_405_and_name_the_right_ones(wire: Wire, path: str) -> None:
    for method in METHODS:
        answer = wire(method, path)
        if method in ALLOWED[path]:
            assert answer.status_code != 405
        else:
            assert_error(answer, 405)
            assert set(answer.headers["Allow"].split(", ")) == ALLOWED[path]


@pytest.mark.parametrize("path", ["/nope", "/users", "/Users2", "/Nope/.search", "/.search/x", "/Schemas/"])
def test_unknown_endpoints_are_404_with_any_method(wire: Wire, path: str) -> None:
    for method in METHODS:
        assert_error(wire(method, path), 404)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("resource_id", ["0", "%00", "..%2f", "%ff", "a" * 4096, "%F0%9F%98%80", "-1", "1%20", "*"])
def test_odd_ids_are_simply_not_found(wire: Wire, method: str, resource_id: str) -> None:
    body: dict[str, Any] = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "x@example.com"}
    if method == "PATCH":
        body = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "replace", "path": "active", "value": True}],
        }
    assert_error(wire(method, f"/Users/{resource_id}", body if method in {"PUT", "PATCH"} else None), 404)


def test_an_over_long_url_is_414(wire: Wire) -> None:
    assert_error(wire("GET", "/Users?filter=" + "a" * 33_000), 414)


def test_an_oversized_body_is_413_and_names_the_limit(wire: Wire) -> None:
    assert str(BODY_LIMIT) in assert_error(wire("POST", "/Users", b" " * (BODY_LIMIT + 1)), 413)["detail"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b'{"a":1,"a":2}', b"[" * 5000])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/Users"), ("PUT", "/Users/1"), ("PATCH", "/Groups/1"), ("POST", "/.search")]
)
def test_a_body_that_is_no_json_object_is_400(wire: Wire, method: str, path: str, body: bytes) -> None:
    assert_error(wire(method, path, body), 400)


def test_unsupported_media_types_are_415_and_unacceptable_ones_406(wire: Wire) -> None:
    assert_error(wire("POST", "/Users", b"<x/>", Content_Type="text/xml"), 415)
    assert_error(wire("POST", "/Users", b"{}", Content_Encoding="gzip"), 415)
    assert_error(wire("GET", "/Users", Accept="image/png"), 406)


@pytest.mark.parametrize(("version", "status"), [("v1", 400), ("v9", 400), ("v2", 200)])
def test_a_version_in_the_path_is_used_or_refused(wire: Wire, tenant: LiveServer, version: str, status: int) -> None:
    base = tenant.url.removesuffix("/v2")
    answer = wire("GET", f"/{version}/Users", base=base)
    assert answer.status_code == status
    if status == 400:
        assert assert_error(answer, 400)["scimType"] == "invalidVers"


def test_a_host_that_is_none_is_refused_without_a_fault(wire: Wire) -> None:
    assert wire("GET", "/nope", Host="a b").status_code in {400, 404}
    assert wire("GET", "/Users", Host="a b").status_code in {200, 400}


def test_a_fault_of_the_server_tells_nothing_of_its_inside(
    wire: Wire, tenant: LiveServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(tenant.tenant, "directory", broken)
    for path in ("/Users", "/Users/1", "/"):
        answer = wire("GET", path)
        assert_error(answer, 500)
        assert "secret" not in answer.text
    assert "the secret inside" in caplog.text


def test_the_straight_way_leads_where_flask_s_routing_does(tenant: LiveServer) -> None:
    app: Application = tenant.app
    adapter = app.url_map.bind("tenant.test")
    assert len(app.straight) == 18
    for method, endpoint, is_member in app.straight:
        path = f"{endpoint}/7" if is_member else endpoint
        rule, arguments = adapter.match(path, method, return_rule=True)
        assert rule.endpoint.startswith(f"{method} {endpoint}")
        assert arguments == ({"resource_id": "7"} if is_member else {})
