"""The outermost WSGI step: limits, mounts, the body, faults, the journal, and the last net under every error."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mock_samanage.scim.errors import InvalidSyntax, InvalidVersion, PayloadTooLarge, ScimError, UriTooLong
from mock_samanage.web.answer import error_answer, unexpected
from mock_samanage.web.journal.delivery import DELIVERY_KEY, USUAL
from mock_samanage.web.journal.entries import RAN_KEY, RawExchange
from mock_samanage.web.journal.journal import Journal
from mock_samanage.web.routes import MOUNTS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from mock_samanage.web.faults.faults import Faults

logger = logging.getLogger(__name__)

URL_LIMIT = 32 * 1024
"""Characters of path and query together."""
BODY_LIMIT = 16 * 1024 * 1024
"""Bytes of a body; enough to replace a group of 100,000 members."""

_LONGEST_LENGTH = 19  # digits
BODY_KEY = "mock_samanage.body"
ACCOUNT_KEY = "mock_samanage.account"
_VERSION = re.compile(r"/v\d+(/|$)")
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class Edge:
    """Wraps the application that routes: what comes in is bounded, what goes out is journaled, faults are between."""

    def __init__(self, app: WSGIApplication, journal: Journal | None = None, faults: Faults | None = None) -> None:
        self._app = app
        self._faults = faults
        self._plans: Mapping[str, object] = faults.plans if faults is not None else {}
        self._journal = journal

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request; never raises."""
        moment, begun = time.time_ns(), time.perf_counter_ns()
        told: list[Any] = []

        def note(status: str, fields: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
            told[:] = (status, fields)
            return start_response(status, fields, error) if error else start_response(status, fields)

        answer = self._answer(environ, note)
        if self._journal is not None:
            self._journal.append(
                RawExchange(
                    moment // 1000,
                    environ.get(ACCOUNT_KEY),
                    environ["REQUEST_METHOD"],
                    environ["SCRIPT_NAME"] + environ["PATH_INFO"],
                    environ.get("QUERY_STRING", ""),
                    self._journal.heads.of(environ),
                    environ.get(BODY_KEY, b""),
                    int(told[0][:3]),
                    told[1],
                    answer[0] if answer else b"",
                    time.perf_counter_ns() - begun,
                    RAN_KEY in environ,
                    environ.get(DELIVERY_KEY, USUAL),
                )
            )
        return answer

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        try:
            enter(environ)
            if self._plans and self._faults is not None:
                return self._faults.answer(self._app, environ, start_response)
            return list(self._app(environ, start_response))
        except ScimError as error:
            return error_answer(error)(environ, start_response)
        except Exception:
            logger.exception("%s %s failed", environ.get("REQUEST_METHOD"), environ.get("PATH_INFO"))
            return unexpected()(environ, start_response)


def enter(environ: WSGIEnvironment) -> None:
    """Checks the limits, reads the body, and moves the mount from the path to SCRIPT_NAME.

    Raises UriTooLong, PayloadTooLarge, InvalidSyntax, InvalidVersion.
    """
    path: str = environ["PATH_INFO"]
    if len(path) + len(environ.get("QUERY_STRING", "")) > URL_LIMIT:
        raise UriTooLong(f"The URL is longer than {URL_LIMIT} characters; send long filters with POST to /.search.")
    for mount in MOUNTS:
        if path.startswith(mount) and path[len(mount) : len(mount) + 1] in {"", "/"}:
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + mount
            path = environ["PATH_INFO"] = path[len(mount) :] or "/"
            break
    if _VERSION.match(path):
        raise InvalidVersion("This server speaks version 2 of SCIM, at /scim/v2 and without a version in the path.")
    if environ["REQUEST_METHOD"] in _WITH_BODY:
        environ[BODY_KEY] = _body(environ)


def _announced(length: str) -> int:
    """The number in a Content-Length, as large as need be: very long ones are no number Python reads."""
    return int(length) if len(length) < _LONGEST_LENGTH else BODY_LIMIT + 1


def _body(environ: WSGIEnvironment) -> bytes:
    length = environ.get("CONTENT_LENGTH") or ""
    announced = _announced(length) if length.isdecimal() else None
    if announced is not None and announced > BODY_LIMIT:
        raise PayloadTooLarge(f"The body has {length[:40]} bytes; at most {BODY_LIMIT} are read.")
    body: bytes = environ["wsgi.input"].read(BODY_LIMIT + 1 if announced is None else announced)
    if announced is not None and len(body) < announced:
        raise InvalidSyntax(f"The body ended after {len(body)} of the {announced} bytes that Content-Length announces.")
    if len(body) > BODY_LIMIT:
        raise PayloadTooLarge(f"The body has more than {BODY_LIMIT} bytes, which are read at most.")
    return body
