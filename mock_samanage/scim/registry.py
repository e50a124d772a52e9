"""The schemas and resource types of the service, as data and as discovery documents.

The JSON files in `schemas/` are the Schema resources of RFC 7643 section 8.7 in own words, with the
verified errata applied (5368, 5606, 5607, 6004, 7522, 8415, 8417, 8471, 8472, 8475) and the
printing defects without an erratum mended (etag and authenticationSchemes.type in the
configuration, primary in addresses, display in members, other in ims.type).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal, get_args

from mock_samanage.scim.common import COMMON
from mock_samanage.scim.schema import (
    Attribute,
    AttributeType,
    Mutability,
    ResourceType,
    Returned,
    Schema,
    Uniqueness,
)

SCHEMA_URN: Final = "urn:ietf:params:scim:schemas:core:2.0:Schema"
RESOURCE_TYPE_URN: Final = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
SERVICE_PROVIDER_CONFIG_URN: Final = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
USER_URN: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_URN: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

LABORATORY_URN: Final = "urn:example:mock-samanage:laboratory:1.0:User"
DEVICE_URN: Final = "urn:example:mock-samanage:laboratory:1.0:Device"
WARRANTY_URN: Final = "urn:example:mock-samanage:laboratory:1.0:Warranty"

SchemaSet = Literal["samanage", "laboratory"]
SCHEMA_SETS: Final[tuple[SchemaSet, ...]] = get_args(SchemaSet)
"""What an account's schemas may be: those of the service, or with them those that only tests need."""

_FILES = ("User", "Group", "EnterpriseUser", "ServiceProviderConfig", "ResourceType", "Schema")
_LABORATORY_FILES = ("LaboratoryUser", "Device", "Warranty")
_DISPLAY_NAME: Final = {
    "name": "displayName",
    "type": "string",
    "multiValued": False,
    "description": "The exact name of the role, as the service documents it.",
    "required": False,
    "caseExact": False,
    "mutability": "readWrite",
    "returned": "default",
    "uniqueness": "none",
}

Document = dict[str, Any]


@dataclass(frozen=True)
class Registry:
    """What /Schemas and /ResourceTypes of one account serve.

    `schema_documents` maps a schema URI to its Schema resource, `types` lists the resource types.
    The documents have `meta` without `location`, which needs the URL of the request; they are
    shared, so that a caller copies one before it adds anything.
    """

    user: ResourceType
    group: ResourceType
    schema_documents: Mapping[str, Document]
    others: tuple[ResourceType, ...] = ()

    @property
    def types(self) -> tuple[ResourceType, ...]:
        """The resource types, User first."""
        return (self.user, self.group, *self.others)

    @property
    def endpoints(self) -> str:
        """The paths of the resource types, for messages."""
        *others, last = [kind.endpoint for kind in self.types]
        return f"{', '.join(others)} and {last}"

    def type_named(self, name: str) -> ResourceType | None:
        """The resource type of that exact name or id, or None."""
        return next((kind for kind in self.types if name in {kind.name, kind.id}), None)

    def schema_document(self, uri: str) -> Document | None:
        """The Schema resource of that URI in any case (AMB-59), or None."""
        wanted = uri.lower()
        return next((document for known, document in self.schema_documents.items() if known.lower() == wanted), None)

    def resource_type_documents(self) -> list[Document]:
        """The ResourceType resources (RFC 7643 section 6)."""
        return [resource_type_document(kind) for kind in self.types]


def resource_type_document(kind: ResourceType) -> Document:
    """The ResourceType resource of a type, without `meta.location`."""
    return {
        "schemas": [RESOURCE_TYPE_URN],
        "id": kind.id,
        "name": kind.name,
        "description": kind.description,
        "endpoint": kind.endpoint,
        "schema": kind.schema.id,
        "schemaExtensions": [
            {"schema": extension.id, "required": extension.id in kind.required_extensions}
            for extension in kind.extensions
        ],
        "meta": {"resourceType": "ResourceType"},
    }


