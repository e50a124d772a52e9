"""HTTP/1.1 messages on a byte stream, as far as a server for tests needs them (RFC 9112)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import BinaryIO

from mock_samanage.servers.errors import BadHttp

LINE_LIMIT = 65536
FIELD_LIMIT = 200
BODY_LIMIT = 64 * 1024 * 1024
_LONGEST_LENGTH = 19  # digits of a Content-Length
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BODILESS = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Head:
    """The request line and the fields, names in lower case, in the order of arrival, doubles kept; text is latin-1."""

    method: str
    target: str
    version: str
    fields: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str | None:
        """The values of a field joined by commas, or None."""
        values = [value for field, value in self.fields if field == name]
        return ",".join(values) if values else None

    @property
    def keeps_alive(self) -> bool:
        """Whether the client wants to go on with this connection."""
        wish = (self.get("connection") or "").lower()
        return "close" not in wish if self.version == "HTTP/1.1" else "keep-alive" in wish


def _line(stream: BinaryIO, limit_status: int) -> bytes:
    line = stream.readline(LINE_LIMIT + 1)
    if len(line) > LINE_LIMIT:
        raise BadHttp(limit_status, f"The line is longer than {LINE_LIMIT} bytes.")
    return line.rstrip(b"\r\n") if line.endswith(b"\n") else b""


def read_head(stream: BinaryIO) -> Head | None:
    """The next request head; None when the client has closed; raises BadHttp."""
    line = _line(stream, 414) or _line(stream, 414)
    if not line:
        return None
    parts = line.split(b" ")
    if len(parts) != 3 or not _TOKEN.fullmatch(parts[0]) or parts[2] not in {b"HTTP/1.1", b"HTTP/1.0"}:
        raise BadHttp(400, "The request line is not METHOD TARGET HTTP/1.1.")
    method, target, version = (part.decode("latin-1") for part in parts)
    return Head(method, target, version, tuple(_fields(stream)))


def _fields(stream: BinaryIO) -> Iterable[tuple[str, str]]:
    for _ in range(FIELD_LIMIT + 1):
        line = _line(stream, 431)
        if not line:
            return
        name, colon, value = line.partition(b":")
        if not colon or not _TOKEN.fullmatch(name):
            raise BadHttp(400, "A header line is not NAME: VALUE.")
        yield name.decode("latin-1").lower(), value.strip(b" \t").decode("latin-1")
    raise BadHttp(431, f"The request has more than {FIELD_LIMIT} header fields.")


def read_body(stream: BinaryIO, head: Head) -> bytes:
    """The whole body, by Content-Length or chunks; raises BadHttp."""
    coding, length = head.get("transfer-encoding"), head.get("content-length")
    if coding is not None:
        if coding.lower() != "chunked" or length is not None:
            raise BadHttp(400, "Transfer-Encoding is chunked alone, and goes without Content-Length.")
        return b"".join(_chunks(stream))
    if length is None:
        return b""
    if not _is_number(length):
        raise BadHttp(400, "Content-Length is not a number.")
    return _exactly(stream, announced(length))


def announced(length: str) -> int:
    """The bytes a Content-Length of digits announces, up to a number that is too many anyway."""
    return int(length) if len(length) < _LONGEST_LENGTH else BODY_LIMIT + 1


def awaited(head: Head) -> bool:
    """Whether the client waits with its body until it is told to send it, and the body would be read."""
    if (head.get("expect") or "").lower() != "100-continue":
        return False
    length = head.get("content-length")
    return length is None or (_is_number(length) and announced(length) <= BODY_LIMIT)


def _is_number(length: str) -> bool:
    return length.isascii() and length.isdigit()


def _exactly(stream: BinaryIO, count: int) -> bytes:
    if count > BODY_LIMIT:
        raise BadHttp(413, f"The body is longer than {BODY_LIMIT} bytes.")
    body = stream.read(count)
    if len(body) < count:
        raise BadHttp(400, "The body ended before its announced length.")
    return body


def _chunks(stream: BinaryIO) -> Iterable[bytes]:
    room = BODY_LIMIT
    while True:
        size_text = _line(stream, 400).partition(b";")[0].strip()
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", size_text):
            raise BadHttp(400, "A chunk has no hexadecimal size.")
        size = int(size_text, 16)
        room -= size
        if room < 0:
            raise BadHttp(413, f"The body is longer than {BODY_LIMIT} bytes.")
        if size == 0:
            while _line(stream, 431):
                pass
            return
        yield _exactly(stream, size)
        _line(stream, 400)


def answer_bytes(
    status: str, fields: Iterable[tuple[str, str]], body: bytes, *, head_only: bool, close: bool
) -> tuple[bytes, bytes]:
    """The head and the body of an answer as they are sent."""
    out = io.BytesIO()
    out.write(f"HTTP/1.1 {status}\r\n".encode("latin-1"))
    names = set()
    for name, value in fields:
        names.add(name.lower())
        out.write(f"{name}: {value}\r\n".encode("latin-1", "replace"))
    if "content-length" not in names and int(status[:3]) not in _BODILESS:
        out.write(b"Content-Length: %d\r\n" % len(body))
    out.write(f"Date: {formatdate(usegmt=True)}\r\n".encode())
    out.write(b"Connection: close\r\n\r\n" if close else b"\r\n")
    return out.getvalue(), b"" if head_only or int(status[:3]) in _BODILESS else body


def write_answer(
    stream: BinaryIO, status: str, fields: Iterable[tuple[str, str]], body: bytes, *, head_only: bool, close: bool
) -> None:
    """One answer in one write, so that it travels in as few packets as possible."""
    head, sent = answer_bytes(status, fields, body, head_only=head_only, close=close)
    stream.write(head + sent)
    stream.flush()


def status_line(code: int) -> str:
    """The code with its reason phrase."""
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return f"{code} Unknown"
