"""Answers in SCIM's wire form, and every error as a SCIM Error document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Response
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException

from mock_samanage.scim import errors
from mock_samanage.scim.errors import ScimError
from mock_samanage.servers.http1 import status_line
from mock_samanage.web.negotiation import SCIM
from mock_samanage.web.wire import encoded

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Fields = Iterable[tuple[str, str]]


class Answer(Response):
    """A Flask response whose body is one piece of bytes, handed to the server as it is."""

    def __init__(self, status: int, body: bytes = b"", fields: Fields = (), media_type: str = SCIM) -> None:
        # Flask's own constructor guesses types and encodes; nothing here is left to guess.
        headers = [*fields]
        if status not in {204, 304}:
            headers += [("Content-Type", media_type), ("Content-Length", str(len(body)))]
        self.headers = Headers()
        self.headers._list = headers  # noqa: SLF001 names and values are our own
        self._status_code = status
        self._status = status_line(status)
        self.response = [body]
        self.direct_passthrough = False
        self._on_close = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """The WSGI answer; without the body for HEAD, whose fields are those of GET (RFC 9110 section 9.3.2)."""
        start_response(self._status, list(self.headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [*self.response]


def json_answer(document: Mapping[str, Any], media_type: str, status: int = 200, fields: Fields = ()) -> Answer:
    """A document as the client accepts it."""
    return Answer(status, encoded(document), fields, media_type)


def error_answer(error: ScimError) -> Answer:
    """The SCIM Error document of an error, always of SCIM's own media type."""
    return Answer(error.status, encoded(error.body()), error.headers)


class Unexpected(ScimError):
    """A fault of this program; the answer tells nothing of its inside."""

    status = 500


def unexpected() -> Answer:
    """The answer to a request that hit a fault of this program."""
    return error_answer(Unexpected("The server failed to handle this request; its log says why. This is a bug of it."))


def bad_http(status: int, detail: str) -> tuple[str, bytes]:
    """The media type and body of an answer to bytes that are no HTTP request."""
    document = {"schemas": [errors.ERROR_URN], "status": str(status), "detail": detail}
    return SCIM, encoded(document)


_BY_STATUS: Mapping[int, type[ScimError]] = {
    400: errors.BadRequest,
    404: errors.NotFound,
    413: errors.PayloadTooLarge,
    414: errors.UriTooLong,
    415: errors.UnsupportedMediaType,
}


def routing_error(error: HTTPException, method: str, path: str) -> ScimError:
    """What Flask's routing raised, in SCIM's words."""
    if error.code == 405:
        return undefined(method, path, getattr(error, "valid_methods", None) or ())
    if error.code == 404:
        return nothing_at(path)
    kind = _BY_STATUS.get(error.code or 400, errors.BadRequest)
    return kind(error.description or error.name)


def undefined(method: str, path: str, allowed: Iterable[str]) -> errors.MethodNotAllowed:
    """The refusal of a method that the path does not have, with those it has."""
    names = ", ".join(sorted(allowed))
    return errors.MethodNotAllowed(
        f"{method[:20]} is not defined for {_shown(path)}; allowed: {names}.", (("Allow", names),)
    )


def nothing_at(path: str) -> errors.NotFound:
    """The refusal of a path that leads nowhere."""
    return errors.NotFound(f"There is nothing at {_shown(path)}; resources are at /Users and /Groups.")


def _shown(path: str) -> str:
    text = path.encode("latin-1", "replace").decode("utf-8", "replace")
    return text if len(text) <= 100 else f"{text[:100]}…"
