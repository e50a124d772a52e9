"""Header fields go out as given: doubled, blank, in bytes; what a fleeting client makes is not written down."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from conformance.client import ScimClient
from conformance.model import Exchange
from conformance.transport import Field, Transport


class Echo(BaseHTTPRequestHandler):
    """Remembers the Authorization lines of each request, and answers 204."""

    seen: ClassVar[list[list[str]]] = []

    def do_GET(self) -> None:
        self.seen.append(self.headers.get_all("Authorization") or [])
        length = int(self.headers.get("Content-Length", "0"))
        self.rfile.read(length)
        self.send_response(204)
        self.end_headers()

    do_POST = do_GET  # noqa: N815 the name http.server looks for

    def log_message(self, *_args: object) -> None:
        """Stays silent."""


@pytest.fixture
def url() -> Iterator[str]:
    Echo.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def client(url: str) -> Iterator[ScimClient]:
    transport = Transport(timeout=5.0)
    yield ScimClient(url, transport, {})
    transport.close()


@pytest.mark.parametrize(
    ("value", "lines", "shown"),
    [
        (("Bearer a", "Bearer a"), ["Bearer a", "Bearer a"], "Bearer a, Bearer a"),
        (("Bearer a", b"Basic \xff"), ["Bearer a", "Basic ÿ"], "Bearer a, Basic ÿ"),
        (("",), [""], ""),
        ((" ",), [""], " "),
        ("Bearer a", ["Bearer a"], "Bearer a"),
        (b"Bearer \xfe", ["Bearer þ"], "Bearer þ"),
    ],
)
def test_a_tuple_goes_out_line_by_line(client: ScimClient, value: Field, lines: list[str], shown: str) -> None:
    answer = client.get("/Users", headers={"Authorization": value})
    assert Echo.seen == [lines]
    assert answer.exchange.request_headers["Authorization"] == shown


def test_a_body_travels_with_doubled_lines(client: ScimClient) -> None:
    assert client.post("/Users", {"a": "ü"}, headers={"Authorization": ("a", "b")}).status == 204
    assert Echo.seen == [["a", "b"]]


def test_an_answer_to_a_fleeting_client_is_not_heard(client: ScimClient) -> None:
    heard: list[Exchange] = []
    client.transport.on_answer = heard.append
    fleeting = replace(client, fleeting=True)
    for each in (fleeting, fleeting.bearer("a-token"), fleeting.at(client.base), fleeting.with_headers({"X-A": "b"})):
        each.post("/Users", {})
    assert heard == []
    client.post("/Users", {})
    assert len(heard) == 1
    assert client.transport.recorder.total == 5
