"""The discovery endpoints (RFC 7644 section 4): what the account of the request offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mock_samanage.scim.errors import Forbidden, NotFound
from mock_samanage.scim.messages import list_response
from mock_samanage.scim.registry import SERVICE_PROVIDER_CONFIG_URN, Registry
from mock_samanage.tenant.cursors import CURSOR_TIMEOUT
from mock_samanage.tenant.reading import DEFAULT_PAGE, MAX_RESULTS
from mock_samanage.web.answer import Answer, json_answer
from mock_samanage.web.bulk import MAX_OPERATIONS, MAX_PAYLOAD_SIZE

_SCHEMES: Mapping[str, Mapping[str, Any]] = {
    "oauthbearertoken": {
        "type": "oauthbearertoken",
        "name": "Secret token",
        "description": "The long-lived secret token of an administrator, sent as Authorization: Bearer.",
        "specUri": "https://www.rfc-editor.org/info/rfc6750",
    },
    "httpbasic": {
        "type": "httpbasic",
        "name": "Administrator's password",
        "description": "E-mail and password of an administrator, sent as Authorization: Basic.",
        "specUri": "https://www.rfc-editor.org/info/rfc7617",
    },
}


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a discovery handler answers from: the schemas and schemes of an account, and where the client sees it."""

    registry: Registry
    schemes: tuple[str, ...]
    base: str
    media_type: str

    def located(self, document: Mapping[str, Any], path: str) -> dict[str, Any]:
        """The document with `meta.location` below the base of this request."""
        return {**document, "meta": {**document["meta"], "location": f"{self.base}{path}"}}

    def listed(self, documents: Iterable[Mapping[str, Any]]) -> Answer:
        """The documents as a list; paging and sorting do not apply (RFC 7644 section 4)."""
        entries = list(documents)
        return json_answer(list_response(entries, len(entries)), self.media_type)


def refuse_filter(parameters: Mapping[str, str]) -> None:
    """Raises Forbidden for a filter, which discovery does not have (RFC 7644 section 4)."""
    if "filter" in parameters:
        raise Forbidden("Discovery endpoints have no filter; leave it out.")


def service_provider_config(found: Discovery) -> Answer:
    """The configuration, with the schemes the account's phase offers."""
    schemes = [dict(_SCHEMES[name]) for name in found.schemes]
    schemes[0]["primary"] = True
    document = {
        "schemas": [SERVICE_PROVIDER_CONFIG_URN],
        "patch": {"supported": True},
        "bulk": {"supported": True, "maxOperations": MAX_OPERATIONS, "maxPayloadSize": MAX_PAYLOAD_SIZE},
        "filter": {"supported": True, "maxResults": MAX_RESULTS},
        "changePassword": {"supported": False},
        "sort": {"supported": True},
        "etag": {"supported": True},
        "pagination": {
            "cursor": True,
            "index": True,
            "defaultPaginationMethod": "index",
            "defaultPageSize": DEFAULT_PAGE,
            "maxPageSize": MAX_RESULTS,
            "cursorTimeout": CURSOR_TIMEOUT,
        },
        "authenticationSchemes": schemes,
        "meta": {"resourceType": "ServiceProviderConfig"},
    }
    return json_answer(found.located(document, "/ServiceProviderConfig"), found.media_type)


def schemas(found: Discovery) -> Answer:
    """Every schema."""
    documents = found.registry.schema_documents
    return found.listed(found.located(document, f"/Schemas/{uri}") for uri, document in documents.items())


def schema(found: Discovery, uri: str) -> Answer:
    """One schema; raises NotFound."""
    document = found.registry.schema_document(uri)
    if document is None:
        raise NotFound(f"There is no schema {uri[:100]}; /Schemas lists them.")
    return json_answer(found.located(document, f"/Schemas/{document['id']}"), found.media_type)


def resource_types(found: Discovery) -> Answer:
    """Every resource type."""
    documents = found.registry.resource_type_documents()
    return found.listed(found.located(document, f"/ResourceTypes/{document['id']}") for document in documents)


def resource_type(found: Discovery, name: str) -> Answer:
    """One resource type by its id or name; raises NotFound."""
    for document in found.registry.resource_type_documents():
        if name in {document["id"], document["name"]}:
            return json_answer(found.located(document, f"/ResourceTypes/{document['id']}"), found.media_type)
    raise NotFound(f"There is no resource type {name[:100]}; /ResourceTypes lists them.")
