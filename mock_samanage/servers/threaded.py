"""A WSGI server with one thread per connection, HTTP/1.1 keep-alive and TLS, in this process."""

from __future__ import annotations

import contextlib
import io
import logging
import selectors
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, BinaryIO, Self, cast
from urllib.parse import unquote_to_bytes

from mock_samanage.servers.errors import BadHttp
from mock_samanage.servers.http1 import Head, answer_bytes, awaited, read_body, read_head, status_line, write_answer
from mock_samanage.servers.sockets import bound, port_of, url_host

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

logger = logging.getLogger(__name__)

SOCKET_KEY = "mock_samanage.socket"
"""The WSGI environment's key for the connection itself, for what plays with the wire."""

ENDING_KEY = "mock_samanage.ending"
"""The environment's key under which the application leaves an Ending, if the answer is not to be sent as usual."""

Ending = Callable[[socket.socket, bytes, bytes], bool]
"""Sends head and body of an answer on a connection in its own way; False when the connection is to be closed."""

Problem = Callable[[int, str], tuple[str, bytes]]


def plain_problem(status: int, detail: str) -> tuple[str, bytes]:
    """The media type and body of an answer to what is no HTTP request."""
    return "text/plain; charset=utf-8", f"{status} {detail}\n".encode()


class ThreadedServer:
    """Serves a WSGI application from a thread of its own until it is stopped.

    It binds at once, so `port` is known before `start`. `problem` words the answers to requests that are no HTTP.
    """

    def __init__(
        self,
        app: WSGIApplication,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        tls: ssl.SSLContext | None = None,
        problem: Problem = plain_problem,
    ) -> None:
        self.app = app
        self.host = host
        self._tls = tls
        self._problem = problem
        self._listener = bound(host, port)
        self.port = port_of(self._listener)
        self._wake_in, self._wake_out = socket.socketpair()
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._accept, name=f"http-{self.port}", daemon=True)

    @property
    def origin(self) -> str:
        """Scheme, host and port, such as `http://127.0.0.1:8080`."""
        return f"{'https' if self._tls else 'http'}://{url_host(self.host)}:{self.port}"

    def start(self) -> Self:
        """Listens and returns; connections are taken from now on."""
        self._listener.listen(128)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Closes the listener and every connection, and waits for their threads."""
        self._wake_in.send(b"x")
        if self._thread.is_alive():
            self._thread.join()
        for sock in (self._listener, self._wake_in, self._wake_out):
            sock.close()
        with self._lock:
            open_now = list(self._connections.items())
        for sock, _ in open_now:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for _, thread in open_now:
            if thread is not threading.current_thread():
                thread.join(5)

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._wake_out, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in selector.select()}
                if self._wake_out in ready:
                    return
                with contextlib.suppress(OSError):
                    self._open(*self._listener.accept())

    def _open(self, sock: socket.socket, peer: Any) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        thread = threading.Thread(
            target=self._serve, args=(sock, str(peer[0])), name=f"http-{self.port}-client", daemon=True
        )
        with self._lock:
            self._connections[sock] = thread
        thread.start()

    def _serve(self, sock: socket.socket, peer: str) -> None:
        try:
            wire = self._tls.wrap_socket(sock, server_side=True) if self._tls else sock
            with wire, wire.makefile("rb") as reader, wire.makefile("wb") as writer:
                while self._answer(wire, cast("BinaryIO", reader), cast("BinaryIO", writer), peer):
                    pass
        except (OSError, ValueError):
            logger.debug("a client left", exc_info=True)
        finally:
            with self._lock:
                self._connections.pop(sock, None)
            sock.close()

    def _answer(self, wire: socket.socket, reader: BinaryIO, writer: BinaryIO, peer: str) -> bool:
        """Answers one request; False when the connection is to be closed."""
        try:
            head = read_head(reader)
            if head is None:
                return False
            if awaited(head):
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                writer.flush()
            body = read_body(reader, head)
        except BadHttp as error:
            kind, text = self._problem(error.status, error.detail)
            fields = [("Content-Type", kind)]
            write_answer(writer, status_line(error.status), fields, text, head_only=False, close=True)
            return False
        environ = self._environ(head, body, wire, peer)
        status, answer_fields, answer = call(self.app, environ)
        bare, close = head.method == "HEAD", not head.keeps_alive
        ending: Ending | None = environ.get(ENDING_KEY)
        if ending is not None:
            sent = answer_bytes(status, answer_fields, answer, head_only=bare, close=close)
            return ending(wire, *sent) and head.keeps_alive
        write_answer(writer, status, answer_fields, answer, head_only=bare, close=close)
        return head.keeps_alive

    def _environ(self, head: Head, body: bytes, wire: socket.socket, peer: str) -> dict[str, Any]:
        path, _, query = head.target.partition("?")
        if "://" in path:
            path = "/" + path.partition("://")[2].partition("/")[2]
        environ: dict[str, Any] = {
            "REQUEST_METHOD": head.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path.encode("latin-1")).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": self.host,
            "SERVER_PORT": str(self.port),
            "SERVER_PROTOCOL": head.version,
            "REMOTE_ADDR": peer,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https" if self._tls else "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "wsgi.input_terminated": True,
            SOCKET_KEY: wire,
        }
        for name, value in head.fields:
            key = name.upper().replace("-", "_")
            key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ


def call(app: WSGIApplication, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    """The status line, header fields and whole body that a WSGI application answers."""
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, fields: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], object]:
        told.append((status, fields))
        return parts.append

    parts: list[bytes] = []
    chunks = app(environ, start_response)
    try:
        parts.extend(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    status, fields = told[-1]
    return status, fields, b"".join(parts)
