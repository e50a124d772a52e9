"""The front end of `serve` bounds what it reads, as the one in this process does."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from mock_samanage.web.edge import BODY_LIMIT
from tests.mock_samanage.raw import RawAnswer, chunked, exchange, request
from tests.mock_samanage.test_cli import serving

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
USER = b'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%s@example.com"}'
PIECE = b" " * (1024 * 1024)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the ready file of a running server says."""
    with serving(tmp_path_factory.mktemp("serve")) as (ready, _process):
        yield ready


def send(served: dict[str, Any], body: bytes, **fields: str) -> RawAnswer:
    return exchange(served["url"], request("POST", "/scim/v2/Users", served["token"], body, **fields))


def total(served: dict[str, Any]) -> int:
    """How many users there are."""
    return int(exchange(served["url"], request("GET", "/scim/v2/Users?count=0", served["token"])).json["totalResults"])


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"", {"Content-Length": "999999999"}),
        (b"", {"Content-Length": "999999999", "Expect": "100-continue"}),
        (PIECE * 20, {}),
        (chunked(*[PIECE] * 20), {"Transfer-Encoding": "chunked"}),
        (chunked(*[PIECE] * 90), {"Transfer-Encoding": "chunked"}),
    ],
    ids=["announced", "announced with leave asked", "sent", "in chunks", "in many chunks"],
)
def test_an_oversized_body_is_413_with_an_error_document(
    served: dict[str, Any], body: bytes, fields: dict[str, str]
) -> None:
    before = total(served)
    answer = send(served, body, **fields)
    assert answer.status == 413
    assert answer.json["schemas"] == [ERROR]
    assert str(BODY_LIMIT) in answer.json["detail"]
    assert total(served) == before


def test_a_body_that_ends_early_creates_nothing(served: dict[str, Any]) -> None:
    before = total(served)
    fields = {"Content-Length": "500"}
    data = request("POST", "/scim/v2/Users", served["token"], USER % b"early", **fields)
    with contextlib.suppress(IndexError):  # a server need not answer what it was not sent
        assert exchange(served["url"], data, half_closed=True).status == 400
    assert total(served) == before


@pytest.mark.parametrize("leave", [{}, {"Expect": "100-continue"}])
def test_a_body_in_chunks_is_read_whole(served: dict[str, Any], leave: dict[str, str]) -> None:
    text = USER % (b"chunked%d" % len(leave))
    answer = send(served, chunked(text[:40], text[40:]), **{"Transfer-Encoding": "chunked"}, **leave)
    assert answer.status == 201


@pytest.mark.parametrize("method", ["get", "Delete", "PROPFIND"])
def test_methods_have_case(served: dict[str, Any], method: str) -> None:
    answer = exchange(served["url"], request(method, "/scim/v2/Users/1", served["token"]))
    assert answer.status == 405
    assert "allow: DELETE, GET, HEAD, PATCH, PUT" in answer.head


@pytest.mark.parametrize("count", [90, 400])
def test_a_flood_of_fields_is_served_or_refused(served: dict[str, Any], count: int) -> None:
    flood = {f"X-{number}": "a" for number in range(count)}
    answer = exchange(served["url"], request("GET", "/scim/v2/Users?count=0", served["token"], b"", **flood))
    assert answer.status == (200 if count < 100 else 431)
