"""One user with many attributes, and what the target made of each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from conformance.client import Answer
from conformance.judging import holds
from conformance.population import Document, Users
from conformance.suites.filtering.asking import shown
from conformance.target import Target


@dataclass(slots=True)
class Portrait:
    """A user that was created with everything in `sent`, and read back; where it was refused, each is tried alone."""

    users: Users
    sent: Document
    made: Answer
    read: Answer

    def of(self, name: str) -> tuple[Any, Answer]:
        """What the target shows for an attribute, None for nothing, and the answer that shows it."""
        if self.made.ok:
            return self.read.resource.get(name), self.read
        made = self.users.post(self.users.body(**{name: self.sent[name]}))
        if not made.ok:
            return None, made
        read = reread(self.users, made)
        return read.resource.get(name), read

    def elements(self, name: str) -> tuple[list[Document], Answer]:
        """The values the target shows for a multi-valued attribute."""
        found, answer = self.of(name)
        return objects(found), answer


def painted(users: Users, target: Target, attributes: Document) -> Portrait:
    """The portrait of a new user with those of the attributes that the target's schemas have."""
    sent = {name: value for name, value in attributes.items() if target.has(f"attribute:User.{name}")}
    made = users.post(users.body(**sent))
    return Portrait(users, sent, made, reread(users, made) if made.ok else made)


def reread(users: Users, made: Answer) -> Answer:
    """The user that an answer to a create carries, as it is now."""
    return users.client.get(users.path(made.resource))


def objects(found: object) -> list[Document]:
    """The objects in a list, none where it is no list."""
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def kept(clause_id: str, portrait: Portrait, name: str, *, absent: bool = False) -> None:
    """Judge that an attribute is shown exactly as it was sent, or, with `absent`, not at all."""
    found, answer = portrait.of(name)
    fine = found == portrait.sent[name] or (absent and found is None and answer.ok)
    holds(clause_id, fine, expected=repr(portrait.sent[name]), observed=told(found, answer), answer=answer)


def kept_or_refused(clause_id: str, users: Users, name: str, value: Any, wanted: Iterable[str] = ()) -> None:
    """Judge that a value is shown as it was sent, or refused with 400; what is accepted and shown otherwise is lost.

    Of objects only the members in `wanted` count.
    """
    made = users.post(users.body(**{name: value}))
    found = reread(users, made).resource.get(name) if made.ok else None
    same = _part(found, wanted) == _part(value, wanted)
    fine = same if made.ok else made.status == 400
    holds(clause_id, fine, expected=f"{value!r}, or 400", observed=told(found, made), answer=made, harm=made.ok)


def told(found: object, answer: Answer) -> str:
    """A value beside the status of the answer that showed it, for a report."""
    return f"{shown(answer)}: {found!r}"[:300]


def _part(value: Any, wanted: Iterable[str]) -> Any:
    names = tuple(wanted)
    return [{name: each.get(name) for name in names} for each in objects(value)] if names else value
