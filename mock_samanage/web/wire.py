"""Resources as JSON documents: references become URIs of this server at send time, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from mock_samanage.scim import registry
from mock_samanage.scim.numbers import ExactEncoder
from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.tenant.resource import Reference, Resource
from mock_samanage.tenant.versions import etag

ENDPOINTS: Final = {name: f"{endpoint}/" for name, endpoint in registry.ENDPOINTS.items()}

_encoder = ExactEncoder(check_circular=False)


def encoded(document: Mapping[str, Any]) -> bytes:
    """The document as compact JSON in UTF-8, without a byte order mark."""
    return _encoder.encode(document).encode()


def instant(moment: int) -> str:
    """Microseconds since the epoch as a dateTime in UTC with all six digits, so that it compares equal to itself."""
    seconds, micros = divmod(moment, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).isoformat()[:19] + f".{micros:06}Z"


def location(resource: Resource, base: str) -> str:
    """The URI of a resource below the base of this request."""
    return f"{base}{ENDPOINTS[resource.type]}{resource.id}"


def document(resource: Resource, base: str) -> dict[str, Any]:
    """The full representation of a resource, before projection; a group always has `members`, perhaps empty."""
    stored = resource.document
    shown: dict[str, Any] = {"schemas": stored["schemas"], "id": resource.id, **stored}
    if resource.groups:
        shown["groups"] = [_reference(group, base, kind="direct") for group in resource.groups]
    if resource.members is not None:
        shown["members"] = [_reference(member, base, kind=member.type) for member in resource.members]
    if ENTERPRISE_URN in stored and "manager" in stored[ENTERPRISE_URN]:
        shown[ENTERPRISE_URN] = _with_user(stored[ENTERPRISE_URN], "manager", base)
    elif resource.type == "Device" and "owner" in stored:
        shown = _with_user(shown, "owner", base)
    shown["meta"] = {
        "resourceType": resource.type,
        "created": instant(resource.created),
        "lastModified": instant(resource.modified),
        "location": location(resource, base),
        "version": etag(resource.version),
    }
    return shown


def _reference(other: Reference, base: str, *, kind: str) -> dict[str, Any]:
    shown = {"value": other.id, "$ref": f"{base}{ENDPOINTS[other.type]}{other.id}", "type": kind}
    if other.display is not None:
        shown["display"] = other.display
    return shown


def _with_user(attributes: Mapping[str, Any], name: str, base: str) -> dict[str, Any]:
    """The attributes with `$ref` in the one of that name, which refers to a user."""
    user = dict(attributes[name])
    if "value" in user:
        user["$ref"] = f"{base}{ENDPOINTS['User']}{user['value']}"
    return {**attributes, name: user}
