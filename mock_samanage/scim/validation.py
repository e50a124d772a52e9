"""A resource as a client sends it in POST and PUT, read into the form in which it is stored.

The stored form has the attribute names of the schemas, extension attributes under their URN, a
computed `schemas`, and neither readOnly nor never-returned attributes (a password is checked and
dropped, because the service keeps none). Choices where the RFC is open:

AMB-34  a body without `schemas` is refused, because every client sends it.
AMB-35  numbers are not turned into strings, nor strings into numbers.
AMB-36  a single value for a multi-valued attribute is read as a list of one.
AMB-37  two values with primary true are refused.
AMB-38  unknown attributes and unknown schema URNs are ignored (Microsoft Entra ID sends some).
AMB-50  strings for booleans: as the dialect says.
AMB-51  flat keys (`name.givenName`, `urn:…:User:department`) are read as paths.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_samanage.scim import values
from mock_samanage.scim.dialect import Dialect
from mock_samanage.scim.errors import InvalidFilter, InvalidPath, InvalidSyntax, InvalidValue
from mock_samanage.scim.opaque import MISSING
from mock_samanage.scim.schema import Attribute, AttributeType, Mutability, ResourceType, Returned
from mock_samanage.scim.targets import Target, extension_named, locate

__all__ = ["Dialect", "present_schemas", "refuse_missing", "unassigned_text", "validate"]

Document = dict[str, Any]
_VISIBLE = re.compile(
    r"[^\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""A character that shows something: no control, no white space, and not ignorable by default (Unicode, PropList)."""


def validate(
    resource_type: ResourceType,
    body: Mapping[str, Any],
    *,
    dialect: Dialect,
    opaque: Collection[str] = frozenset(),
) -> Document:
    """The document to store for the body of a POST or PUT.

    Values of the attributes in `opaque` are handed over as the request has them (see `opaque`);
    a link keeps the id only. Raises InvalidSyntax when `schemas` is missing or is that of another
    resource type; InvalidValue, with the attribute's path, for values of the wrong form, for
    required attributes without a value and for attributes given twice. Validating the result
    again changes nothing.
    """
    _check_schemas(resource_type, body)
    collected = _Collected(resource_type, opaque)
    collected.take(body)
    document: Document = {"schemas": []}
    for entry in collected.entries.values():
        value = entry.raw if entry.attribute.name in opaque else _stored(entry, dialect)
        if value is not None or entry.attribute.name in opaque:
            holder = document if entry.extension is None else document.setdefault(entry.extension, {})
            holder[entry.attribute.name] = value
    document["schemas"] = present_schemas(resource_type, document)
    refuse_missing(resource_type, document)
    return document


def present_schemas(resource_type: ResourceType, document: Mapping[str, Any]) -> list[str]:
    """The URIs a document's `schemas` lists: the base schema and the extensions that have values."""
    extensions = [
        extension.id
        for extension in resource_type.extensions
        if document.get(extension.id) or extension.id in resource_type.required_extensions
    ]
    return [resource_type.schema.id, *extensions]


def refuse_missing(resource_type: ResourceType, document: Mapping[str, Any]) -> None:
    """Raise InvalidValue when a required attribute of the base schema, or of an extension in use, has no value."""
    _refuse_missing(resource_type.schema.attributes, document, "")
    for extension in resource_type.extensions:
        if document.get(extension.id) or extension.id in resource_type.required_extensions:
            _refuse_missing(extension.attributes, document.get(extension.id, {}), f"{extension.id}:")


def _refuse_missing(attributes: Iterable[Attribute], values: Mapping[str, Any], head: str) -> None:
    for attribute in attributes:
        if attribute.required and attribute.mutability is not Mutability.READ_ONLY:
            value = values.get(attribute.name)
            if value is None or unassigned_text(value):
                raise InvalidValue(f"{head}{attribute.name} is required and must not be empty.")


def unassigned_text(value: object) -> bool:
    """Whether a value is a text without anything visible, which a required attribute does not accept.

    Spaces, controls and ignorable characters such as U+200B show nothing (RFC 7613 section 3).
    """
    return isinstance(value, str) and not _VISIBLE.search(value)


def _check_schemas(resource_type: ResourceType, body: Mapping[str, Any]) -> None:
    name = next((name for name in body if name.lower() == "schemas"), None)
    wanted = f'it must hold "{resource_type.schema.id}"'
    listed = None if name is None else body[name]
    if listed is None or listed == []:
        raise InvalidSyntax(f"schemas is missing; {wanted}.")
    uris = [listed] if isinstance(listed, str) else listed
    if not isinstance(uris, list) or not all(isinstance(uri, str) for uri in uris):
        raise InvalidValue(f"schemas must be a list of URIs; {wanted}.")
    if resource_type.schema.id.lower() not in [uri.lower() for uri in uris]:
        raise InvalidSyntax(f"schemas is {values.shown(uris, 200)}, so the body is no {resource_type.name}; {wanted}.")


@dataclass(slots=True)
class _Entry:
    attribute: Attribute
    extension: str | None
    key: str
    raw: object


@dataclass(slots=True)
class _Collected:
    """The raw values of a body, by the attribute they belong to."""

    resource_type: ResourceType
    opaque: Collection[str]
    entries: dict[tuple[str | None, str], _Entry] = field(default_factory=dict)

    def take(self, body: Mapping[str, Any]) -> None:
        for key, raw in body.items():
            extension = extension_named(self.resource_type, key)
            if extension is None:
                self._take_key(key, raw)
            elif isinstance(raw, dict):
                for inner, value in raw.items():
                    self._take_key(f"{extension.id}:{inner}", value)
            elif raw is not None:
                raise InvalidValue(f"{extension.id} must be an object with the attributes of the extension.")

    def _take_key(self, key: str, raw: object) -> None:
        try:
            target = locate(self.resource_type, key, self.opaque)
        except (InvalidPath, InvalidFilter):
            return  # no attribute name at all, so an unknown one
        if not isinstance(target, Target) or target.filter is not None or target.attribute.name == "schemas":
            return
        if target.attribute.mutability is Mutability.READ_ONLY:
            return
        place = (target.extension, target.attribute.name)
        entry = self.entries.setdefault(place, _Entry(target.attribute, target.extension, key, MISSING))
        entry.raw = _joined(entry, target, raw)
        entry.key = key


def _joined(entry: _Entry, target: Target, raw: object) -> object:
    """The raw value of an attribute after one more key that speaks of it."""
    if target.part is None:
        if entry.raw is MISSING or entry.raw is None or entry.raw == raw:
            return raw
        if raw is None:
            return entry.raw
    elif entry.raw is MISSING or entry.raw is None:
        return {target.part: raw}
    elif isinstance(entry.raw, dict) and target.part.lower() not in {name.lower() for name in entry.raw}:
        return {**entry.raw, target.part: raw}
    raise InvalidValue(f'{target.path} is given twice, by "{entry.key}" and by "{target.text}"; it must be given once.')


def _stored(entry: _Entry, dialect: Dialect) -> Any:
    attribute = entry.attribute
    where = f"{entry.extension}:{attribute.name}" if entry.extension else attribute.name
    value = values.read(attribute, entry.raw, where, dialect)
    if attribute.returned is Returned.NEVER:
        return None
    if attribute.type is AttributeType.COMPLEX and not value:
        return None
    return value
