"""Listening addresses: bound sockets, reserved ports, TLS contexts."""

from __future__ import annotations

import socket
import ssl
import sys
from pathlib import Path

from mock_samanage.servers.errors import BadCertificate, CannotListen

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def is_loopback(host: str) -> bool:
    """True for addresses that only this machine reaches."""
    return host in LOOPBACK or host.startswith("127.")


def url_host(host: str) -> str:
    """The host as it stands in a URL: IPv6 addresses in brackets, "any address" as loopback."""
    if host in {"0.0.0.0", ""}:  # noqa: S104 compared, not bound
        return "127.0.0.1"
    if host == "::":
        return "[::1]"
    return f"[{host}]" if ":" in host else host


def bound(host: str, port: int) -> socket.socket:
    """A TCP socket bound to the address, port 0 meaning any free one; raises CannotListen."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError, OverflowError) as error:
        raise CannotListen(f"cannot listen on {host}: {error}") from error
    try:
        if sys.platform != "win32":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except (OSError, OverflowError) as error:
        sock.close()
        raise CannotListen(f"cannot listen on {url_host(host)}:{port}: {_reason(error)}") from error
    return sock


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def port_of(sock: socket.socket) -> int:
    """The port the socket is bound to."""
    return int(sock.getsockname()[1])


def tls_context(cert: Path, key: Path) -> ssl.SSLContext:
    """A server context for TLS 1.2 and newer; raises BadCertificate naming the file at fault."""
    for path in (cert, key):
        if not path.is_file():
            raise BadCertificate(f"cannot read {path}: no such file")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(cert, key)
    except (OSError, ssl.SSLError) as error:
        raise BadCertificate(f"cannot use the certificate {cert} with the key {key}: {error}") from error
    return context
