"""How a connector reads lists that come in pages, by index and by cursor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Evidence, Sent
from conformance.connector.traffic import lists, parameter, text_of
from conformance.connector.walks import Walk, number, walks
from conformance.described import member

TO_THE_END, INCONSISTENT = "7644-3.4.2.4-C02", "7644-3.4.2.4-C01"
FIRST, SAME, RECEIVED, LIMITS, EXPIRED = "9865-2-C01", "9865-2-C02", "9865-2-C03", "9865-4-C01", "9865-2.1-C01"
MOST = 3
"""How often one page is asked for before it is called a loop."""


@client_check("paging", TO_THE_END)
def reads_lists_to_the_end(evidence: Evidence) -> Iterator[Finding]:
    """A list is read until everything of totalResults was seen, also when pages are shorter than asked."""
    for played in evidence.played:
        for walk in walks(played):
            if not walk.pages or walk.filtered or walk.probe or walk.cursors:
                continue
            sent, page = walk.pages[-1]
            ended = page.size == 0 or not walk.sent[-1].delivered or walk.sent[-1] is not sent
            held = walk.reached() >= page.total or ended
            if len(walk.pages) > 1 or page.size < page.total:
                told = f"{walk.reached()} of {page.total} were read, in {len(walk.pages)} pages"
                yield Finding(TO_THE_END, held, f"pages up to {page.total}", told, tuple(walk.sent))


@client_check("paging", INCONSISTENT)
def copes_with_pages_that_change(evidence: Evidence) -> Iterator[Finding]:
    """Pages that repeat or lack resources do not keep a connector in a loop."""
    for played in evidence.played:
        for walk in walks(played):
            repeated = {id_ for id_, times in Counter(walk.ids()).items() if times > 1 and id_}
            if len(walk.pages) > 1 and (len(walk.totals()) > 1 or repeated):
                places = Counter((number(sent, "startIndex", 1), parameter(sent, "cursor")) for sent, _ in walk.pages)
                most = max(places.values())
                told = f"{len(walk.pages)} pages, one of them {most} times"
                yield Finding(INCONSISTENT, most <= MOST, "an end of the list", told, tuple(walk.sent))


def _by_cursor(evidence: Evidence) -> Iterator[Walk]:
    for played in evidence.played:
        yield from (walk for walk in walks(played) if walk.cursors)


@client_check("paging", FIRST, SAME)
def begins_without_a_cursor(evidence: Evidence) -> Iterator[Finding]:
    """The first page has an empty cursor or none, and the later ones the same other parameters."""
    for walk in _by_cursor(evidence):
        first = parameter(walk.sent[0], "cursor")
        told = f"cursor: {first!r}"
        strange = _foreign(evidence, walk)
        yield Finding(FIRST, not first or not strange, "no cursor, or an empty one", told, (walk.sent[0],))
        if len(walk.sent) > 1 or first:
            held = not first or strange
            told = "other parameters than the page that gave the cursor" if not held else "the same parameters"
            yield Finding(SAME, held, "the same parameters but the cursor", told, tuple(walk.sent))


def _foreign(evidence: Evidence, walk: Walk) -> bool:
    """Whether the first cursor of a walk was given by no answer at all."""
    return parameter(walk.sent[0], "cursor") not in _given(evidence, walk.sent[0])


def _given(evidence: Evidence, until: Sent) -> set[str]:
    before = [sent for sent in evidence.sent() if sent.number < until.number]
    return {text_of(sent.answer, name) for sent in before for name in ("nextCursor", "previousCursor")} - {""}


@client_check("paging", RECEIVED)
def sends_cursors_it_received(evidence: Evidence) -> Iterator[Finding]:
    """A cursor is one that an answer gave, unchanged."""
    for sent in evidence.sent():
        cursor = parameter(sent, "cursor") if lists(sent) else None
        if cursor:
            held = cursor in _given(evidence, sent)
            yield Finding(RECEIVED, held, "a nextCursor or previousCursor", f"cursor: {cursor!r}", (sent,))


@client_check("paging", LIMITS, EXPIRED)
def follows_cursors_to_the_end(evidence: Evidence) -> Iterator[Finding]:
    """Pages are asked for until there is no nextCursor, and from the first one when a cursor has expired."""
    for played in evidence.played:
        asked = [sent for sent in played.sent if lists(sent)]
        for walk in (walk for walk in walks(played) if walk.cursors and walk.pages):
            last, _ = walk.pages[-1]
            more = bool(member(last.answer, "nextCursor")) and walk.sent[-1] is last
            told = "the last page that was asked for had a nextCursor" if more else "no nextCursor was left"
            yield Finding(LIMITS, not more, "pages until there is no nextCursor", told, tuple(walk.sent))
        for sent in asked:
            if sent.status == 400 and text_of(sent.answer, "scimType") == "expiredCursor":
                later = [each for each in asked if each.number > sent.number and each.path == sent.path]
                held = bool(later) and not parameter(later[0], "cursor")
                told = f"then: {later[0].exchange.url}" if later else "then: nothing"
                yield Finding(EXPIRED, held, "the first page again", told, (sent, *later[:1]))
