"""Values for any attribute that a target describes: several different ones, each valid where the RFCs know the name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from conformance.described import Described
from conformance.run import Run
from conformance.strategies.formats import CERTIFICATE

_BY_TYPE: Final[Mapping[str, tuple[Any, ...]]] = {
    "boolean": (True, False),
    "integer": (7, 11),
    "decimal": (1.5, 2.25),
    "dateTime": ("2024-01-31T10:00:00Z", "2025-02-28T23:30:00.25+02:00"),
    "binary": ("c2FtcGxl", "AAECAwQF"),
    "reference": ("https://example.com/sample", "https://example.com/other"),
}
_BY_NAME: Final[Mapping[str, tuple[Any, ...]]] = {
    "active": (True, True),
    "addresses.country": ("US", "DE"),
    "locale": ("en-US", "de-DE"),
    "phonenumbers.value": ("tel:+1-201-555-0123", "tel:+1-201-555-0124"),
    "preferredlanguage": ("en", "de"),
    "x509certificates.value": (CERTIFICATE, CERTIFICATE),
    "timezone": ("Europe/Berlin", "America/Los_Angeles"),
}
"""Attributes of RFC 7643 sections 4.1 to 4.3 whose text has a form; names in lower case."""
_UNKEPT: Final = frozenset({"roles", "entitlements"})  # what a role is called a server knows, so nothing is added to it


def _different(ones: list[Any], each: Described) -> list[Any]:
    """The values without a second one that has the `value` of the first, and with one primary at most."""
    values = [one.get("value") if isinstance(one, dict) else one for one in ones]
    if len(ones) > 1 and (values[0] == values[1] or each.name.lower() in _UNKEPT):
        return ones[:1]
    for one in ones[1:]:
        if isinstance(one, dict) and "primary" in one:
            one["primary"] = False
    return ones


@dataclass(frozen=True, slots=True)
class Variety:
    """Makes values; those that refer to a resource refer to the user with the id `user`."""

    run: Run
    user: str

    def value(self, each: Described, variant: int = 0) -> Any:
        """A value of an attribute, None where none can be made up; `variant` 0 and 1 differ where they can."""
        if each.says("multiValued") is not True:
            return self._one(each, variant)
        ones = [self._one(each, number) for number in ((1,) if variant else (0, 1))]
        return _different([one for one in ones if one is not None], each) or None

    def _one(self, each: Described, variant: int) -> Any:
        return self._object(each, variant) if each.type == "complex" else self._simple(each, variant)

    def _object(self, each: Described, variant: int) -> dict[str, Any] | None:
        subs = {sub.name: sub for sub in each.subs if sub.writable}
        if "$ref" in subs and "value" in subs:
            return self._link(subs)
        if each.name.lower() in _UNKEPT and "value" in subs:
            subs = {"value": subs["value"]}
        parts = {name: self._part(sub, variant) for name, sub in subs.items()}
        return {name: part for name, part in parts.items() if part is not None} or None

    def _link(self, subs: Mapping[str, Described]) -> dict[str, Any] | None:
        kinds = subs["$ref"].says("referenceTypes") or ["User"]
        if "User" not in kinds:
            return None
        return {"value": self.user, **({"type": "User"} if "type" in subs else {})}

    def _part(self, sub: Described, variant: int) -> Any:
        if sub.name == "primary":
            return True
        return self.value(sub, variant)

    def _simple(self, each: Described, variant: int) -> Any:
        canonical = each.says("canonicalValues")
        if isinstance(canonical, list) and canonical:
            return canonical[-1 - variant % len(canonical)]
        known = _BY_NAME.get(each.dotted.lower()) if not each.extension else None
        if known is not None:
            return known[variant]
        if each.dotted.lower() in {"username", "emails.value"} and not each.extension:
            return self.run.email("Mx")
        if each.type in _BY_TYPE:
            return _BY_TYPE[each.type][variant]
        return self.run.name("MiXed")  # of its own, so that nothing clashes where uniqueness goes unsaid
