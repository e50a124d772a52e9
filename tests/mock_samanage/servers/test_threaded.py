"""The threaded server speaks HTTP/1.1 to any WSGI application."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mock_samanage.servers.sockets import tls_context
from mock_samanage.servers.threaded import ENDING_KEY, ThreadedServer

DATA = Path(__file__).parents[2] / "data"


def echo(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    shown = {key: value for key, value in environ.items() if isinstance(value, str)} | {"body": body.decode("latin-1")}
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(shown).encode()]


@pytest.fixture
def server() -> Iterator[ThreadedServer]:
    running = ThreadedServer(echo).start()
    yield running
    running.stop()


def exchange(port: int, data: bytes) -> bytes:
    """Everything the server sends until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), 10) as sock:
        sock.sendall(data)
        return b"".join(iter(lambda: sock.recv(65536), b""))


def test_a_connection_serves_many_requests(server: ThreadedServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    for number in range(3):
        connection.request("POST", f"/x?n={number}", body=b"abc")
        seen = json.load(connection.getresponse())
        assert (seen["REQUEST_METHOD"], seen["PATH_INFO"], seen["QUERY_STRING"], seen["body"]) == (
            "POST",
            "/x",
            f"n={number}",
            "abc",
        )
    connection.close()


def test_a_chunked_body_arrives_whole(server: ThreadedServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request(
        "POST", "/", body=iter([b"one ", b"two"]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
    )
    assert json.load(connection.getresponse())["body"] == "one two"
    connection.close()


def test_repeated_fields_are_joined_and_bytes_kept_as_latin_1(server: ThreadedServer) -> None:
    answer = exchange(
        server.port,
        b"GET /%C3%A9%00 HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-A: 2\r\nX-B: \xff\xfe\r\nConnection: close\r\n\r\n",
    )
    seen = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert seen["HTTP_X_A"] == "1,2"
    assert seen["HTTP_X_B"] == "\xff\xfe"
    assert seen["PATH_INFO"] == "/\xc3\xa9\x00"


def test_head_is_answered_without_body_and_with_its_length(server: ThreadedServer) -> None:
    answer = exchange(server.port, b"HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert body == b""
    assert b"Content-Length: " in head


def test_a_client_may_ask_for_leave_to_send_its_body(server: ThreadedServer) -> None:
    answer = exchange(
        server.port,
        b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi",
    )
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/3\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 70_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: 1\r\n" * 300 + b"\r\n", 431),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\nExpect: 100-continue\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc", 400),
    ],
)
def test_what_is_no_http_request_is_refused_and_the_connection_closed(
    server: ThreadedServer, request_bytes: bytes, status: int
) -> None:
    assert exchange(server.port, request_bytes).startswith(f"HTTP/1.1 {status} ".encode())


def test_an_application_may_send_its_answer_itself() -> None:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ[ENDING_KEY] = ending
        start_response("200 OK", [])
        return [b"whole"]

    def ending(wire: socket.socket, head: bytes, body: bytes) -> bool:
        wire.sendall(head + body[:2])
        return False

    server = ThreadedServer(app).start()
    for method, sent in ((b"GET", b"wh"), (b"HEAD", b"")):
        head, _, body = exchange(server.port, method + b" / HTTP/1.1\r\nHost: h\r\n\r\n").partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n")
        assert body == sent
    server.stop()


def test_tls_is_served_with_the_given_certificate() -> None:
    server = ThreadedServer(echo, tls=tls_context(DATA / "tls-cert.pem", DATA / "tls-key.pem")).start()
    context = ssl.create_default_context(cafile=DATA / "tls-cert.pem")
    connection = http.client.HTTPSConnection("localhost", server.port, timeout=10, context=context)
    connection.request("GET", "/")
    assert json.load(connection.getresponse())["wsgi.url_scheme"] == "https"
    connection.close()
    server.stop()


def test_stopping_closes_idle_connections_and_the_port() -> None:
    server = ThreadedServer(echo).start()
    with socket.create_connection(("127.0.0.1", server.port), 10) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        idle.recv(65536)
        server.stop()
        assert idle.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), 1)
