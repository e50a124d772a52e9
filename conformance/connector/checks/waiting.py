"""How a connector waits and repeats: Retry-After, pauses that grow, an end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise

from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Evidence, Played, Sent

TOLD, OTHERS, PAUSES, REFUSED, ENDS = (f"CON-WAIT-0{number}" for number in range(1, 6))
SLACK = 0.05
"""Seconds by which clocks and their reading may differ; an HTTP-date is exact to a second only."""
SHORTEST = 0.1
TRANSIENT = frozenset({408, 425, 429})
MOST_REFUSALS, MOST_FAILURES = 5, 10


def _answered(sent: Sent) -> float:
    return sent.moment + sent.exchange.elapsed_ms / 1000


def due(sent: Sent) -> float | None:
    """The moment from which Retry-After lets the next request be sent, None for none that can be read."""
    fields = {name.lower(): value.strip() for name, value in sent.exchange.response_headers.items()}
    told = fields.get("retry-after", "")
    if sent.status is None or not told:
        return None
    if told.isdecimal():
        return _answered(sent) + int(told)
    try:
        moment = parsedate_to_datetime(told)
    except (TypeError, ValueError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def same(one: Sent, other: Sent) -> bool:
    """Whether two requests are the same one, sent again."""
    return (one.method, one.exchange.url, one.exchange.request_body) == (
        other.method,
        other.exchange.url,
        other.exchange.request_body,
    )


@client_check("waiting", TOLD, OTHERS)
def waits_as_long_as_it_is_told(evidence: Evidence) -> Iterator[Finding]:
    """The next request comes no earlier than Retry-After says."""
    for played in evidence.played:
        for at, sent in enumerate(played.sent):
            until = due(sent)
            if until is None or sent.status not in {429, 503}:
                continue
            later = [each for each in played.sent[at + 1 :] if each.moment > _answered(sent)]
            expected = f"no request before {_clock(until)}"
            again = next((each for each in later if same(each, sent)), None)
            if again is not None:
                told = f"the same request at {_clock(again.moment)}"
                yield Finding(TOLD, again.moment >= until - SLACK, expected, told, (sent, again))
            early = [each for each in later if each.moment < until - SLACK]
            told = f"{len(early)} requests before that"
            yield Finding(OTHERS, not early, expected, told, (sent, *early[:1]))


def _clock(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%H:%M:%S.%f")[:-3]


def _failed(sent: Sent) -> bool:
    """Whether the request may do better when it is sent again."""
    return sent.status is None or sent.status >= 500 or sent.status in TRANSIENT


def _series(played: Played) -> Iterator[list[Sent]]:
    """Each request with its repetitions that followed an answer which was no success."""
    found: dict[tuple[str, str, bytes], list[Sent]] = {}
    for sent in played.sent:
        key = (sent.method, sent.exchange.url, sent.exchange.request_body)
        if key in found and _good(found[key][-1]):
            yield found.pop(key)
        found.setdefault(key, []).append(sent)
    yield from found.values()


def _good(sent: Sent) -> bool:
    return sent.status is not None and sent.status < 300


@client_check("waiting", PAUSES)
def pauses_before_it_repeats(evidence: Evidence) -> Iterator[Finding]:
    """A request that failed is repeated after a pause, and the pauses do not shrink."""
    for played in evidence.played:
        for series in _series(played):
            pauses = [
                after.moment - _answered(before)
                for before, after in pairwise(series)
                if _failed(before)
                and before.status is not None  # how long a client waits for an answer is its own affair
            ]
            if pauses:
                held = min(pauses) >= SHORTEST - SLACK and pauses[-1] >= pauses[0] * 0.8 - SLACK
                told = "pauses of " + ", ".join(f"{pause:.2f} s" for pause in pauses)
                yield Finding(PAUSES, held, f"pauses of {SHORTEST} s and more", told, tuple(series))


@client_check("waiting", REFUSED, ENDS)
def stops_repeating(evidence: Evidence) -> Iterator[Finding]:
    """A request that is refused or fails is not repeated for ever."""
    for played in evidence.played:
        for series in _series(played):
            refused = [sent for sent in series if sent.status and 400 <= sent.status < 500 and not _failed(sent)]
            poor = [sent for sent in series if not _good(sent)]
            if refused:
                told = f"{len(refused)} times {refused[0].method} {refused[0].path}, answered {refused[0].status}"
                held = len(refused) <= MOST_REFUSALS
                yield Finding(REFUSED, held, f"{MOST_REFUSALS} times at most", told, tuple(refused))
            if len(poor) > 1:
                told = f"{len(poor)} times {poor[0].method} {poor[0].path}"
                held = len(poor) <= MOST_FAILURES
                yield Finding(ENDS, held, f"{MOST_FAILURES} times at most", told, tuple(poor))
