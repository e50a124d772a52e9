"""The state of a resource: what is compared before and after a request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from conformance.client import Answer
from conformance.population import Document, Users


def canonical(value: Any) -> Any:
    """The JSON value with its lists in one order, whatever order they came in (AMB-60)."""
    if isinstance(value, Mapping):
        return {name: canonical(item) for name, item in value.items()}
    if isinstance(value, list):
        return sorted(map(canonical, value), key=lambda item: json.dumps(item, sort_keys=True))
    return value


def state(resource: Mapping[str, Any]) -> Any:
    """The resource without `meta`, its lists in one order."""
    return canonical({name: value for name, value in resource.items() if name != "meta"})


def carries(found: Any, sent: Any) -> bool:
    """Whether what was sent is there: texts verbatim, lists with no more and no fewer elements, in any order."""
    if isinstance(sent, Mapping):
        return isinstance(found, Mapping) and all(carries(found.get(name), value) for name, value in sent.items())
    if isinstance(sent, list):
        return isinstance(found, list) and len(found) == len(sent) and _paired(found, sent)
    return bool(found == sent)


def _paired(found: list[Any], sent: list[Any]) -> bool:
    left = list(found)
    for item in sent:
        match = next((at for at, other in enumerate(left) if carries(other, item)), None)
        if match is None:
            return False
        del left[match]
    return True


def folded(value: Any) -> Any:
    """The JSON value with its texts trimmed and without case, as a provider may normalise them (AMB-69)."""
    if isinstance(value, Mapping):
        return {name: folded(item) for name, item in value.items()}
    if isinstance(value, list):
        return [folded(item) for item in value]
    return value.strip().casefold() if isinstance(value, str) else value


def blank(value: Any) -> bool:
    """Whether an attribute has no value: absent, null or an empty list (RFC 7643 section 2.5)."""
    return value is None or value in ([], {})


def instant(stamp: object) -> datetime | None:
    """The instant of a DateTime with a zone, None for anything else."""
    try:
        found = datetime.fromisoformat(str(stamp))
    except ValueError:
        return None
    return found if found.tzinfo else None


def meta(resource: Mapping[str, Any], name: str) -> Any:
    """A sub-attribute of meta, None where it is missing."""
    found = resource.get("meta")
    return found.get(name) if isinstance(found, Mapping) else None


def whole(users: Users, made: Mapping[str, Any], **attributes: Any) -> Document:
    """A body to replace the user with: userName and e-mail address stay, `attributes` are set."""
    address = made["userName"]
    usual = {"userName": address, "emails": [{"value": address, "type": "work", "primary": True}]}
    return users.body(**{**usual, **attributes})


def resulting(users: Users, made: Mapping[str, Any], answer: Answer) -> Document:
    """The user after a write: as the answer shows it, or read again where it has no body."""
    return answer.resource if answer.ok and answer.body else users.read(made)
