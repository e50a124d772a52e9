"""References to resources of this service, which are compared by id and never stored as a URI."""

from __future__ import annotations

import re

from mock_samanage.scim.common import ID, META
from mock_samanage.scim.registry import ENDPOINTS
from mock_samanage.scim.schema import AttributeType, Resolved

_ENDPOINTS = {name: endpoint.lstrip("/") for name, endpoint in ENDPOINTS.items()}
_TAIL = re.compile(rf"(?:.*/)?({'|'.join(_ENDPOINTS.values())})/([^/?#]+)", re.DOTALL)


def identifier(uri: str, types: tuple[str, ...]) -> str | None:
    """The id of the resource a URI ends in, None if it ends in none of these types.

    The URI is absolute or relative; address and protocol version make no difference, because URIs
    that differ only there name the same resource (RFC 7643 section 2.3.7).
    """
    match = _TAIL.fullmatch(uri)
    if match is None or match[1] not in {_ENDPOINTS.get(name) for name in types}:
        return None
    return match[2]


def identified_by(resolved: Resolved) -> Resolved | None:
    """The attribute with the id that a reference attribute stands for, None for every other attribute.

    `members.$ref` stands for `members.value`, `meta.location` for `id`.
    """
    sub = resolved.sub
    if sub is None or sub.type is not AttributeType.REFERENCE:
        return None
    if resolved.attribute is META and sub.name == "location":
        return Resolved(ID)
    value = resolved.attribute.sub("value") if sub.name == "$ref" else None
    return Resolved(resolved.attribute, value, resolved.extension) if value else None
