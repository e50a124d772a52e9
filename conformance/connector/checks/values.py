"""The values a connector writes: their JSON types, the parts of lists, references, what stands in an extension."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from conformance.connector.attributes import EXTENSION_NAMES, attribute
from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Evidence
from conformance.connector.traffic import Change, Write, changes, member_names, operations, text_of, writes
from conformance.described import member
from conformance.rfc_schema import ENTERPRISE_USER

TYPES, PRIMARY, SENSE, EXTENSION = "7643-2.3.2-C01", "7643-2.4-C01", "7643-2.4-C02", "7643-3.3-C01"
REFERENCE, COUNTRY, CERTIFICATE = "7643-2.3.7-C01", "7643-4.1.2-C02", "7643-4.1.2-C03"
NEEDED = "7643-9.3-C01"
_URI = re.compile(r"[^\s<>\"{}|\\^`]+")
_PARTS = {"type": str, "display": str, "primary": bool, "$ref": str}
_SEQUENCE = 0x30  # a DER certificate begins with this tag
_SOURCE = {
    "schemas",
    "id",
    "externalid",
    "username",
    "displayname",
    "emails",
    "title",
    "phonenumbers",
    "roles",
    "active",
}
_SOURCE |= {"members", "meta", "groups", "name.givenname", "name.familyname", "name.formatted"}


def _writes(evidence: Evidence) -> Iterator[Write]:
    for sent in evidence.sent():
        yield from (write for write in writes(sent) if write.kind)


def _all(evidence: Evidence) -> Iterator[tuple[Write, Change]]:
    for write in _writes(evidence):
        for change in changes(write):
            yield write, change


@client_check("values", TYPES)
def sends_values_of_the_right_type(evidence: Evidence) -> Iterator[Finding]:
    """Values have the JSON type of their attribute: a boolean is no text."""
    for write, change in _all(evidence):
        found = attribute(write.kind, change.path)
        if found is None or change.path == "roles" or change.value is None or change.op == "remove":
            continue
        if found.type == "complex" and not found.is_list and write.method == "PATCH":
            continue
        for value in change.value if isinstance(change.value, list) else [change.value]:
            told = f"{change.path}: {value!r}"
            yield Finding(TYPES, found.fits(value), f"{found.type}", told, (write.sent,))


@client_check("values", PRIMARY, SENSE)
def uses_the_parts_of_lists(evidence: Evidence) -> Iterator[Finding]:
    """Of a list one element at most is primary, and its parts hold what they are defined for."""
    for write, change in _all(evidence):
        elements = [each for each in (change.value if isinstance(change.value, list) else []) if isinstance(each, dict)]
        if not elements:
            continue
        primary = [each for each in elements if member(each, "primary") is True]
        told = f"{len(primary)} primary values of {change.path}"
        yield Finding(PRIMARY, len(primary) <= 1, "one primary value at most", told, (write.sent,))
        odd = [f"{name}: {member(each, name)!r}" for each in elements for name in _PARTS if not _fits(each, name)]
        yield Finding(
            SENSE, not odd, "type, display, $ref texts, primary a boolean", f"{odd or elements}", (write.sent,)
        )


def _fits(element: dict[str, Any], name: str) -> bool:
    value = member(element, name)
    return value is None or isinstance(value, _PARTS[name])


@client_check("values", EXTENSION)
def keeps_extensions_in_their_object(evidence: Evidence) -> Iterator[Finding]:
    """Attributes of an extension stand in the object that its URN names."""
    for write in _writes(evidence):
        bodies = [write.data] if write.method in {"POST", "PUT"} else _pathless(write)
        for name, value in (pair for body in bodies for pair in member_names(body)):
            flat = name.lower() in EXTENSION_NAMES and write.kind == "User"
            inner = name.lower().startswith(f"{ENTERPRISE_USER}:".lower())
            dotted = inner or (name.lower().startswith("urn:") and not isinstance(value, dict) and value is not None)
            if flat or name.lower().startswith("urn:"):
                told = f"{name}: {value!r}"
                held = not flat and not dotted
                lost = not held and write.method != "PATCH"  # servers know flat keys from Entra's PATCH, nowhere else
                yield Finding(EXTENSION, held, "an object under the URN", told, (write.sent,), harm=lost)


def _pathless(write: Write) -> list[Any]:
    return [member(each, "value") for each in operations(write.data) if not text_of(each, "path")]


@client_check("values", REFERENCE)
def refers_by_uris(evidence: Evidence) -> Iterator[Finding]:
    """References are URIs, absolute or relative."""
    for write, change in _all(evidence):
        for name, value in _references(change):
            if value is not None:
                held = isinstance(value, str) and _URI.fullmatch(value) is not None
                yield Finding(REFERENCE, held, "a URI", f"{change.path} {name}: {value!r}", (write.sent,))


def _references(change: Change) -> Iterator[tuple[str, Any]]:
    if change.path == "profileurl" and change.value != "":
        yield "", change.value
    for each in change.value if isinstance(change.value, list) else [change.value]:
        if isinstance(each, dict) and "$ref" in each:
            yield "$ref", each["$ref"]
        if change.path == "photos" and isinstance(each, dict):
            yield "value", member(each, "value")


@client_check("values", COUNTRY, CERTIFICATE)
def codes_what_has_a_code(evidence: Evidence) -> Iterator[Finding]:
    """Countries are two letters of ISO 3166-1, certificates one in DER each, in base64."""
    for write, change in _all(evidence):
        for each in change.value if isinstance(change.value, list) else [change.value]:
            country, value = member(each, "country"), member(each, "value")
            if change.path == "addresses" and country:
                held = isinstance(country, str) and re.fullmatch("[A-Z]{2}", country) is not None
                yield Finding(COUNTRY, held, "a code such as DE", f"country: {country!r}", (write.sent,))
            if change.path == "x509certificates" and value:
                yield Finding(
                    CERTIFICATE, _certificate(value), "base64 of one DER certificate", f"{value}", (write.sent,)
                )


def _certificate(value: object) -> bool:
    try:
        return base64.b64decode(str(value), validate=True)[:1] == bytes([_SEQUENCE])
    except (binascii.Error, ValueError):
        return False


@client_check("values", NEEDED)
def sends_what_the_source_holds(evidence: Evidence) -> Iterator[Finding]:
    """Of people nothing is sent that the source does not hold."""
    for write, change in _all(evidence):
        if write.kind == "User" and change.op != "remove" and change.value not in (None, "", []):
            name = change.path.partition("[")[0]
            held = name in _SOURCE or name.startswith(("urn:", "roles", "emails", "phonenumbers", "name"))
            yield Finding(NEEDED, held, "attributes of the source", f"{change.path}: {change.value!r}", (write.sent,))
