"""Bulk messages, and the references by which one operation names what another creates.

Names of members and methods ignore case (AMB-49). An operation that breaks a rule fails by itself, as a request of
its own would; one without a method, or with members of a wrong type, makes the whole request one that cannot be
read. Source: RFC 7644 section 3.7.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mock_samanage.scim.errors import InvalidSyntax, InvalidValue, PayloadTooLarge, ScimError
from mock_samanage.scim.messages import BULK_REQUEST_URN, check_names, fold_names, kind, message, whole_number

METHODS: Final = ("POST", "PUT", "PATCH", "DELETE")
PREFIX: Final = "bulkId:"

_WITH_DATA = frozenset({"POST", "PUT", "PATCH"})
_TEXTS = ("path", "bulkId", "version")
_URI = re.compile(rf"(.*/){PREFIX}([^/?#]+)", re.DOTALL)
_QUOTED = re.compile(rf'"{PREFIX}([^"\\]+)"')


@dataclass(frozen=True, slots=True)
class BulkOperation:
    """One operation; `method` is in capitals, `wrong` says why it cannot even be tried."""

    method: str
    path: str
    bulk_id: str | None = None
    data: dict[str, Any] | None = None
    version: str | None = None
    wrong: ScimError | None = None


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """The operations in order; processing ends with that many failures, never for None."""

    operations: tuple[BulkOperation, ...]
    fail_on_errors: int | None


def read_bulk(body: Mapping[str, Any], most: int) -> BulkRequest:
    """The request in a body; PayloadTooLarge for more operations than `most`, InvalidSyntax, InvalidValue."""
    members = message(body, BULK_REQUEST_URN, ("failOnErrors", "Operations"))
    listed = members.get("Operations")
    if not isinstance(listed, list):
        raise InvalidSyntax(f'"Operations" is an array of operations, not {kind(listed)}.')
    if len(listed) > most:
        raise PayloadTooLarge(f"The request has {len(listed)} operations; maxOperations is {most}.")
    limit = whole_number(members.get("failOnErrors"))
    if members.get("failOnErrors") is not None and (limit is None or limit < 1):
        raise InvalidValue("failOnErrors is a number of errors, 1 or more; leave it out to carry on after all of them.")
    taken: set[str] = set()
    return BulkRequest(tuple([_operation(entry, at, taken) for at, entry in enumerate(listed, 1)]), limit)


def _operation(entry: Any, at: int, taken: set[str]) -> BulkOperation:
    if not isinstance(entry, dict):
        raise InvalidSyntax(f"Operation {at} is a JSON {kind(entry)}; it must be an object.")
    found = fold_names(entry, ("method", "data", *_TEXTS), f"operation {at}")
    method = found.get("method")
    if not isinstance(method, str) or not method:
        raise InvalidSyntax(f'Operation {at} has no "method"; it is one of {", ".join(METHODS)}.')
    path, bulk_id, version = (_member(found, name, str, at) for name in _TEXTS)
    data = _member(found, "data", dict, at)
    wrong = _fault(method.upper(), found, taken)
    if method.upper() == "POST" and bulk_id:
        taken.add(bulk_id)
    return BulkOperation(
        method.upper(), path or "", bulk_id, data if method.upper() in _WITH_DATA else None, version, wrong
    )


def _member(found: Mapping[str, Any], name: str, wanted: type, at: int) -> Any:
    value = found.get(name)
    if value is None or isinstance(value, wanted):
        return value
    right = "an object" if wanted is dict else "a string"
    raise InvalidSyntax(f'"{name}" of operation {at} is a JSON {kind(value)}; it must be {right}.')


def _fault(method: str, found: Mapping[str, Any], taken: Collection[str]) -> ScimError | None:
    """What makes an operation one that cannot be tried."""
    if method not in METHODS:
        return InvalidSyntax(f'"method" is one of {", ".join(METHODS)}, not {method[:40]!r}.')
    if not found.get("path"):
        return InvalidSyntax('The operation has no "path"; it is that of the request, such as /Users or /Users/2.')
    if method == "POST" and not found.get("bulkId"):
        return InvalidSyntax('A POST has a "bulkId", by which the answer and other operations name the new resource.')
    if method == "POST" and found["bulkId"] in taken:
        return InvalidValue(f"The bulkId {found['bulkId'][:80]!r} is that of an operation before; it must be unique.")
    return _data_fault(found.get("data")) if method in _WITH_DATA else None


def _data_fault(data: Mapping[str, Any] | None) -> ScimError | None:
    if data is None:
        return InvalidSyntax('The operation has no "data"; it is the body of the request, a JSON object.')
    try:
        check_names(data)
    except InvalidValue as wrong:
        return wrong
    return None


def resolved(value: Any, find: Callable[[str], str], member: str = "") -> Any:
    """The value with each reference replaced by what `find` gives for its bulkId.

    A reference is a whole string `bulkId:x`, the end of a `$ref`, or an operand in the `path` of a PATCH.
    """
    if isinstance(value, str):
        return _resolved_text(value, find, member)
    if isinstance(value, list):
        return [resolved(item, find, member) for item in value]
    if isinstance(value, dict):
        return {name: resolved(item, find, name.lower()) for name, item in value.items()}
    return value


def _resolved_text(text: str, find: Callable[[str], str], member: str) -> str:
    if PREFIX not in text:
        return text
    if text.startswith(PREFIX):
        return find(text.removeprefix(PREFIX))
    if member == "$ref" and (uri := _URI.fullmatch(text)):
        return uri[1] + find(uri[2])
    return _QUOTED.sub(lambda operand: f'"{find(operand[1])}"', text) if member == "path" else text


def references(value: Any) -> frozenset[str]:
    """The bulkIds that a value refers to."""
    found: list[str] = []

    def note(name: str) -> str:
        found.append(name)
        return ""

    resolved(value, note)
    return frozenset(found)


def without(data: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """The data without the attributes and elements that refer to one of the bulkIds."""
    kept: dict[str, Any] = {}
    for member, value in data.items():
        if isinstance(value, list):
            kept[member] = [item for item in value if references(item).isdisjoint(names)]
        elif references(value).isdisjoint(names):
            kept[member] = value
        elif isinstance(value, dict):
            kept[member] = without(value, names)
    return kept
