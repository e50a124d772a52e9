"""The User attributes that generated filters speak of, and where their values stand in a resource (RFC 7643, 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from conformance.strategies.trees import ENTERPRISE

Kind = Literal["string", "boolean", "instant", "reference"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """What the judge knows of an attribute; `many` says that a user can have several values of it."""

    path: str
    kind: Kind = "string"
    case_exact: bool = False
    many: bool = False

    @property
    def parent(self) -> str:
        """The attribute before the dot; the path itself where there is none."""
        uri, colon, name = self.path.rpartition(":")
        return f"{uri}{colon}{name.partition('.')[0]}"

    @property
    def sub(self) -> str:
        """The sub-attribute after the dot, or nothing."""
        return self.path.rpartition(":")[2].partition(".")[2]


VOCABULARY: Final = (
    Attribute("userName"),
    Attribute("externalId", case_exact=True),
    Attribute("displayName"),
    Attribute("title"),
    Attribute("name.familyName"),
    Attribute("name.givenName"),
    Attribute("active", kind="boolean"),
    Attribute("emails.value", many=True),
    Attribute("emails.type", many=True),
    Attribute("emails.primary", kind="boolean", many=True),
    Attribute("phoneNumbers.value", many=True),
    Attribute(f"{ENTERPRISE}:department"),
    Attribute(f"{ENTERPRISE}:employeeNumber"),
    Attribute("meta.created", kind="instant"),
    Attribute("id", case_exact=True),
)
"""The attributes of generated filters, with the characteristics of the published schemas."""
FURTHER: Final = (
    Attribute("schemas", many=True),
    Attribute("meta.resourceType", case_exact=True),
    Attribute("meta.lastModified", kind="instant"),
    Attribute("phoneNumbers.type", many=True),
)
"""Attributes that single checks ask for, beside any plain string."""


def known(path: str) -> Attribute:
    """The published characteristics of an attribute of the vocabulary."""
    return next(attribute for attribute in VOCABULARY if attribute.path == path)


def vocabulary(schemas: Iterable[Mapping[str, Any]]) -> tuple[Attribute, ...]:
    """The vocabulary as a target's own schemas tell it: attributes it lacks are left out, its `caseExact` counts.

    Common attributes stand in no schema and stay as they are; without any schema the published ones are assumed.
    """
    declared = dict(_declared(schemas))
    if not declared:
        return VOCABULARY
    return tuple(_as_declared(attribute, declared) for attribute in VOCABULARY if _is_there(attribute, declared))


def _is_there(attribute: Attribute, declared: Mapping[str, Mapping[str, Any]]) -> bool:
    return attribute.parent in {"id", "externalId", "meta"} or attribute.path.lower() in declared


def _as_declared(attribute: Attribute, declared: Mapping[str, Mapping[str, Any]]) -> Attribute:
    characteristics = declared.get(attribute.path.lower(), {})
    if attribute.kind != "string" or attribute.parent in {"id", "externalId", "meta"}:
        return attribute
    return replace(attribute, case_exact=bool(characteristics.get("caseExact", False)))


def _declared(schemas: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for schema in schemas:
        prefix = "" if str(schema.get("id", "")).lower().endswith(":core:2.0:user") else f"{schema.get('id', '')}:"
        for attribute in schema.get("attributes") or ():
            name = f"{prefix}{attribute.get('name', '')}".lower()
            yield name, attribute
            for sub in attribute.get("subAttributes") or ():
                yield f"{name}.{sub.get('name', '')}".lower(), sub


def member(resource: Mapping[str, Any], name: str) -> Any:
    """The member of that name in any case, or nothing."""
    if name in resource:
        return resource[name]
    return next((value for key, value in resource.items() if key.lower() == name.lower()), None)


def elements(resource: Mapping[str, Any], path: str) -> list[Any]:
    """The values of an attribute without its sub-attribute: none, one, or each element of a list."""
    uri, _, name = path.rpartition(":")
    holder = member(resource, uri) if uri else resource
    value = member(holder, name.partition(".")[0]) if isinstance(holder, Mapping) else None
    if value is None:
        return []
    return [element for element in value if element is not None] if isinstance(value, list) else [value]


def values(resource: Mapping[str, Any], path: str) -> list[Any]:
    """The values a filter over the path sees; an empty text or list is no value (RFC 7643, 2.5)."""
    sub = path.rpartition(":")[2].partition(".")[2]
    found = elements(resource, path)
    if sub:
        found = [member(element, sub) for element in found if isinstance(element, Mapping)]
    return [value for value in found if value is not None and value not in ("", [], {})]
