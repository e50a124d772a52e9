"""In which form a connector sends the role of a user."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Evidence
from conformance.connector.readings import encoded, role_of, roles
from conformance.connector.traffic import Write, changes, writes

FORM, ONCE, UNCHANGED = "CON-ROLE-01", "CON-ROLE-02", "CON-ROLE-03"
_BESIDE = frozenset({"id", "type", "primary"})  # what may stand beside the name of a role
_EXPECTED = '{"displayName": "<role>"}, or a list with one such element'


def _sent(evidence: Evidence) -> Iterator[tuple[Write, str, Any]]:
    """Every value of a role that is written, with the path it is written to."""
    for sent in evidence.sent():
        for write in writes(sent):
            for change in changes(write) if write.kind == "User" else ():
                if change.path.startswith("roles") and change.op != "remove" and not _empty(change.value):
                    yield write, change.path, change.value


def _empty(value: Any) -> bool:
    """Whether the value clears the role: nothing, or elements with nothing in them."""
    if isinstance(value, list):
        return all(_empty(each) for each in value)
    if isinstance(value, dict):
        return all(held in (None, "") for name, held in value.items() if name.lower() not in _BESIDE)
    return value in (None, "")


@client_check("roles", FORM, ONCE)
def sends_roles_in_the_documented_form(evidence: Evidence) -> Iterator[Finding]:
    """A role is sent as an object with its displayName, encoded once."""
    for write, path, value in _sent(evidence):
        told = f"{path}: {value!r}"
        yield Finding(FORM, _understood(path, value), _EXPECTED, told, (write.sent,))
        yield Finding(ONCE, not _doubly(value), "JSON encoded once", told, (write.sent,))


def _understood(path: str, value: Any) -> bool:
    """Whether the value names one role: by a key of an element, or as a plain name at the path of such a key."""
    named = roles(value)
    by_key = path.endswith((".value", ".display", ".displayname"))
    if isinstance(value, str) and not by_key:
        return isinstance(encoded(value), dict | list) and len(named) == 1
    elements = value if isinstance(value, list) else []
    return len(named) == 1 and all(isinstance(each, dict) for each in elements)


def _doubly(value: Any) -> bool:
    """Whether a text in the value has to be decoded twice before it names a role."""
    if isinstance(value, list):
        return any(_doubly(each) for each in value)
    if isinstance(value, dict):
        return any(_doubly(each) for each in value.values())
    inner = encoded(value) if isinstance(value, str) else None
    if isinstance(inner, str):
        return True
    held = inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else ()
    return any(isinstance(each, str) and encoded(each) is not None for each in held)


@client_check("roles", UNCHANGED)
def sends_no_role_that_is_held(evidence: Evidence) -> Iterator[Finding]:
    """A role that the user holds already is not sent again by PATCH."""
    for played in evidence.played:
        written: set[str] = set()
        for write, path, value in _sent(evidence):
            user = played.before.users.get(write.id)
            if write.sent.step != played.number or write.method != "PATCH" or user is None or write.id in written:
                continue
            written.add(write.id)
            held = role_of(user) not in roles(value)
            yield Finding(UNCHANGED, held, f"another role than {role_of(user)!r}", f"{path}: {value!r}", (write.sent,))
