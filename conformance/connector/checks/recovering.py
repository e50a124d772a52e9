"""What a connector makes of refusals and of answers that did not come."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.connector.judging import Finding, client_check
from conformance.connector.memory import creations
from conformance.connector.model import Evidence, Played, Sent
from conformance.connector.traffic import Write, text_of

ASKED_AGAIN, CONFLICT, GONE = "CON-FAIL-01", "7644-3.12-C01", "7644-3.6-C01"


@client_check("recovering", ASKED_AGAIN, CONFLICT)
def asks_before_it_creates_again(evidence: Evidence) -> Iterator[Finding]:
    """A creation that had no answer, or 409, is not sent again before somebody was looked for."""
    for played in evidence.played:
        yield from _repeated(played)


def _repeated(played: Played) -> Iterator[Finding]:
    failed: dict[tuple[str, str], Write] = {}
    for write, memory in creations(played.sent):
        key = (write.kind, write.name.lower())
        before = failed.pop(key, None)
        if before is not None:
            asked = memory.about(*key)
            held = asked is not None and asked.sent.number > before.sent.number
            told = f"{_answer(before)}, then POST again" + (" after a question" if held else "")
            yield Finding(_clause(before), held, "a question before the next POST", told, (before.sent, write.sent))
        if write.status == 409 or _unknown(write):
            failed[key] = write
    for write in failed.values():
        told = f"{_answer(write)}, no POST again"
        yield Finding(_clause(write), True, "a question before the next POST", told, (write.sent,))


def _unknown(write: Write) -> bool:
    """Whether the connector cannot know what came of the creation."""
    sent = write.sent
    return write.status is None or (write.done and not text_of(sent.answer, "id") and not sent.path.endswith("/Bulk"))


def _clause(write: Write) -> str:
    return CONFLICT if write.status == 409 else ASKED_AGAIN


def _answer(write: Write) -> str:
    return f"POST answered {write.status}" if write.status is not None else "POST without a whole answer"


@client_check("recovering", GONE)
def accepts_that_something_is_gone(evidence: Evidence) -> Iterator[Finding]:
    """A 404 to a DELETE is read as: it is gone."""
    for played in evidence.played:
        gone: dict[str, Sent] = {}
        for sent in played.sent:
            if sent.method != "DELETE":
                continue
            if sent.path in gone:
                yield Finding(GONE, False, "no second DELETE after 404", "DELETE again", (gone[sent.path], sent))
            if sent.status == 404:
                gone[sent.path] = sent
                yield Finding(GONE, True, "no second DELETE after 404", "DELETE answered 404", (sent,))
