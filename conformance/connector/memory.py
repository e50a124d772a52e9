"""What a connector has been told in one step so far: whom it looked for, and what it was answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from conformance.connector.model import Sent
from conformance.connector.traffic import (
    MATCHED_BY,
    Json,
    Write,
    kind,
    listing,
    lists,
    parameter,
    plain,
    terms,
    text_of,
    writes,
)

_FINDING = frozenset({"eq", "sw", "co"})
_UNKNOWN: tuple[Json, ...] = ({},)  # a list too long to be kept: there are hits, nobody can say which


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for one value: `hits` is None where no list came back."""

    sent: Sent
    path: str
    value: str
    hits: tuple[Json, ...] | None

    def having(self) -> dict[str, Json]:
        """The hits that hold the value, by id; those without an id under ""."""
        return {text_of(hit, "id"): hit for hit in self.hits or () if _holds(hit, self.path, self.value)}


def _holds(hit: Json, path: str, value: str) -> bool:
    name, _, sub = path.partition(".")
    if sub:
        return value.lower() in str(hit).lower()
    return text_of(hit, name).lower() == value.lower()


@dataclass(slots=True)
class _Roll:
    """A list of everything of one kind, as far as it was read."""

    last: Sent
    total: int
    seen: dict[str, Json] = field(default_factory=dict)
    unread: bool = False


@dataclass(slots=True)
class Memory:
    """The questions of one step, and the lists of everything."""

    asked: dict[tuple[str, str, str], Asked] = field(default_factory=dict)
    rolls: dict[str, _Roll] = field(default_factory=dict)

    def hear(self, sent: Sent) -> tuple[Asked, ...]:
        """Takes in a request with its answer; the questions it asks."""
        if not lists(sent):
            return ()
        if not parameter(sent, "filter"):
            self._roll(sent)
        found = tuple(_questions(sent))
        for each in found:
            self.asked[kind(sent), each.path, each.value.lower()] = each
        return found

    def _roll(self, sent: Sent) -> None:
        told = listing(sent)
        if told is None:
            return
        roll = self.rolls.setdefault(kind(sent), _Roll(sent, told.total))
        roll.last, roll.total, roll.unread = sent, told.total, roll.unread or told.hits is None
        roll.seen.update({text_of(hit, "id"): hit for hit in told.hits or ()})

    def about(self, kind_: str, value: str) -> Asked | None:
        """The last question for a value of the matching attribute, or a list of everything read to its end."""
        path = plain(MATCHED_BY.get(kind_, ""))
        found = self.asked.get((kind_, path, value.lower()))
        roll = self.rolls.get(kind_)
        if roll is None or not (roll.unread or len(roll.seen) >= roll.total):
            return found
        if found is not None and found.sent.number > roll.last.number:
            return found
        return Asked(roll.last, path, value, tuple(roll.seen.values()))

    def otherwise(self, write: Write) -> Asked | None:
        """A question for another value of what is created: its externalId, an address, a name."""
        held = json.dumps(write.data, ensure_ascii=False).lower()
        for (kind_, _, value), asked in self.asked.items():
            if kind_ == write.kind and json.dumps(value, ensure_ascii=False) in held:
                return asked
        return None

    def partly(self, kind_: str) -> str:
        """How far a list of everything was read, "" where none was asked for."""
        roll = self.rolls.get(kind_)
        return f"{len(roll.seen)} of {roll.total} were listed" if roll else ""


def _questions(sent: Sent) -> Iterator[Asked]:
    told = listing(sent)
    hits = None if told is None else _UNKNOWN if told.hits is None else told.hits
    for term in terms(sent):
        if term.op in _FINDING and not term.negated and isinstance(term.value, str):
            yield Asked(sent, plain(term.path), term.value, hits)


def creations(sent: tuple[Sent, ...]) -> Iterator[tuple[Write, Memory]]:
    """Each creation of a step, with what the connector had been told when it was sent."""
    memory = Memory()
    for each in sent:
        for write in writes(each):
            if write.creates and write.name:
                yield write, memory
        memory.hear(each)
