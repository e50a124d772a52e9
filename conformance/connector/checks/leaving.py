"""How a connector treats those who left, and those it does not know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Evidence, Played
from conformance.connector.people import Past
from conformance.connector.readings import active
from conformance.connector.traffic import Write, changes, text_of, writes

FIRST, STRANGERS = "CON-LEAVE-01", "CON-LEAVE-02"


@client_check("leaving", FIRST)
def disables_before_it_deletes(evidence: Evidence) -> Iterator[Finding]:
    """A user is deleted only after it was disabled."""
    for played in evidence.played:
        off = {id_ for id_, user in played.before.users.items() if not active(user)}
        for write in (write for sent in played.sent for write in writes(sent) if write.kind == "User"):
            if write.method == "DELETE" and write.id in played.before.users:
                told = f"DELETE of a user that was {'disabled' if write.id in off else 'active'}"
                yield Finding(FIRST, write.id in off, "active: false before the DELETE", told, (write.sent,))
            for change in changes(write) if write.done else ():
                if change.path == "active":
                    (off.add if _false(change.value) else off.discard)(write.id)


def _false(value: Any) -> bool:
    return value is False or str(value).lower() == "false"


@client_check("leaving", STRANGERS)
def leaves_strangers_alone(evidence: Evidence) -> Iterator[Finding]:
    """Nobody is written to whom the source never named, the administrator least of all."""
    for played in evidence.played:
        strangers = Past.until(evidence, played.number).strangers(played.before)
        for write in (write for sent in played.sent for write in writes(sent) if write.id):
            if write.id in {*played.before.users, *played.before.groups}:
                told = f"{write.method} of {_name(played, write)}"
                held = write.id not in strangers
                expected = "people and groups of the source only"
                yield Finding(STRANGERS, held, expected, told, (write.sent,), harm=not held)


def _name(played: Played, write: Write) -> str:
    found = played.before.users.get(write.id) or played.before.groups.get(write.id)
    return text_of(found, "userName") or text_of(found, "displayName") or write.id
