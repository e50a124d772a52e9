"""Whether a target shows a value as it was sent, by the comparison rules of its data type (RFC 7643 section 2.3)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any

from conformance.described import Described, member
from conformance.oracle import instant

SHOWN = frozenset({"always", "default"})


def unlike(attributes: Iterable[Described], sent: Mapping[str, Any], shown: Mapping[str, Any]) -> list[str]:
    """The attributes that a plain answer shows, and does not show as they were sent."""
    return [
        f"{each}: {each.held(sent)!r} became {each.held(shown)!r}"[:300]
        for each in attributes
        if each.held(sent) is not None
        and each.says("returned") in SHOWN
        and not alike(each, each.held(sent), each.held(shown))
    ]


def alike(each: Described, sent: Any, shown: Any) -> bool:
    """Whether what is shown has everything that was sent, more values and parts aside."""
    if isinstance(sent, list):
        listed = shown if isinstance(shown, list) else []
        return all(any(_one_alike(each, one, other) for other in listed) for one in sent)
    return _one_alike(each, sent, shown)


def _one_alike(each: Described, sent: Any, shown: Any) -> bool:
    if each.type == "complex":
        return isinstance(shown, Mapping) and all(
            alike(sub, sent[sub.name], member(shown, sub.name))
            for sub in each.subs
            if sub.name in sent and sub.says("returned") in SHOWN and sub.name != "$ref"
        )
    if not each.fits(shown):
        return False
    if each.type == "string":
        return bool(sent == shown) if each.says("caseExact") else folded(sent) == folded(shown)
    if each.type == "dateTime":
        return moment(shown) is not None and bool(moment(sent) == moment(shown))
    if each.type == "binary":
        return octets(shown) is not None and octets(sent) == octets(shown)
    if each.type == "reference":
        return str(sent).rsplit("/", 1)[-1] == str(shown).rsplit("/", 1)[-1]
    return bool(sent == shown)


def folded(value: Any) -> str:
    """A text without its case."""
    return str(value).casefold()


def moment(value: Any) -> Any:
    """The instant an xsd:dateTime names, None for another text."""
    try:
        return instant(str(value))
    except ValueError:
        return None


def octets(value: Any) -> bytes | None:
    """The bytes of base64 text in either alphabet, with or without padding; None for another text."""
    text = str(value).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
