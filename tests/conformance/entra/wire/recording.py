"""A target on a real port that records every request as it came and answers as it was told."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from conformance.entra.dialect import Dialect
from conformance.entra.wire.channel import HttpChannel, bearer
from conformance.entra.wire.model import Request

TOKEN = "s3cret-token-0001"
USERS = Request("GET", "/Users", "filter=userName+eq+%22a%22")
EMPTY = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    "totalResults": 0,
    "startIndex": 1,
    "itemsPerPage": 20,
    "Resources": [],
}


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. delay: seconds before it. cut: nothing, or `sent` bytes of the body, and the connection is closed."""

    status: int = 200
    body: Any = field(default_factory=lambda: EMPTY)
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: bool = False
    sent: int | None = None

    @property
    def content(self) -> bytes:
        """The body as bytes; JSON unless it is text or bytes."""
        found = self.body if isinstance(self.body, str | bytes) else json.dumps(self.body)
        return found.encode() if isinstance(found, str) else found


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request: its first line, its header fields by small names, its body, and the port it came from."""

    line: str
    headers: Mapping[str, str]
    body: bytes
    port: int
    at: float


@dataclass(slots=True)
class Recorder:
    """What came, what is to be answered in order (the last reply repeats), and how many came at once."""

    url: str = ""
    replies: list[Reply] = field(default_factory=lambda: [Reply()])
    requests: list[Recorded] = field(default_factory=list)
    open: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, request: Recorded) -> Reply:
        """The answer to a request that has come."""
        with self.lock:
            self.requests.append(request)
            self.open += 1
            self.most = max(self.most, self.open)
            return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    recorder: Recorder

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fields = {name.lower(): value for name, value in self.headers.items()}
        recorded = Recorded(self.requestline, fields, body, self.client_address[1], time.monotonic())
        reply = self.recorder.next(recorded)
        time.sleep(reply.delay)
        with self.recorder.lock:
            self.recorder.open -= 1
        if reply.cut and reply.sent is None:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/scim+json", **reply.headers}.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.content)))
        self.end_headers()
        if reply.status != 204:
            self.wfile.write(reply.content[: reply.sent])
        self.close_connection = self.close_connection or reply.cut

    do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815 - names of http.server

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A client that went away is no news."""


@contextmanager
def recording(context: ssl.SSLContext | None = None) -> Iterator[Recorder]:
    """The recorder while its server answers; with a context it speaks TLS."""
    found = Recorder()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"recorder": found}))
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    found.url = f"{'https' if context else 'http'}://127.0.0.1:{server.server_address[1]}/scim/v2"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def channel(url: str, dialect: Dialect | None = None, authorization: str = "", **options: Any) -> Iterator[HttpChannel]:
    """A channel with the token, closed in the end."""
    found = HttpChannel(url, authorization or bearer(TOKEN), dialect or Dialect(), **options)
    try:
        yield found
    finally:
        found.close()
