"""Whom a connector looks for before it creates, and what it does with the hits."""

from __future__ import annotations

import json
from collections.abc import Iterator

from conformance.connector.judging import Finding, client_check
from conformance.connector.memory import Asked, Memory, creations
from conformance.connector.model import Evidence, Sent
from conformance.connector.spelling import garbled, identity, names
from conformance.connector.traffic import MATCHED_BY, Write, kind, plain, sound, text_of, writes

BEFORE, BY, SPELLED = "CON-MATCH-01", "CON-MATCH-02", "CON-MATCH-03"
USED, COMPARED, SEVERAL, LIST = "CON-MATCH-04", "CON-MATCH-05", "CON-MATCH-06", "CON-MATCH-07"
EMPTY = "7644-3.4.2-C01"


@client_check("matching", BEFORE, BY, LIST)
def looks_before_it_creates(evidence: Evidence) -> Iterator[Finding]:
    """A person or group is looked for before it is created."""
    for played in evidence.played:
        for write, memory in creations(played.sent):
            yield from _looked(write, memory)


def _looked(write: Write, memory: Memory) -> Iterator[Finding]:
    by = MATCHED_BY[write.kind]
    expected = f"a question for {by} {write.name!r} in this run, before the POST"
    asked, other = memory.about(write.kind, write.name), memory.otherwise(write)
    if asked is None and other is None:
        told = memory.partly(write.kind)
        yield Finding(BEFORE, False, expected, f"created without a question{'; ' * bool(told)}{told}", (write.sent,))
        return
    found = asked or other
    if found is not None:
        evidence = (found.sent, write.sent)
        yield Finding(BEFORE, True, expected, f"asked for {found.path}", evidence)
        yield Finding(BY, asked is not None, expected, f"asked for {found.path} only", evidence)
        readable = found.hits is not None
        told = f"the last question was answered {_answer(found.sent)}"
        yield Finding(LIST, readable, "a list as the answer to the last question, or no POST", told, evidence)


def _answer(sent: Sent) -> str:
    if sent.status is None:
        return "not at all, or not to its end"
    return f"{sent.status}, a list" if sent.status == 200 and sent.answer is not None else f"{sent.status}, no list"


@client_check("matching", SPELLED)
def asks_for_the_value_of_the_source(evidence: Evidence) -> Iterator[Finding]:
    """The value of a filter is the source's, escaped for the filter and encoded for the URL."""
    for played in evidence.played:
        wanted = {kind_: names(evidence, played.number, kind_) for kind_ in MATCHED_BY}
        memory = Memory()
        for sent in played.sent:
            for asked in memory.hear(sent):
                if asked.path == plain(MATCHED_BY.get(kind(sent), "")):
                    yield from _spelled(asked, wanted[kind(sent)])


def _spelled(asked: Asked, wanted: frozenset[str]) -> Iterator[Finding]:
    if asked.value.lower() in {value.lower() for value in wanted}:
        yield Finding(SPELLED, True, "a value of the source", f"asked for {asked.value!r}", (asked.sent,))
    elif meant := garbled(asked.value, wanted):
        told = f"asked for {asked.value!r}: {asked.sent.exchange.url}"
        yield Finding(SPELLED, False, f"a question for {meant!r}", told, (asked.sent,))


@client_check("matching", USED, EMPTY)
def creates_nobody_who_was_found(evidence: Evidence) -> Iterator[Finding]:
    """Who was found is not created again, and who was not found is created."""
    for played in evidence.played:
        for write, memory in creations(played.sent):
            asked = memory.about(write.kind, write.name)
            if asked is None or asked.hits is None:
                continue
            held = asked.having()
            told = f"{len(held)} hits before the POST" if held else "no hit before the POST"
            evidences = (asked.sent, write.sent)
            yield Finding(USED, not held, "no POST of a resource that was found", told, evidences)
            if not asked.hits:
                yield Finding(EMPTY, True, "an empty list read as: there is none", told, evidences)
    yield from _missed(evidence)


def _missed(evidence: Evidence) -> Iterator[Finding]:
    """Active people who were looked for, were not there, and were left out without a word."""
    for played in sound(evidence):
        posted = {name.lower() for sent in played.sent for name in (write.name for write in writes(sent))}
        asked: dict[str, Asked] = {}
        memory = Memory()
        for sent in played.sent:
            asked.update({each.value.lower(): each for each in memory.hear(sent) if kind(sent) == "User"})
        for person in played.step.source.people if played.ended.status == 0 else ():
            last = asked.get(person.user_name.lower())
            if last and last.hits == () and person.active and person.user_name.lower() not in posted:
                told = f"{person.user_name!r} was not found and not created, and the run ended with status 0"
                yield Finding(EMPTY, False, "an empty list read as: there is none", told, (last.sent,))


@client_check("matching", COMPARED, SEVERAL)
def compares_what_it_finds(evidence: Evidence) -> Iterator[Finding]:
    """A hit is used only when it holds the value that was asked for and is the only one."""
    for played in evidence.played:
        memory = Memory()
        last: Asked | None = None
        for sent in played.sent:
            asked = [each for each in memory.hear(sent) if each.path == plain(MATCHED_BY.get(kind(sent), ""))]
            for each in asked:
                last = each
                yield from _occasions(each)
            if last is not None:
                marks = identity(played.step.source, kind(last.sent), last.value)
                yield from (found for write in writes(sent) for found in _misused(last, write, marks))


def _occasions(asked: Asked) -> Iterator[Finding]:
    """A question whose answer has to be looked at twice: it holds until something is made of the hits."""
    if asked.hits and not asked.having():
        yield Finding(COMPARED, True, _ONE, f"no hit holds {asked.value!r}", (asked.sent,))
    if len(asked.having()) > 1:
        yield Finding(SEVERAL, True, _NONE, f"{len(asked.having())} hits hold {asked.value!r}", (asked.sent,))


_ONE = "no write to a hit that does not hold the value asked for"
_NONE = "no write and no creation where several hits hold the value"


def _misused(asked: Asked, write: Write, marks: frozenset[str]) -> Iterator[Finding]:
    ids = {text_of(hit, "id") for hit in asked.hits or ()} - {""}
    having = asked.having()
    told = f"{write.method} {write.sent.path} after a question for {asked.value!r}"
    evidence = (asked.sent, write.sent)
    meant = any(mark in json.dumps(write.data, ensure_ascii=False) for mark in marks)
    if write.id and write.id in ids and not having and meant:
        yield Finding(COMPARED, False, _ONE, told, evidence)
    same = write.creates and write.name.lower() == asked.value.lower()
    if len(having) > 1 and (write.id in having or same):
        yield Finding(SEVERAL, False, _NONE, told, evidence)
