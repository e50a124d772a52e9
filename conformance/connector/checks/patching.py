"""How a connector changes resources by PATCH (RFC 7644, 3.5.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conformance.connector.attributes import Attribute, attribute
from conformance.connector.filters import Ungrammatical, attribute_path, patch_path
from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Evidence, Sent
from conformance.connector.traffic import Write, changes, member_names, operations, text_of, writes
from conformance.described import member

MESSAGE, ONE, WORDS, PATHS = "7644-3.5.2-C01", "7644-3.5.2-C02", "7644-3.5.2-C03", "7644-3.5.2-C04"
REMOVE_PATH, ADD_VALUE, SET = "7644-3.5.2.2-C01", "7644-3.5.2.1-C01", "7644-3.5.2.1-C02"
READ_ONLY, BOTH, SELECTED = "7644-3.5.2-C05", "7644-3.5.2-C06", "7644-3.5.2.2-C02"
NO_TARGET, LISTS, PREFIX = "7644-3.5.2.3-C01", "7644-3.5.2.3-C02", "7644-3.1-C02"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_API = "urn:ietf:params:scim:api:messages:2.0:"
_OPS = ("add", "remove", "replace")


def _patches(evidence: Evidence) -> Iterator[Write]:
    for sent in evidence.sent():
        yield from (write for write in writes(sent) if write.method == "PATCH")


def _operations(evidence: Evidence) -> Iterator[tuple[Write, Any]]:
    for write in _patches(evidence):
        for operation in operations(write.data):
            yield write, operation


@client_check("patching", MESSAGE, ONE, PREFIX)
def sends_a_patch_message(evidence: Evidence) -> Iterator[Finding]:
    """A PATCH is a message of the PatchOp schema with one operation or more, each with an op."""
    for write in _patches(evidence):
        found = member(write.data, "schemas")
        told = f"schemas: {found}"
        yield Finding(MESSAGE, found == [PATCH_OP], PATCH_OP, told, (write.sent,))
        listed = operations(write.data)
        held = bool(listed) and all(text_of(each, "op").lower() in _OPS for each in listed)
        told = f"{len(listed)} operations: {[text_of(each, 'op') for each in listed]}"
        yield Finding(ONE, held, "operations, each with one op", told, (write.sent,))
    for sent in evidence.sent():
        yield from _prefixed(sent)


def _prefixed(sent: Sent) -> Iterator[Finding]:
    """Bodies with operations, and searches, are messages."""
    message = sent.method == "PATCH" or sent.path.endswith(("/.search", "/Bulk"))
    if message and sent.exchange.request_body:
        found = member(sent.body, "schemas")
        held = isinstance(found, list) and bool(found) and all(str(urn).startswith(_API) for urn in found)
        yield Finding(PREFIX, held, f"{_API}…", f"schemas: {found}", (sent,))


@client_check("patching", WORDS, PATHS)
def spells_operations_and_paths(evidence: Evidence) -> Iterator[Finding]:
    """Operations are add, remove and replace as printed, paths fit the grammar."""
    for write, operation in _operations(evidence):
        op, path = text_of(operation, "op"), member(operation, "path")
        yield Finding(WORDS, op in _OPS, "add, remove or replace", f"op: {op!r}", (write.sent,))
        if path is None:
            continue
        try:
            patch_path(str(path))
        except Ungrammatical as error:
            yield Finding(PATHS, False, "a path by the grammar", f"path: {path!r}: {error}", (write.sent,))
        else:
            yield Finding(PATHS, True, "a path by the grammar", f"path: {path!r}", (write.sent,))


@client_check("patching", REMOVE_PATH, ADD_VALUE, SELECTED)
def says_what_to_change(evidence: Evidence) -> Iterator[Finding]:
    """A remove has a path that selects what goes, an add a value."""
    for write, operation in _operations(evidence):
        op, path = text_of(operation, "op").lower(), text_of(operation, "path")
        told = f"{operation}"
        if op == "remove":
            yield Finding(REMOVE_PATH, bool(path), "a path", told, (write.sent,))
            held = member(operation, "value") in (None, "", [])
            yield Finding(SELECTED, held, "a path with a filter, no value", told, (write.sent,))
        if op == "add":
            yield Finding(ADD_VALUE, member(operation, "value") is not None, "a value", told, (write.sent,))


@client_check("patching", SET, LISTS)
def gives_complex_values_as_objects(evidence: Evidence) -> Iterator[Finding]:
    """The value for a complex attribute is a set of its parts, without a path a set of attributes."""
    for write, operation in _operations(evidence):
        op, path, value = text_of(operation, "op").lower(), text_of(operation, "path"), member(operation, "value")
        if op == "remove" or value is None:
            continue
        if not path:
            odd = [name for name, _ in member_names(value) if not _attribute_name(name)]
            held = isinstance(value, dict) and not odd
            clause = LISTS if op == "replace" else SET
            yield Finding(clause, held, "an object of attributes", f"{odd or value}", (write.sent,))
            continue
        found = attribute(write.kind, path)
        if found is not None and found.type == "complex" and found.path != "roles":
            clause = LISTS if op == "replace" and not found.is_list else SET
            yield Finding(clause, _parts(found, value), "an object of its parts", f"{path}: {value!r}", (write.sent,))


def _attribute_name(name: str) -> bool:
    """Whether a key is the name of an attribute or the URN of a schema, not a path."""
    return name.lower().startswith("urn:") or (attribute_path(name) and "." not in name)


def _parts(found: Attribute, value: Any) -> bool:
    listed = value if isinstance(value, list) and found.is_list else [value]
    known = {*found.parts, "$ref", "value", "type", "primary", "display"}
    return all(isinstance(each, dict) and {str(name).lower() for name in each} <= known for each in listed)


@client_check("patching", READ_ONLY)
def leaves_read_only_attributes(evidence: Evidence) -> Iterator[Finding]:
    """What is readOnly, and what is immutable and set, is not modified."""
    for write in _patches(evidence):
        for change in changes(write):
            found = attribute(write.kind, change.path)
            if found is None:
                continue
            selected = "[" in change.path and found.mutability == "immutable"
            held = found.mutability != "readOnly" and not selected
            told = f"{change.op} {change.path}, which is {found.mutability}"
            yield Finding(READ_ONLY, held, "readWrite attributes only", told, (write.sent,))


@client_check("patching", BOTH, NO_TARGET)
def reads_the_answer_to_a_patch(evidence: Evidence) -> Iterator[Finding]:
    """A PATCH that was answered 200 or 204 is done; one answered noTarget is put in another way."""
    for played in evidence.played:
        done: dict[tuple[str, bytes], Sent] = {}
        for sent in played.sent:
            if sent.method != "PATCH":
                continue
            asked = (sent.path, sent.exchange.request_body)
            before = done.get(asked)
            if before is not None and before.status in {200, 204}:
                told = f"sent again after {before.status}"
                yield Finding(BOTH, False, "200 and 204 read as done", told, (before, sent))
            if before is not None and _no_target(before):
                yield Finding(NO_TARGET, False, "another way, such as add", "sent again as it was", (before, sent))
            if sent.status in {200, 204}:
                yield Finding(BOTH, True, "200 and 204 read as done", f"answered {sent.status}", (sent,))
            if _no_target(sent):
                yield Finding(NO_TARGET, True, "another way, such as add", "not sent again as it was", (sent,))
            done[asked] = sent


def _no_target(sent: Sent) -> bool:
    return sent.status == 400 and text_of(sent.answer, "scimType") == "noTarget"
