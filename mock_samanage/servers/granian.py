"""Granian as the front end of `serve`: one worker in this process, or several processes."""

from __future__ import annotations

import multiprocessing
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.server.mp import MPServer
from granian.server.mt import MTServer

from mock_samanage.servers.sockets import bound, port_of, tls_context

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class InProcess(MTServer):
    """Granian's threaded server with one worker, which needs no free-threaded Python: it has one blocking thread."""

    def _check_gil(self) -> None:
        """Nothing to refuse: with one worker there is nobody to contend with for the interpreter."""


def reserve(host: str, port: int) -> socket.socket:
    """A bound socket that holds the port until Granian listens on it; raises CannotListen.

    Granian binds with SO_REUSEPORT, which shares the port with a socket that is bound and does not listen.
    """
    sock = bound(host, port)
    if hasattr(socket, "SO_REUSEPORT"):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return sock


def options(host: str, sock: socket.socket, *, threads: int, cert: Path | None, key: Path | None) -> dict[str, Any]:
    """Granian's options: HTTP/1.1 and 2, quiet, TLS 1.2 and newer; raises BadCertificate."""
    if cert is not None and key is not None:
        tls_context(cert, key)
    return {
        "address": socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0],
        "port": port_of(sock),
        "interface": Interfaces.WSGI,
        "blocking_threads": threads,
        "blocking_threads_idle_timeout": 600,
        "http": HTTPModes.auto if cert else HTTPModes.http1,
        "websockets": False,
        "log_enabled": False,
        "ssl_cert": cert,
        "ssl_key": key,
        "ssl_protocol_min": SSLProtocols.tls12,
    }


def serve_here(app: WSGIApplication, settings: dict[str, Any]) -> None:
    """Serves the application in this process until SIGINT or SIGTERM; called in the main thread.

    Granian returns while requests may still wait in its threads; the application is not called any more then.
    """
    gate = Gate(app)
    InProcess("mock_samanage", workers=1, **settings).serve(target_loader=lambda: gate, wrap_loader=False)
    gate.close()


class Gate:
    """Lets calls through to an application until it is closed, and knows when the last one has come back."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._inside: deque[None] = deque()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """What the application answers; 503 once the gate is closed."""
        self._inside.append(None)
        try:
            return self._app(environ, start_response)
        finally:
            self._inside.pop()

    def close(self, patience: float = 10) -> None:
        """Closes the gate and waits for the calls inside, `patience` seconds at most."""
        self._app = _closed
        deadline = time.monotonic() + patience
        while self._inside and time.monotonic() < deadline:
            time.sleep(0.002)


def _closed(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("503 Service Unavailable", [("Content-Length", "0"), ("Connection", "close")])
    return []


def serve_in_processes(loader: Callable[[], WSGIApplication], workers: int, settings: dict[str, Any]) -> None:
    """Serves from that many fresh processes, each with the application the loader makes, until SIGINT or SIGTERM.

    The loader is pickled. Processes are spawned, because this one already has threads.
    """
    multiprocessing.set_start_method("spawn", force=True)
    MPServer("mock_samanage", workers=workers, workers_kill_timeout=10, **settings).serve(
        target_loader=loader, wrap_loader=False
    )
