"""Schemas, attributes and resource types, with the characteristics in the words of RFC 7643.

Everything here is frozen data; `registry` reads it from the JSON documents beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from mock_samanage.scim.filter import AttrPath


class AttributeType(StrEnum):
    """The data types of RFC 7643 section 2.3."""

    STRING = "string"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATETIME = "dateTime"
    BINARY = "binary"
    REFERENCE = "reference"
    COMPLEX = "complex"


class Mutability(StrEnum):
    """Who may set an attribute, and when (RFC 7643 section 7)."""

    READ_ONLY = "readOnly"
    READ_WRITE = "readWrite"
    IMMUTABLE = "immutable"
    WRITE_ONLY = "writeOnly"


class Returned(StrEnum):
    """When an attribute is part of an answer (RFC 7643 section 7)."""

    ALWAYS = "always"
    NEVER = "never"
    DEFAULT = "default"
    REQUEST = "request"


class Uniqueness(StrEnum):
    """How far a value must be unique (RFC 7643 section 7)."""

    NONE = "none"
    SERVER = "server"
    GLOBAL = "global"


@dataclass(frozen=True)
class Attribute:
    """One attribute definition; missing characteristics have the defaults of RFC 7643 section 2.2."""

    name: str
    type: AttributeType = AttributeType.STRING
    multi_valued: bool = False
    description: str = ""
    required: bool = False
    canonical_values: tuple[str, ...] = ()
    case_exact: bool = False
    mutability: Mutability = Mutability.READ_WRITE
    returned: Returned = Returned.DEFAULT
    uniqueness: Uniqueness = Uniqueness.NONE
    reference_types: tuple[str, ...] = ()
    sub_attributes: tuple[Attribute, ...] = ()

    @cached_property
    def _subs(self) -> dict[str, Attribute]:
        return {sub.name.lower(): sub for sub in self.sub_attributes}

    @cached_property
    def is_link(self) -> bool:
        """Whether the attribute points at resources: it has `value`, and a `$ref` to a resource type."""
        reference = self._subs.get("$ref")
        return (
            reference is not None and "value" in self._subs and not {"external", "uri"} & set(reference.reference_types)
        )

    @property
    def withheld(self) -> bool:
        """Whether an answer has the attribute only when it is named, or never."""
        return self.returned in {Returned.NEVER, Returned.REQUEST}

    def sub(self, name: str) -> Attribute | None:
        """The sub-attribute of that name in any case, or None."""
        return self._subs.get(name.lower())


@dataclass(frozen=True)
class Schema:
    """A schema: URI, name, description and attributes."""

    id: str
    name: str
    description: str
    attributes: tuple[Attribute, ...]

    @cached_property
    def _attributes(self) -> dict[str, Attribute]:
        return {attribute.name.lower(): attribute for attribute in self.attributes}

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name in any case, or None."""
        return self._attributes.get(name.lower())


@dataclass(frozen=True, slots=True)
class Resolved:
    """What an attribute path means for one resource type.

    `extension` is the URI of the extension that holds the attribute, None for core and common
    attributes; `sub` is set when the path names a sub-attribute. `path` is the canonical text,
    such as `name.familyName` or `urn:…:enterprise:2.0:User:manager.value`.
    """

    attribute: Attribute
    sub: Attribute | None = None
    extension: str | None = None

    @property
    def target(self) -> Attribute:
        """The attribute the path ends at."""
        return self.sub or self.attribute

    @property
    def path(self) -> str:
        """The canonical text of the path."""
        head = f"{self.extension}:{self.attribute.name}" if self.extension else self.attribute.name
        return f"{head}.{self.sub.name}" if self.sub else head


@dataclass(frozen=True)
class ResourceType:
    """A resource type: its name, endpoint, base schema and extensions.

    `common` are `id`, `externalId`, `meta` and `schemas`, which every type has (RFC 7643 section 3.1).
    """

    id: str
    name: str
    endpoint: str
    description: str
    schema: Schema
    extensions: tuple[Schema, ...] = ()
    required_extensions: frozenset[str] = frozenset()
    common: tuple[Attribute, ...] = ()
    _cache: dict[tuple[str | None, str, str | None], Resolved | None] = field(
        default_factory=dict, compare=False, repr=False
    )

    @cached_property
    def withheld(self) -> tuple[tuple[str, ...], ...]:
        """Where a document would hold what no answer has unless it is named: returned never or request.

        Each place is the sequence of keys that leads there from the document.
        """
        return tuple(place for place, attribute in self.places if attribute.withheld)

    @cached_property
    def requested(self) -> frozenset[tuple[str, ...]]:
        """The places of what an answer has when it is named, and when the write that it answers set it."""
        return frozenset(place for place, attribute in self.places if attribute.returned is Returned.REQUEST)

    @cached_property
    def has_immutable(self) -> bool:
        """Whether an attribute other than an element's part is immutable."""
        parts = {place for place, attribute in self.places if attribute.multi_valued}
        return any(
            attribute.mutability is Mutability.IMMUTABLE and place[:-1] not in parts for place, attribute in self.places
        )

    @cached_property
    def places(self) -> tuple[tuple[tuple[str, ...], Attribute], ...]:
        """Every attribute and sub-attribute with the sequence of keys that leads to it from a document."""
        found: list[tuple[tuple[str, ...], Attribute]] = []
        owners = [((), (*self.common, *self.schema.attributes)), *(((e.id,), e.attributes) for e in self.extensions)]
        for owner, attributes in owners:
            for attribute in attributes:
                place = (*owner, attribute.name)
                found += [(place, attribute), *(((*place, sub.name), sub) for sub in attribute.sub_attributes)]
        return tuple(found)

    def resolve(self, path: AttrPath) -> Resolved | None:
        """What the path means for this type, names in any case; None if the type has no such attribute.

        An unqualified name is looked up in the common attributes and the base schema, then in the
        extensions (`manager` and `department` are sent that way by Microsoft Entra).
        """
        uri = path.uri.lower() if path.uri else None
        key = (uri, path.name.lower(), path.sub.lower() if path.sub else None)
        if key not in self._cache:
            if len(self._cache) > 4096:
                self._cache.clear()
            self._cache[key] = self._resolve(*key)
        return self._cache[key]

    def _resolve(self, uri: str | None, name: str, sub: str | None) -> Resolved | None:
        for extension, attribute in self._candidates(uri, name):
            if sub is None:
                return Resolved(attribute, None, extension)
            found = attribute.sub(sub)
            return Resolved(attribute, found, extension) if found else None
        return None

    def _candidates(self, uri: str | None, name: str) -> list[tuple[str | None, Attribute]]:
        found: list[tuple[str | None, Attribute | None]] = []
        if uri is None or uri == self.schema.id.lower():
            found += [(None, common) for common in self.common if common.name.lower() == name]
            found.append((None, self.schema.attribute(name)))
        found += [
            (extension.id, extension.attribute(name))
            for extension in self.extensions
            if uri is None or uri == extension.id.lower()
        ]
        return [(owner, attribute) for owner, attribute in found if attribute is not None]
