"""The attributes of a resource type as the target's own /Schemas describes them, and their values in its resources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.target import Capabilities

Json = Mapping[str, Any]
_DEFAULTS: Mapping[str, Any] = {
    "type": "string",
    "multiValued": False,
    "required": False,
    "caseExact": False,
    "mutability": "readWrite",
    "returned": "default",
    "uniqueness": "none",
}
"""What a characteristic is where a definition does not say (RFC 7643 section 2.2)."""
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "boolean": bool,
    "integer": int,
    "decimal": (int, float),
    "complex": dict,
}


@dataclass(frozen=True, slots=True)
class Described:
    """One attribute of a type, or a part of `parent`; `extension` is the URN that holds it, "" for the core schema."""

    kind: str
    extension: str
    members: Json
    parent: Described | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.path}"

    def says(self, characteristic: str) -> Any:
        """The value of a characteristic, the default of RFC 7643 where the definition leaves it out."""
        found = self.members.get(characteristic)
        return _DEFAULTS.get(characteristic) if found is None else found

    @property
    def name(self) -> str:
        """The name as the schema spells it."""
        return str(self.members.get("name"))

    @property
    def type(self) -> str:
        """The data type."""
        return str(self.says("type"))

    @property
    def top(self) -> Described:
        """The attribute itself, or the one this is a part of."""
        return self.parent or self

    @property
    def dotted(self) -> str:
        """The name behind that of its parent."""
        return f"{self.parent.name}.{self.name}" if self.parent else self.name

    @property
    def path(self) -> str:
        """How filters, PATCH paths and `attributes` name it."""
        return f"{self.extension}:{self.dotted}" if self.extension else self.dotted

    @property
    def is_list(self) -> bool:
        """Whether it is multi-valued, or a part of what is."""
        return self.says("multiValued") is True or (self.parent is not None and self.parent.is_list)

    @property
    def writable(self) -> bool:
        """Whether a client may set it."""
        return self.says("mutability") != "readOnly" and (self.parent is None or self.parent.writable)

    @property
    def subs(self) -> list[Described]:
        """The sub-attributes."""
        found = self.members.get("subAttributes")
        entries = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
        return [Described(self.kind, self.extension, entry, self) for entry in entries]

    def fits(self, value: Any) -> bool:
        """Whether one value has the JSON type that goes with the data type."""
        wanted = _TYPES.get(self.type, str)
        return isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))

    def held(self, resource: Json) -> Any:
        """What a resource has at the attribute itself, None where it has nothing."""
        holder = member(resource, self.extension) if self.extension else resource
        return member(holder, self.top.name)

    def values(self, resource: Json) -> list[Any]:
        """Every value a resource has for it, one for each element of a list; names in any case."""
        found = _listed(self.held(resource))
        return found if self.parent is None else [each for item in found for each in _listed(member(item, self.name))]


def member(found: Any, name: str) -> Any:
    """The member of an object with that name in any case, None where there is none."""
    if not isinstance(found, Mapping):
        return None
    if name in found:  # as nearly always: the loop below is slow
        return found[name]
    wanted = name.lower()
    return next((value for key, value in found.items() if str(key).lower() == wanted), None)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def attributes(capabilities: Capabilities, kind: str) -> list[Described]:
    """The attributes of a resource type and its extensions, without their parts; the common ones are not described."""
    core = str((capabilities.resource_type(kind) or {}).get("schema")).lower()
    found = []
    for schema in capabilities.schemas_of(kind):
        urn = str(schema.get("id"))
        listed = schema.get("attributes")
        entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
        found += [Described(kind, "" if urn.lower() == core else urn, entry) for entry in entries]
    return [each for each in found if each.name.lower() not in {"id", "externalid", "meta", "schemas"}]


def every(found: Iterable[Described]) -> Iterator[Described]:
    """The attributes, each followed by its parts."""
    for each in found:
        yield each
        yield from each.subs


def with_value(body: Json, each: Described, value: Any) -> dict[str, Any]:
    """The body with another value of an attribute, or of the same part of all its values; the given one stays."""
    if each.parent is not None:
        held = each.held(body)
        objects = [{**item, each.name: value} for item in _listed(held if held is not None else {})]
        return with_value(body, each.parent, objects if each.is_list else objects[0])
    if not each.extension:
        return {**body, each.name: value}
    inner = {**(member(body, each.extension) or {}), each.name: value}
    schemas = [urn for urn in body.get("schemas", []) if urn != each.extension]
    return {**body, "schemas": [*schemas, each.extension], each.extension: inner}


def document(schema: str, values: Iterable[tuple[Described, Any]]) -> dict[str, Any]:
    """The body of a resource with these values of attributes, and `schemas` that lists what it holds."""
    body: dict[str, Any] = {"schemas": [schema]}
    for each, value in values:
        holder = body
        if each.extension:
            if each.extension not in body:
                body["schemas"].append(each.extension)
            holder = body.setdefault(each.extension, {})
        holder[each.name] = value
    return body
