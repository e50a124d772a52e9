"""Whatever a client sends, it gets a SCIM Error that says what was wrong, and the state stays as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from mock_samanage.testing import LiveServer
from tests.mock_samanage.raw import exchange, request
from tests.mock_samanage.web.test_routes import ALLOWED

Wire = Callable[..., requests.Response]

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def user(**attributes: Any) -> bytes:
    return json.dumps({"schemas": [USER], "userName": "new@example.com", **attributes}).encode()


def with_text(text: bytes) -> bytes:
    """A body whose title is this JSON text."""
    return user(title="@").replace(b'"@"', text)


BODIES: dict[str, tuple[bytes, str]] = {
    "utf-16": (user().decode().encode("utf-16"), "UTF-8"),
    "utf-16 without a mark": (user().decode().encode("utf-16-le"), "JSON"),
    "utf-32": (user().decode().encode("utf-32"), "UTF-8"),
    "byte order mark": (b"\xef\xbb\xbf" + user(), "byte order mark"),
    "no utf-8": (with_text(b'"\xff"'), "UTF-8"),
    "a surrogate in utf-8": (with_text(b'"\xed\xa0\x80"'), "UTF-8"),
    "lone surrogate": (with_text(b'"\\ud800"'), "title holds U+D800"),
    "lone surrogate in a name": (user(**{"a\ud800": 1}), "U+D800"),
    "nul": (user(title="a\0"), "title holds U+0000"),
    "nul in an element": (user(emails=[{"value": "a@x.example"}, {"value": "b\0"}]), "emails[1].value holds U+0000"),
    "raw control": (with_text(b'"\x01"'), "control character"),
    "NaN": (with_text(b"NaN"), "NaN"),
    "infinity": (with_text(b"-Infinity"), "Infinity"),
    "a number beyond any": (with_text(b"1e999"), "1e999"),
    "a number of many digits": (with_text(b"9" * 100_000), "too large"),
    "deep objects": (b'{"a":' * 100_000, "nested too deep"),
    "deep arrays": (b'{"a":' + b"[" * 100_000, "nested too deep"),
    "a name twice": (user().replace(b"{", b'{"userName": "a", ', 1), '"userName" occurs twice'),
    "a name twice in other case": (user(USERNAME="b"), '"USERNAME"'),
    "a part twice": (user(name={"givenName": "a", "GIVENNAME": "b"}), "name.givenName is given twice"),
    "a part of an element twice": (user(emails=[{"value": "a@x.example", "VALUE": "b"}]), "emails[0].value"),
    "an extension's attribute twice": (user(**{ENTERPRISE: {"department": "a", "Department": "b"}}), "department"),
    "something behind": (user() + b"x", "Extra data"),
    "a comment": (b"{/* */}", "JSON"),
    "a trailing comma": (b'{"a": 1,}', "JSON"),
    "nothing": (b" \n", "empty"),
}

VALUES: dict[str, tuple[Any, str]] = {
    "operations that are no list": ({"Operations": {"op": "add"}}, "Operations"),
    "no operations": ({"Operations": []}, "Operations"),
    "an operation that is null": ({"Operations": [None]}, "Operations[0]"),
    "an op that is no text": ({"Operations": [{"op": 7}]}, "Operations[0].op"),
    "a path that is no text": ({"Operations": [{"op": "add", "path": {}, "value": 1}]}, "Operations[0].path"),
    "a long path": ({"Operations": [{"op": "add", "path": "a" * 100_000, "value": 1}]}, "Operations[0]"),
    "a deep path": ({"Operations": [{"op": "add", "path": f"emails[{'(' * 5000}", "value": 1}]}, "Operations[0]"),
    "a nul in a path": ({"Operations": [{"op": "add", "path": "ti\0tle", "value": 1}]}, "Operations[0].path"),
    "no value": ({"Operations": [{"op": "add", "path": "title"}]}, "Operations[0].value"),
    "an op twice": ({"Operations": [{"op": "add", "OP": "remove", "path": "title", "value": "x"}]}, '"op"'),
    "a list without a path": ({"Operations": [{"op": "add", "value": ["x"]}]}, "Operations[0]"),
    "an attribute twice": ({"Operations": [{"op": "add", "value": {"title": "a", "TITLE": "b"}}]}, '"TITLE"'),
    "an extension's attribute twice": (
        {"Operations": [{"op": "add", "value": {ENTERPRISE: {"division": "a", "Division": "b"}}}]},
        '"Division"',
    ),
    "wrong in the last of many": (
        {"Operations": [{"op": "add", "path": "title", "value": "x"}] * 500 + [{"op": "add", "path": "active"}]},
        "Operations[500].value",
    ),
}

SEARCHES: dict[str, tuple[Any, str]] = {
    "filter": (7, "filter"),
    "count": ([1], "count"),
    "startIndex": (1.5, "startIndex"),
    "attributes": ([["a"]], "attributes"),
    "excludedAttributes": ({"a": 1}, "excludedAttributes"),
    "sortBy": (7, "sortBy"),
    "sortOrder": (True, "sortOrder"),
    "cursor": (7, "cursor"),
}

QUERIES: dict[str, int] = {
    "filter=" + "(" * 15_000: 400,
    "filter=userName%20eq%20%22" + "x" * 30_000 + "%22": 400,
    "filter=" + "not%20(" * 3000: 400,
    "filter=active%20eq%20" + "9" * 15_000: 400,
    "filter=userName%20eq%20%22%5Cud800%22": 200,
    "filter=userName%20eq%20%22%FF%22": 200,
    "filter=meta.created%20gt%20%22" + "2" * 500 + "%22": 400,
    "filter=meta.created%20gt%20%229999-12-31T23:59:59-14:00%22": 200,
    "attributes=" + "x" * 20_000: 200,
    "attributes=" + "a," * 8000: 200,
    "&".join(f"a{number}=1" for number in range(3000)): 200,
    "%zz=%zz": 200,
    "count=" + "9" * 5000: 200,
    "count=%D9%A3": 400,
    "sortBy=" + "a." * 500: 400,
    "cursor=%00": 400,
}

TARGETS: dict[str, int] = {
    "http://elsewhere.example/scim/v2/Users?count=0": 200,
    "http://elsewhere.example": 200,
    "*": 404,
    "/scim/v2/../v2/Users": 404,
    "/scim/v2/Users;x=1": 404,
    "/scim/v2/%00": 404,
    "/scim/v2/\xff": 404,
    "/%zz": 404,
    "/scim/v2/Users/" + "a" * 30_000: 404,
    "/scim/v2/Users/" + "a" * 60_000: 414,
    "scim/v2/Users": 404,
}


@pytest.fixture
def unchanged(wire: Wire) -> Iterator[dict[str, Any]]:
    """A user; afterwards everything is as it was."""
    made = wire("POST", "/Users", user(userName="victim@example.com")).json()
    before = wire("GET", "/").json()
    yield made
    assert wire("GET", "/").json() == before


def refuses(answer: requests.Response, words: str) -> None:
    assert answer.status_code == 400, answer.text[:200]
    body = answer.json()
    assert body["schemas"] == [ERROR]
    assert words in body["detail"]


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_body_is_refused(wire: Wire, unchanged: dict[str, Any], name: str) -> None:
    body, words = BODIES[name]
    refuses(wire("POST", "/Users", body), words)
    refuses(wire("PUT", f"/Users/{unchanged['id']}", body), words)


@pytest.mark.parametrize("name", VALUES)
def test_a_bad_operation_is_refused(wire: Wire, unchanged: dict[str, Any], name: str) -> None:
    body, words = VALUES[name]
    refuses(wire("PATCH", f"/Users/{unchanged['id']}", {"schemas": [PATCH_OP], **body}), words)


@pytest.mark.parametrize("name", SEARCHES)
def test_a_bad_member_of_a_search_is_refused(wire: Wire, unchanged: dict[str, Any], name: str) -> None:
    assert unchanged
    value, words = SEARCHES[name]
    refuses(wire("POST", "/Users/.search", {"schemas": [SEARCH], name: value}), words)


@pytest.mark.parametrize(("query", "status"), QUERIES.items(), ids=lambda value: str(value)[:40])
def test_odd_parameters_are_refused_or_mean_nothing(wire: Wire, query: str, status: int) -> None:
    answer = wire("GET", f"/Users?{query}")
    assert answer.status_code == status
    assert answer.json()["schemas"] == [ERROR] or status == 200


@pytest.mark.parametrize("size", [100_000, 1_000_000])
def test_long_texts_and_many_elements_are_kept_whole(wire: Wire, size: int) -> None:
    emails = [{"value": f"{number}@x.example"} for number in range(size // 1000)]
    sent = user(title="\u00e9" * size, emails=emails, unknown={f"a{number}": 1 for number in range(size // 50)})
    made = wire("POST", "/Users", sent).json()
    shown = wire("GET", f"/Users/{made['id']}").json()
    assert shown["title"] == "\u00e9" * size
    assert [each["value"] for each in shown["emails"]] == [each["value"] for each in emails]


@pytest.mark.parametrize(("target", "status"), TARGETS.items(), ids=lambda value: str(value)[:40])
def test_odd_targets_find_nothing_or_what_they_name(tenant: LiveServer, target: str, status: int) -> None:
    answer = exchange(tenant.url, request("GET", target, tenant.token))
    assert answer.status == status
    assert status == 200 or answer.json["schemas"] == [ERROR]


@pytest.mark.parametrize("path", ALLOWED)
@pytest.mark.parametrize("method", ["get", "Post", "delete", "123", "A" * 5000])
def test_methods_have_case_on_every_route(tenant: LiveServer, path: str, method: str) -> None:
    answer = exchange(tenant.url, request(method, f"/scim/v2{path}", tenant.token, b"{}"))
    assert answer.status == 405
    assert answer.json["schemas"] == [ERROR]
    (line,) = (line for line in answer.head.split("\r\n") if line.lower().startswith("allow:"))
    assert {each.strip() for each in line.partition(":")[2].split(",")} == ALLOWED[path]


def test_a_method_in_small_letters_finds_nothing_where_nothing_is(tenant: LiveServer) -> None:
    assert exchange(tenant.url, request("get", "/nope", tenant.token)).status == 404