def read_attribute(document: Mapping[str, Any]) -> Attribute:
    """The attribute a definition describes; what is not there has its default (RFC 7643 section 2.2)."""
    return Attribute(
        name=document["name"],
        type=AttributeType(document["type"]),
        multi_valued=document["multiValued"],
        description=document.get("description", ""),
        required=document.get("required", False),
        canonical_values=tuple(document.get("canonicalValues", ())),
        case_exact=document.get("caseExact", False),
        mutability=Mutability(document.get("mutability", "readWrite")),
        returned=Returned(document.get("returned", "default")),
        uniqueness=Uniqueness(document.get("uniqueness", "none")),
        reference_types=tuple(document.get("referenceTypes", ())),
        sub_attributes=tuple(read_attribute(sub) for sub in document.get("subAttributes", ())),
    )


def read_schema(document: Mapping[str, Any]) -> Schema:
    """The schema a Schema resource describes."""
    attributes = tuple(read_attribute(attribute) for attribute in document["attributes"])
    return Schema(document["id"], document["name"], document["description"], attributes)


@lru_cache(maxsize=256)
def registry(
    roles: tuple[str, ...] = (), *, role_display_name: bool = False, schemas: SchemaSet = "samanage"
) -> Registry:
    """The registry of an account with these role names.

    roles: the canonicalValues that `roles.value` declares; none are declared for ().
    role_display_name: `roles` declares the sub-attribute `displayName` as well.
    schemas: `laboratory` adds an extension of User and the type Device to what the service has.
    """
    documents = {document["id"]: document for document in _DOCUMENTS}
    additional = {document["id"]: document for document in _LABORATORY} if schemas == "laboratory" else {}
    if roles or role_display_name:
        documents[USER_URN] = _user_document(documents[USER_URN], roles, role_display_name=role_display_name)
    user = ResourceType(
        id="User",
        name="User",
        endpoint="/Users",
        description="A person with an account.",
        schema=read_schema(documents[USER_URN]),
        extensions=tuple(read_schema({**documents, **additional}[uri]) for uri in _extensions(additional)),
        common=COMMON,
    )
    group = ResourceType(
        id="Group",
        name="Group",
        endpoint="/Groups",
        description="A set of users and groups.",
        schema=read_schema(documents[GROUP_URN]),
        common=COMMON,
    )
    return Registry(user, group, {**documents, **additional}, (_device(additional),) if additional else ())


def _extensions(additional: Mapping[str, Document]) -> tuple[str, ...]:
    return (ENTERPRISE_URN, LABORATORY_URN) if additional else (ENTERPRISE_URN,)


def _device(documents: Mapping[str, Document]) -> ResourceType:
    return ResourceType(
        id="Device",
        name="Device",
        endpoint="/Devices",
        description="A piece of equipment, for tests only.",
        schema=read_schema(documents[DEVICE_URN]),
        extensions=(read_schema(documents[WARRANTY_URN]),),
        required_extensions=frozenset({WARRANTY_URN}),
        common=COMMON,
    )


def _user_document(document: Document, roles: Iterable[str], *, role_display_name: bool) -> Document:
    varied = deepcopy(document)
    subs = next(attribute for attribute in varied["attributes"] if attribute["name"] == "roles")["subAttributes"]
    if names := list(roles):
        subs[0]["canonicalValues"] = names
    if role_display_name:
        subs.append(_DISPLAY_NAME)
    return varied


def _load(name: str) -> Document:
    text = (files(__package__) / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    document: Document = json.loads(text)
    return document


_DOCUMENTS = tuple(_load(name) for name in _FILES)
_LABORATORY = tuple(_load(name) for name in _LABORATORY_FILES)
_BASE = registry()

USER: Final = _BASE.user
GROUP: Final = _BASE.group
ENDPOINTS: Final = {kind.name: kind.endpoint for kind in registry(schemas="laboratory").types}
"""The path of every resource type that any account has, by its name."""
SERVICE_PROVIDER_CONFIG: Final = read_schema(next(d for d in _DOCUMENTS if d["id"] == SERVICE_PROVIDER_CONFIG_URN))
