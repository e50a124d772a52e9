"""PATCH on `schemas`: what it may name, and which extensions an operation takes away."""

from __future__ import annotations

from collections.abc import Sequence

from mock_samanage.scim.errors import InvalidValue, Mutability
from mock_samanage.scim.evaluate import matching_elements
from mock_samanage.scim.opaque import MISSING, Op
from mock_samanage.scim.schema import ResourceType, Schema
from mock_samanage.scim.targets import Target


def extensions_removed(
    resource_type: ResourceType, op: Op, target: Target, raw: object, present: Sequence[str]
) -> list[Schema]:
    """The extensions whose attributes the operation removes.

    Raises Mutability when the base schema would go (RFC 7643 section 3.3), InvalidValue for URIs that
    are no schema of the type.
    """
    if op == "remove":
        gone = _gone(target, raw, present)
    else:
        wanted = [uri.lower() for uri in _named(resource_type, raw)]
        gone = [uri for uri in present if uri.lower() not in wanted] if op == "replace" else []
    if resource_type.schema.id in gone:
        raise Mutability(f"schemas must keep {resource_type.schema.id}.")
    return [extension for extension in resource_type.extensions if extension.id in gone]


def _gone(target: Target, raw: object, present: Sequence[str]) -> list[str]:
    if target.filter is not None:
        return [present[index] for index in matching_elements(target.filter, present, target.attribute)]
    if raw is MISSING or raw is None:
        return list(present)
    listed = [uri.lower() for uri in _uris(raw)]
    return [uri for uri in present if uri.lower() in listed]


def _named(resource_type: ResourceType, raw: object) -> list[str]:
    known = [resource_type.schema.id, *(extension.id for extension in resource_type.extensions)]
    uris = [] if raw is None else _uris(raw)
    for uri in uris:
        if uri.lower() not in [name.lower() for name in known]:
            raise InvalidValue(f'schemas may name {", ".join(known)}; "{uri}" is no schema of {resource_type.name}.')
    return uris


def _uris(raw: object) -> list[str]:
    listed = raw if isinstance(raw, list) else [raw]
    uris = [uri for uri in listed if isinstance(uri, str)]
    if len(uris) != len(listed):
        raise InvalidValue("schemas must be a list of URIs.")
    return uris
