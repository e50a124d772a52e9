"""One SCIM request, as its handler sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from mock_samanage.scim.messages import MAX_DEPTH, parse_json
from mock_samanage.scim.requested import requested_by_write
from mock_samanage.tenant.authentication import AuthorizationHeaders
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Resource
from mock_samanage.tenant.tenant import Tenant
from mock_samanage.tenant.versions import ALWAYS, Preconditions, etag
from mock_samanage.web.answer import Answer, json_answer
from mock_samanage.web.edge import BODY_KEY
from mock_samanage.web.negotiation import answer_type, check_body_type
from mock_samanage.web.parameters import query_parameters
from mock_samanage.web.projection import Projection
from mock_samanage.web.wire import document, location

NO_BODY: Mapping[str, Any] = MappingProxyType({})


@dataclass(slots=True)
class Call:
    """A request that was let in: who asks, for which account, and where the client sees this server.

    `base` is the base URL of references; `media_type` is what the client accepts; `owner` is the id of the user who
    owns the credential.
    """

    environ: Mapping[str, Any]
    base: str
    media_type: str
    tenant: Tenant
    owner: str
    directory: Directory

    @property
    def parameters(self) -> dict[str, str]:
        """The decoded query string."""
        return query_parameters(self.environ.get("QUERY_STRING", ""))

    @property
    def preconditions(self) -> Preconditions:
        """If-Match and If-None-Match as they were sent."""
        if_match, if_none_match = self.environ.get("HTTP_IF_MATCH"), self.environ.get("HTTP_IF_NONE_MATCH")
        return ALWAYS if if_match is None and if_none_match is None else Preconditions(if_match, if_none_match)

    def body(self, depth: int = MAX_DEPTH) -> dict[str, Any]:
        """The JSON object in the body; raises UnsupportedMediaType, InvalidSyntax, InvalidValue."""
        check_body_type(self.environ.get("CONTENT_TYPE"), self.environ.get("HTTP_CONTENT_ENCODING"))
        return parse_json(self.environ.get(BODY_KEY, b""), depth=depth)

    def admitted_again(self) -> Directory:
        """The directory as the credential opens it now; raises Unauthorized, Forbidden."""
        return self.tenant.directory(self.tenant.check(authorization(self.environ)))

    def shown(self, resource: Resource, kept: Projection, body: Mapping[str, Any] = NO_BODY) -> Mapping[str, Any]:
        """The resource as the client sees it; `body` is that of the write this answers."""
        kind = self.directory.resource_type(resource.type)
        return kept.apply(kind, document(resource, self.base), requested_by_write(kind, body))

    def resource_answer(
        self, resource: Resource, kept: Projection, status: int = 200, body: Mapping[str, Any] = NO_BODY
    ) -> Answer:
        """The resource with its entity-tag, and with its Location when it was just made; `body` as in `shown`."""
        fields = [("ETag", etag(resource.version))]
        if status == 201:
            fields.append(("Location", location(resource, self.base)))
        return json_answer(self.shown(resource, kept, body), self.media_type, status, fields)


def authorization(environ: Mapping[str, Any]) -> AuthorizationHeaders:
    """The fields that may carry a credential, as they arrived."""
    return AuthorizationHeaders(environ.get("HTTP_AUTHORIZATION"), environ.get("HTTP_X_SAMANAGE_AUTHORIZATION"))


def media_type_of(environ: Mapping[str, Any]) -> str:
    """The media type of the answer; raises NotAcceptable."""
    return answer_type(environ.get("HTTP_ACCEPT"))
