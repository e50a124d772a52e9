"""Reading the discovery documents, and walking through the attribute definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.client import Answer, ScimClient
from conformance.judging import holds
from conformance.published import Published

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
RESOURCE_TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
COMMON = frozenset({"id", "externalid", "meta", "schemas"})

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Definition:
    """One attribute definition: the schema it stands in, its dotted name, its members as printed."""

    schema: str
    name: str
    members: Json
    parent: Json | None

    def __str__(self) -> str:
        return f"{self.schema.rsplit(':', 1)[-1]}.{self.name}"


def objects(value: object) -> list[Json]:
    """The JSON objects of a list; nothing where there is no list."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def definitions(schemas: Sequence[Json]) -> Iterator[Definition]:
    """Every attribute and sub-attribute of the schemas, depth first."""
    for schema in schemas:
        for attribute in objects(schema.get("attributes")):
            yield from _walk(str(schema.get("id")), "", attribute, None)


def _walk(schema: str, prefix: str, members: Json, parent: Json | None) -> Iterator[Definition]:
    name = f"{prefix}{members.get('name')}"
    yield Definition(schema, name, members, parent)
    for sub in objects(members.get("subAttributes")):
        yield from _walk(schema, f"{name}.", sub, members)


def read_definitions(published: Published) -> list[Definition]:
    """The definitions of /Schemas."""
    return list(definitions(published.get("/Schemas").resources))


def definition(published: Published, schema: str, name: str) -> Json | None:
    """The members of one definition of /Schemas; the name in any case."""
    found = (each for each in read_definitions(published) if each.schema.lower() == schema.lower())
    return next((each.members for each in found if each.name.lower() == name.lower()), None)


def none_offends(clause_id: str, offenders: Sequence[object], *, expected: str, tolerated: bool = False) -> bool:
    """Whether nothing breaks a rule over many parts; the first offenders are told."""
    told = ", ".join(map(str, offenders[:5])) + (f" and {len(offenders) - 5} more" if len(offenders) > 5 else "")
    return holds(clause_id, not offenders, expected=expected, observed=told or "none breaks it", tolerated=tolerated)


def is_url(value: object) -> bool:
    """Whether a value is the text of an absolute http or https URL."""
    return isinstance(value, str) and value.lower().startswith(("http://", "https://"))


def filled(value: object) -> bool:
    """Whether a value is a non-empty text."""
    return isinstance(value, str) and bool(value)


def writes(scim: ScimClient, collection: str, entry: str) -> list[Answer]:
    """The answers to every write on a read-only endpoint and one of its entries."""
    body = {"schemas": [SCHEMA], "id": "urn:example:conformance", "name": "x"}
    return [
        scim.post(collection, json=body),
        scim.put(entry, json=body),
        scim.patch(entry, json={"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": []}),
        scim.delete(entry),
    ]
