"""A SCIM client that records every exchange and understands nothing by itself."""

from __future__ import annotations

import json as json_codec
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from conformance.errors import Unusable
from conformance.model import Exchange
from conformance.transport import Field, Transport

SCIM_JSON = "application/scim+json"


class _Unset:
    """No body was given; None is a body (JSON null)."""


UNSET: Final = _Unset()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; the accessors raise Unusable when it is not what they name."""

    exchange: Exchange

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.exchange.status or 0

    @property
    def headers(self) -> Mapping[str, str]:
        """The header fields; names in any case."""
        return self.exchange.response_headers

    @property
    def body(self) -> bytes:
        """The body as it came."""
        return self.exchange.response_body

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def json(self) -> Any:
        """The body as JSON."""
        try:
            return json_codec.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Unusable(f"{self} has no JSON body: {self.body[:80]!r}", self.exchange) from error

    @property
    def resource(self) -> dict[str, Any]:
        """The resource a 2xx answer carries: a JSON object."""
        found = self.json if self.ok else None
        if not isinstance(found, dict):
            raise Unusable(f"{self} carries no resource: {self.body[:120]!r}", self.exchange)
        return found

    @property
    def resources(self) -> list[dict[str, Any]]:
        """The Resources of a ListResponse; absent counts as empty."""
        found = self.resource.get("Resources", [])
        if "totalResults" not in self.resource or not isinstance(found, list):
            raise Unusable(f"{self} is no ListResponse: {self.body[:120]!r}", self.exchange)
        return [entry for entry in found if isinstance(entry, dict)]

    @property
    def total(self) -> int:
        """The totalResults of a ListResponse."""
        found = self.resource.get("totalResults")
        if not isinstance(found, int) or isinstance(found, bool):
            raise Unusable(f"{self} has no integer totalResults: {self.body[:120]!r}", self.exchange)
        return found

    @property
    def error(self) -> dict[str, Any] | None:
        """The JSON object of a 4xx or 5xx answer, None where there is none."""
        if self.status < 400:
            return None
        try:
            found = json_codec.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    @property
    def scim_type(self) -> str | None:
        """The keyword of an error."""
        found = (self.error or {}).get("scimType")
        return found if isinstance(found, str) else None

    def __str__(self) -> str:
        return f"{self.exchange.method} {self.exchange.url} -> {self.status}"


def encode_json(document: Any) -> bytes:
    """The document as UTF-8 JSON; lone surrogates stay escapes."""
    try:
        return json_codec.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json_codec.dumps(document).encode()


@dataclass(frozen=True, slots=True)
class ScimClient:
    """Requests below one SCIM base, all with the same header fields, over one shared transport.

    A path begins with "/" and is relative to the base; an absolute URL is used as it is, and gets no
    credentials when it leaves the base's host. `transport.recorder` holds every exchange. What a `fleeting` client
    creates goes away with its account: it stands in no ledger, whose URLs would name resources of the run's account.
    """

    base: str
    transport: Transport
    headers: Mapping[str, str]
    fleeting: bool = False

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = UNSET,
        body: bytes | None = None,
        headers: Mapping[str, Field | None] | None = None,
        content_type: str | None = SCIM_JSON,
    ) -> Answer:
        """The answer to one request; bytes go into a header field as they are, and a `None` takes it away.

        A tuple as the value of a field goes out as one line each, also doubled or blank ones.
        Raises Dropped or Unreachable when no answer comes. 429 and 503 are waited out.
        """
        content = encode_json(json) if not isinstance(json, _Unset) else body
        fields: dict[str, Field | None] = {"Accept": SCIM_JSON, **self._own_headers(path), **(headers or {})}
        if content is not None and content_type is not None:
            fields.setdefault("Content-Type", content_type)
        sent = {name: value for name, value in fields.items() if value is not None}
        return Answer(self.transport.send(method, self.url(path, params), sent, content, heard=not self.fleeting))

    def url(self, path: str, params: Mapping[str, Any] | None = None) -> str:
        """The URL of a path; parameters are percent-encoded, a space as %20."""
        url = path if path.startswith(("http://", "https://")) else self.base + path
        if not params:
            return url
        query = urlencode(
            [(name, _text(value)) for name, value in params.items() if value is not None], quote_via=quote
        )
        return f"{url}{'&' if '?' in url else '?'}{query}"

    def get(self, path: str, **options: Any) -> Answer:
        """GET; options as in `request`."""
        return self.request("GET", path, **options)

    def post(self, path: str, json: Any = UNSET, **options: Any) -> Answer:
        """POST a JSON document; options as in `request`."""
        return self.request("POST", path, json=json, **options)

    def put(self, path: str, json: Any = UNSET, **options: Any) -> Answer:
        """PUT a JSON document; options as in `request`."""
        return self.request("PUT", path, json=json, **options)

    def patch(self, path: str, json: Any = UNSET, **options: Any) -> Answer:
        """PATCH; a list is taken as the Operations of a PatchOp, anything else as the whole body."""
        if isinstance(json, list):
            json = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": json}
        return self.request("PATCH", path, json=json, **options)

    def delete(self, path: str, **options: Any) -> Answer:
        """DELETE; options as in `request`."""
        return self.request("DELETE", path, **options)

    def query(self, path: str, filter: str | None = None, **params: Any) -> Answer:
        """GET a list with `filter` and the other query parameters of SCIM, as keywords."""
        return self.request("GET", path, params={"filter": filter, **params})

    def with_headers(self, headers: Mapping[str, str]) -> ScimClient:
        """The same client with more header fields."""
        return replace(self, headers={**self.headers, **headers})

    def anonymous(self) -> ScimClient:
        """The same client without credentials."""
        kept = {name: value for name, value in self.headers.items() if name.lower() not in CREDENTIALS}
        return replace(self, headers=kept)

    def bearer(self, token: str) -> ScimClient:
        """The same client with another bearer token instead of its credentials."""
        self.transport.redactor.add(token)
        return self.anonymous().with_headers({"Authorization": f"Bearer {token}"})

    def basic(self, username: str, password: str) -> ScimClient:
        """The same client with a Basic pair instead of its credentials."""
        self.transport.redactor.add_basic(username, password)
        pair = b64encode(f"{username}:{password}".encode()).decode()
        return self.anonymous().with_headers({"Authorization": f"Basic {pair}"})

    def at(self, base: str) -> ScimClient:
        """The same client below another base."""
        return replace(self, base=base.rstrip("/"))

    def _own_headers(self, path: str) -> Mapping[str, str]:
        foreign = path.startswith(("http://", "https://")) and urlsplit(path).netloc != urlsplit(self.base).netloc
        return self.anonymous().headers if foreign else self.headers


CREDENTIALS = frozenset({"authorization", "x-samanage-authorization", "cookie"})


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value)
