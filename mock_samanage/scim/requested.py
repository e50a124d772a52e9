"""Attributes returned on request that a write sets: the answer to the write has them (RFC 7643 section 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mock_samanage.scim.errors import ScimError
from mock_samanage.scim.schema import ResourceType
from mock_samanage.scim.targets import Target, extension_named, locate

Place = tuple[str, ...]


def requested_by_write(resource_type: ResourceType, body: Mapping[str, Any]) -> frozenset[Place]:
    """Where the attributes stand that the body of a POST, PUT or PATCH names and that reads show on request only."""
    requested = resource_type.requested
    if not requested:
        return frozenset()
    named = {place for key, value in _keys(body) for place in _named(resource_type, key, value)}
    return frozenset(place for place in requested if any(place[: len(head)] == head for head in named))


def _keys(body: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    operations = next((value for key, value in body.items() if key.lower() == "operations"), None)
    if not isinstance(operations, list):
        yield from body.items()
        return
    for operation in operations:
        members = {key.lower(): value for key, value in operation.items()} if isinstance(operation, Mapping) else {}
        path, value = members.get("path"), members.get("value")
        if isinstance(path, str):
            yield path, value
        elif isinstance(value, Mapping):
            yield from value.items()


def _named(resource_type: ResourceType, key: str, value: object) -> Iterator[Place]:
    """The places a key with its value speaks of: an attribute as a whole, or the parts that an object names."""
    extension = extension_named(resource_type, key)
    if extension is not None:
        if isinstance(value, Mapping):
            for inner, item in value.items():
                yield from _named(resource_type, f"{extension.id}:{inner}", item)
        return
    try:
        target = locate(resource_type, key)
    except ScimError:
        return  # what is no name sets nothing
    if not isinstance(target, Target):
        return
    head = (target.extension,) if target.extension else ()
    place = (*head, target.attribute.name)
    if target.sub is not None:
        yield (*place, target.sub.name)
    elif not target.attribute.sub_attributes:
        yield place
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Mapping):
            subs = [target.attribute.sub(name) for name in item]
            yield from ((*place, sub.name) for sub in subs if sub is not None)
