"""What a connector writes without need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conformance.connector.expected import Comparison, default_role
from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Aim, Evidence, Played
from conformance.connector.people import Past
from conformance.connector.traffic import Write, changes, sound, writes
from conformance.connector.unchanged import changes_nothing, value_at

STILL, NEEDLESS, PASSWORD, NULLS = "CON-QUIET-01", "CON-QUIET-02", "CON-QUIET-03", "CON-QUIET-04"
_FREE = frozenset({"members", "schemas", "meta"})


@client_check("quiet", STILL)
def writes_nothing_when_nothing_changed(evidence: Evidence) -> Iterator[Finding]:
    """Where the tenant is as the source says, nothing is written."""
    for played in sound(evidence):
        if played.step.before:  # whoever does not ask cannot know that somebody else did already what the source asks
            continue
        past = Past.until(evidence, played.number)
        leavers = {past.user(played.before, id_) for id_ in past.left()}
        if not _settled(evidence, played, past) or any(sent.fault for sent in played.sent):
            continue
        written = [write for sent in played.sent for write in writes(sent) if write.id not in leavers or not write.id]
        told = f"{len(written)} writes" + (f", the first {written[0].method} {written[0].sent.path}" if written else "")
        yield Finding(STILL, not written, "no write", told, tuple(write.sent for write in written), step=played.number)


def _settled(evidence: Evidence, played: Played, past: Past) -> bool:
    """Whether there is nothing to do in a step, not even something that may be done."""
    state, role = played.before, default_role(evidence.scenario)
    compared = Comparison(past, state, state, Aim.SOURCE, role, strict=True)
    there = all(past.user(state, person.id) for person in past.source.people)
    return there and bool(past.source.people) and not any(compared.differences())


@client_check("quiet", NEEDLESS)
def patches_what_differs(evidence: Evidence) -> Iterator[Finding]:
    """A PATCH changes something in the resource as it was."""
    for played in evidence.played:
        if played.step.before:
            continue
        written: set[str] = set()
        for sent in played.sent:
            for write in writes(sent):
                stored = played.before.users.get(write.id) or played.before.groups.get(write.id)
                if write.method == "PATCH" and stored is not None and write.id not in written:
                    held = not changes_nothing(write, stored)
                    told = "a change" if held else f"every value is there already: {write.data}"
                    yield Finding(NEEDLESS, held, "a value that differs", told, (sent,))
                written.add(write.id)


def _user_writes(played: Played) -> Iterator[Write]:
    for sent in played.sent:
        yield from (write for write in writes(sent) if write.kind and write.method != "DELETE")


@client_check("quiet", PASSWORD)
def sends_no_password(evidence: Evidence) -> Iterator[Finding]:
    """No password is sent for people: the source has none."""
    for played in evidence.played:
        for write in _user_writes(played):
            if write.kind == "User":
                held = not any(change.path == "password" for change in changes(write))
                told = f"{write.method} {write.sent.path}" + ("" if held else " with a password")
                yield Finding(PASSWORD, held, "no password", told, (write.sent,))


@client_check("quiet", NULLS)
def leaves_out_what_is_empty(evidence: Evidence) -> Iterator[Finding]:
    """What has no value is left out, and null is sent only to clear a value that is there."""
    for played in evidence.played:
        for write in _user_writes(played):
            stored = played.before.users.get(write.id) or played.before.groups.get(write.id)
            empty = [change.path for change in changes(write) if change.op != "remove" and _noise(change.value)]
            noise = [path for path in empty if path not in _FREE and not _held(stored, path)]
            told = f"empty: {', '.join(noise)}" if noise else f"{write.method} {write.sent.path}"
            yield Finding(NULLS, not noise, "no empty value but to clear one", told, (write.sent,))


def _noise(value: Any) -> bool:
    """Whether nothing is in a value, or in the elements of a list beside their type."""
    if isinstance(value, dict):
        return all(_noise(each) for name, each in value.items() if name.lower() not in {"type", "primary"})
    if isinstance(value, list):
        return all(_noise(each) for each in value)
    return value is None or value == ""


def _held(stored: Any, path: str) -> bool:
    return stored is not None and value_at(stored, path) not in (None, "", [], {})
