"""The errors of the HTTP servers.

ServerError
├── CannotListen       the address is taken or not ours
├── BadCertificate     certificate or key cannot be used
└── BadHttp            the bytes on a connection are no HTTP request; carries the status to answer
"""

from __future__ import annotations


class ServerError(Exception):
    """A server cannot do what it was asked to."""


class CannotListen(ServerError):
    """The address cannot be bound; the text names it and the reason."""


class BadCertificate(ServerError):
    """The certificate or its key cannot be read or do not belong together."""


class BadHttp(ServerError):
    """The bytes received are no acceptable HTTP/1.1 request."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
