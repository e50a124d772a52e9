"""Requests as bytes, for what no HTTP library would send."""

from __future__ import annotations

import contextlib
import json
import re
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """The last answer on a connection: status, the head as it came, and the body."""

    status: int
    head: str
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def exchange(url: str, data: bytes, *, half_closed: bool = False) -> RawAnswer:
    """What a server answers to these bytes; `half_closed` tells it that no more will come."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), 20) as connection:
        with contextlib.suppress(ConnectionError):  # a server may answer and close before it has read everything
            connection.sendall(data)
            if half_closed:
                connection.shutdown(socket.SHUT_WR)
        received = b""
        with contextlib.suppress(ConnectionError):
            while not _whole(received) and (piece := connection.recv(65536)):
                received += piece
    head, _, body = _final(received).partition(b"\r\n\r\n")
    return RawAnswer(int(head.split()[1]), head.decode("latin-1"), body)


def _final(received: bytes) -> bytes:
    return received.partition(b"\r\n\r\n")[2] if received.startswith(b"HTTP/1.1 100") else received


def _whole(received: bytes) -> bool:
    head, end, body = _final(received).partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return bool(end) and (length is None or len(body) >= int(length[1]))


def request(method: str, target: str, token: str, body: bytes = b"", **fields: str) -> bytes:
    """A request with its Content-Length, unless a field says how long the body is."""
    headers = {"Host": "h", "Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    headers |= {name.replace("_", "-"): value for name, value in fields.items()}
    if not {"Content-Length", "Transfer-Encoding"} & headers.keys():
        headers["Content-Length"] = str(len(body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + body


def chunked(*pieces: bytes) -> bytes:
    """A body in chunks."""
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
