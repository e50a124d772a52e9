"""Recorded changes of the source, put together to one change per object."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from conformance.entra.directory.model import Change, Kind


@dataclass(frozen=True, slots=True)
class Recorded:
    """One write; `what`: new, attributes, member+, member-, assignment, manager, presence; `detail` its subject."""

    position: int
    id: str
    kind: Kind
    what: str
    detail: Any


@dataclass(slots=True)
class _Growing:
    kind: Kind
    position: int = 0
    new: bool = False
    attributes: set[str] = field(default_factory=set)
    members: dict[str, bool] = field(default_factory=dict)
    first: dict[str, bool] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def take(self, recorded: Recorded) -> None:
        self.position = recorded.position
        self.seen.add(recorded.what)
        self.new = self.new or recorded.what == "new"
        if recorded.what == "attributes":
            self.attributes |= set(recorded.detail)
        if recorded.what in {"member+", "member-"}:
            came = recorded.what == "member+"
            self.members[recorded.detail] = came
            self.first.setdefault(recorded.detail, came)

    def net(self, *, came: bool) -> tuple[str, ...]:
        """Members whose last record goes this way, and that were not there, or not away, before the first."""
        return tuple(each for each, last in self.members.items() if last == came and self.first[each] == came)


def merged(records: Iterable[Recorded]) -> list[Change]:
    """One change per object, in the order of the latest record of each."""
    found: dict[str, _Growing] = {}
    for record in records:
        growing = found.pop(record.id, None) or _Growing(record.kind)
        growing.take(record)
        found[record.id] = growing
    return [
        Change(
            id=id,
            kind=each.kind,
            position=each.position,
            attributes=None if each.new else frozenset(each.attributes),
            members_added=each.net(came=True),
            members_removed=each.net(came=False),
            assignment="assignment" in each.seen,
            manager="manager" in each.seen,
            presence="presence" in each.seen,
        )
        for id, each in found.items()
    ]
