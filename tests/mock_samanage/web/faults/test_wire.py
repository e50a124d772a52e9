"""Faults of the wire: late, cut, in part and in pieces, and what the journal tells of them."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from mock_samanage.testing import LiveServer, client
from tests.mock_samanage.raw import request

Wire = Callable[..., requests.Response]

DATA = Path(__file__).parents[3] / "data"
PERSON = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ann@example.com"}
BROKEN = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def told(tenant: LiveServer) -> list[tuple[str, int | None, bool, bool]]:
    """What the journal says of each request: fault, status, whether a handler ran, whether all was sent."""
    return [(entry["fault"], entry["status"], entry["written"], entry["delivered"]) for entry in tenant.journal]


def settled(tenant: LiveServer, *wanted: tuple[str, int | None, bool, bool]) -> bool:
    """Whether the journal comes to say this, which it does once the server knows that the client has left."""
    deadline = time.monotonic() + 5
    while told(tenant) != [*wanted] and time.monotonic() < deadline:
        time.sleep(0.01)
    return told(tenant) == [*wanted]


def impatient(tenant: LiveServer, path: str, seconds: float = 0.1) -> None:
    """A GET whose client leaves if it has no whole answer by then."""
    with pytest.raises(requests.Timeout):
        requests.get(tenant.url + path, headers=tenant.headers, timeout=seconds)


def test_a_late_answer_is_whole(wire: Wire, tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "latency", "seconds": 0.2})
    begun = time.monotonic()
    assert wire("POST", "/Users", PERSON).status_code == 201
    assert time.monotonic() - begun >= 0.2
    assert told(tenant) == [("latency", 201, True, True)]
    assert settled(tenant, ("latency", 201, True, True))
    assert tenant.journal[0]["elapsed_ms"] >= 200
    assert wire("GET", "/Users").ok


def test_a_client_that_does_not_wait_for_a_late_answer_was_sent_nothing(tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "latency", "seconds": 30})
    impatient(tenant, "/Users")
    assert settled(tenant, ("latency", None, True, False))


@pytest.mark.parametrize("after_write", [False, True])
def test_a_time_out_answers_nothing_and_closes(wire: Wire, tenant: LiveServer, *, after_write: bool) -> None:
    tenant.faults.set({"kind": "timeout", "seconds": 0.1, "after_write": after_write})
    with pytest.raises(requests.ConnectionError):
        wire("POST", "/Users", PERSON)
    assert settled(tenant, ("timeout", None, after_write, False))
    assert len(tenant.users('userName eq "ann@example.com"')) == after_write


def test_a_time_out_is_in_the_journal_while_it_lasts(tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "timeout"})
    parts = urlsplit(tenant.url)
    with socket.create_connection((parts.hostname, parts.port), 10) as connection:
        connection.sendall(request("GET", "/scim/v2/Users", tenant.token))
        assert settled(tenant, ("timeout", None, False, False))
    assert [part["played"] for part in tenant.faults.played()] == [1]


@pytest.mark.parametrize(("when", "written"), [("before", False), ("after", True)])
def test_a_connection_is_cut_before_or_after_the_write(
    wire: Wire, tenant: LiveServer, when: str, *, written: bool
) -> None:
    tenant.faults.set({"kind": "cut", "when": when, "match": {"method": "POST"}})
    with pytest.raises(requests.ConnectionError):
        wire("POST", "/Users", PERSON)
    assert told(tenant) == [("cut", None, written, False)]
    assert tenant.journal.all(status=None)[0]["response"] == {"headers": {}, "body": ""}
    assert len(tenant.users('userName eq "ann@example.com"')) == written


def test_half_of_a_body_is_sent_under_the_length_of_the_whole(wire: Wire, tenant: LiveServer) -> None:
    right = wire("GET", "/Users")
    tenant.journal.clear()
    tenant.faults.set({"kind": "truncate"})
    with pytest.raises(BROKEN):
        wire("GET", "/Users")
    assert told(tenant) == [("truncate", 200, True, False)]
    sent = tenant.journal[0]["response"]
    assert sent["headers"]["content-length"] == str(len(right.content))
    assert sent["body"] == right.text[: len(right.text) // 2]


def test_what_has_no_body_is_not_truncated(wire: Wire, tenant: LiveServer) -> None:
    user = tenant.user()
    tenant.faults.set({"kind": "truncate"})
    assert wire("DELETE", f"/Users/{user['id']}").status_code == 204
    assert told(tenant) == [("", 204, True, True)]
    assert [part["played"] for part in tenant.faults.played()] == [0]


def test_an_answer_drips_whole(wire: Wire, tenant: LiveServer) -> None:
    right = wire("GET", "/Users").json()
    tenant.journal.clear()
    tenant.faults.set({"kind": "drip", "seconds": 0.2}, {"kind": "drip", "seconds": 0, "match": {"method": "DELETE"}})
    begun = time.monotonic()
    assert wire("GET", "/Users").json() == right
    assert time.monotonic() - begun >= 0.15
    assert told(tenant) == [("drip", 200, True, True)]
    assert wire("DELETE", "/Users/99").status_code == 404


def test_a_client_that_leaves_a_drip_was_sent_a_part(tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "drip", "seconds": 4})
    parts = urlsplit(tenant.url)
    with socket.create_connection((parts.hostname, parts.port), 10) as connection:
        connection.sendall(request("GET", "/scim/v2/Users", tenant.token))
        assert connection.recv(8) == b"HTTP/1.1"
    assert settled(tenant, ("drip", 200, True, False))
    assert tenant.journal[0]["response"]["body"] == ""


def test_a_connection_goes_on_after_a_late_answer_and_ends_after_a_cut_one(tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "latency", "seconds": 0.01}, {"kind": "truncate"})
    parts = urlsplit(tenant.url)
    with socket.create_connection((parts.hostname, parts.port), 10) as connection:
        ask = request("GET", "/scim/v2/Users/1", tenant.token)
        connection.sendall(ask + ask)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.count(b"HTTP/1.1 200") == 2
    lengths = [int(part.split(b"\r\n")[0]) for part in received.split(b"Content-Length: ")[1:]]
    assert len(received.split(b"\r\n\r\n")[-1]) == lengths[1] // 2


def test_a_request_without_a_connection_meets_no_fault_of_the_wire(tenant: LiveServer) -> None:
    tenant.faults.set({"kind": "cut"}, {"kind": "garbage"})
    with client(tenant.app, tenant.token) as session:
        assert session.get("/Users").text.startswith('{"schemas"')
        assert session.get("/Users").ok
    assert [part["played"] for part in tenant.faults.played()] == [0, 1]


def test_stopping_does_not_wait_for_a_time_out() -> None:
    tenant = LiveServer().start()
    tenant.faults.set({"kind": "timeout", "seconds": 60})
    parts = urlsplit(tenant.url)
    with socket.create_connection((parts.hostname, parts.port), 10) as connection:
        connection.sendall(request("GET", "/scim/v2/Users", tenant.token))
        assert settled(tenant, ("timeout", None, False, False))
        tenant.stop()
        assert connection.recv(1) == b""


def test_faults_of_the_wire_are_played_over_tls() -> None:
    with LiveServer(tls_cert=DATA / "tls-cert.pem", tls_key=DATA / "tls-key.pem", host="localhost") as tenant:
        tenant.faults.set({"kind": "latency", "seconds": 0.05}, {"kind": "cut"}, {"kind": "latency", "seconds": 30})
        with requests.Session() as session:
            session.trust_env = False
            session.verify = str(DATA / "tls-cert.pem")
            session.headers.update(tenant.headers)
            assert session.get(f"{tenant.url}/Users", timeout=10).ok
            with pytest.raises(BROKEN):
                session.get(f"{tenant.url}/Users", timeout=10)
            with pytest.raises(requests.Timeout):
                session.get(f"{tenant.url}/Users", timeout=0.1)
        first, second, third = ("latency", 200, True, True), ("cut", None, False, False), ("latency", None, True, False)
        assert settled(tenant, first, second, third)
