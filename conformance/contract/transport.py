"""Requests of schemathesis, sent by the judge's own transport: recorded, redacted, counted, paced, in the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import requests
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.schemas import OpenApiSchema
from schemathesis.transport.requests import REQUESTS_TRANSPORT, RequestsTransport
from urllib3 import HTTPHeaderDict, HTTPResponse

from conformance.client import ScimClient
from conformance.contract.cases import AnyCase
from conformance.contract.guard import Guard
from conformance.errors import Interruption, SuiteFault, Unusable
from conformance.model import Exchange

OWN_USER, WRITES = r"/Me$", ("PUT", "PATCH", "DELETE")
Owner = Callable[[], Mapping[str, str]]
"""The header fields of somebody who may lose his rights, with a credential that is valid now."""
_OF_THE_SENDER = ("X-Schemathesis-TestCaseId", "User-Agent", "Accept-Encoding", "Connection", "Content-Length")


class JudgedSession(requests.Session):
    """A session whose requests go through the judge's transport; `ended` is why no further one makes sense.

    `allowance` is the number of requests it may still send; `stop` is called when that is none, or when it ended.
    `borrowed` header fields take the place of the client's own ones.
    """

    def __init__(self, client: ScimClient, allowance: int) -> None:
        super().__init__()
        self.trust_env = False
        self.allowance = allowance
        self.ended: Interruption | Unusable | None = None
        self.stop: Callable[[], object] = bool
        self.last: Exchange | None = None
        self.borrowed: Mapping[str, str] = {}
        self._client = client

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        """The answer; raises a ConnectionError, which ends the phase, where the judge got none."""
        if self.ended is not None:
            raise requests.ConnectionError(str(self.ended), request=request)
        self.allowance -= 1
        if self.allowance <= 0:
            self.stop()
        for name in _OF_THE_SENDER:
            request.headers.pop(name, None)
        for name, value in self.borrowed.items():
            if request.headers.get(name) == self._client.headers.get(name):
                request.headers[name] = value
        method, url, body = request.method or "GET", request.url or "", request.body
        sent = body.encode() if isinstance(body, str) else body
        try:
            self.last = self._client.transport.send(method, url, dict(request.headers), _bytes(sent))
        except (Interruption, Unusable) as error:
            self.ended = error
            self.stop()
            raise requests.ConnectionError(str(error), request=request) from error
        except SuiteFault as fault:
            raise requests.exceptions.InvalidHeader(str(fault), request=request) from fault
        return answered(self.last, request)


class JudgedTransport(RequestsTransport):
    """Sends every case through one JudgedSession; `exchanges` holds what was sent for each case by its id."""

    def __init__(self, session: JudgedSession, guard: Guard, owner: Owner | None = None) -> None:
        super().__init__()
        self._copy_serializers_from(REQUESTS_TRANSPORT)
        self.exchanges: dict[str, Exchange] = {}
        self._session = session
        self._guard = guard
        self._owner = owner

    def send(self, case: AnyCase, *, session: requests.Session | None = None, **kwargs: Any) -> Response:
        """The answer to a case, whatever session schemathesis meant it for."""
        del session
        self._guard.before(case)
        own = self._owner and case.method.upper() in WRITES and re.search(OWN_USER, case.operation.path)
        self._session.borrowed = self._owner() if self._owner and own else {}
        response = super().send(case, session=self._session, **kwargs)
        if self._session.last is not None:
            self.exchanges[case.id] = self._session.last
            self._guard.learn(self._session.last)
        return response


def schema_class(transport: JudgedTransport) -> type[OpenApiSchema]:
    """The class of documents whose cases, and the clones' too, are sent by this transport."""

    class JudgedSchema(OpenApiSchema):
        @property
        def transport(self) -> JudgedTransport:
            return transport

    return JudgedSchema


def answered(exchange: Exchange, request: requests.PreparedRequest) -> requests.Response:
    """An exchange as the response object of requests."""
    response = requests.Response()
    response.status_code = exchange.status or 0
    response.headers = CaseInsensitiveDict(exchange.response_headers)
    response.request, response.url = request, exchange.url
    response.elapsed = timedelta(milliseconds=exchange.elapsed_ms)
    response.encoding = get_encoding_from_headers(response.headers)
    response.raw = HTTPResponse(body=b"", headers=HTTPHeaderDict(exchange.response_headers), version=11)
    response._content = exchange.response_body  # noqa: SLF001 - requests offers no other way to make one
    return response


def _bytes(body: Any) -> bytes | None:
    return body if isinstance(body, bytes) or body is None else bytes(body)
