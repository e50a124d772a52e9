"""A failed assertion in words: per broken clause what was expected and observed, and the requests it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from conformance.clauses import Catalogue
from conformance.connector.model import Evidence
from conformance.model import CheckResult, Exchange

SHOWN = 6  # requests of a finding
SIMILAR = 3
LONG = 200  # characters of a body
LIKE_ENOUGH = 0.3


def complaint(broken: Sequence[CheckResult], evidence: Evidence, catalogue: Catalogue) -> str:
    """The whole message, "" where nothing is broken."""
    if not broken:
        return ""
    counted = "1 finding" if len(broken) == 1 else f"{len(broken)} findings"
    sent = [each.exchange for each in evidence.sent()]
    parts = [f"The connector is not conformant: {counted} in {len(sent)} requests."]
    for result in broken:
        parts += ["", *_lines(result, sent, catalogue)]
    return "\n".join(parts)


def _lines(result: CheckResult, sent: Sequence[Exchange], catalogue: Catalogue) -> Iterator[str]:
    yield f"{result.verdict} {result.check}: {result.title}"
    clause = catalogue.clauses.get(result.clause)
    says = f" ({clause.origin}; {clause.level.value}): {clause.says}" if clause else ""
    yield f"  clause    {result.clause}{says}"
    if result.expected:
        yield f"  expected  {result.expected}"
    yield f"  observed  {result.observed}"
    yield from _requests("request   ", result.exchanges[-SHOWN:])
    yield from _requests("similar   ", similar(result, sent))


def _requests(name: str, exchanges: Sequence[Exchange]) -> Iterator[str]:
    for exchange in exchanges:
        yield f"  {name}{line(exchange)} -> {exchange.status or 'no answer'}"
        if exchange.request_body:
            body = exchange.request_body.decode("utf-8", "replace")
            yield f"            {body if len(body) <= LONG else body[:LONG] + ' …'}"


def line(exchange: Exchange) -> str:
    """Method and URL without the host."""
    parts = urlsplit(exchange.url)
    return f"{exchange.method} {parts.path}{f'?{parts.query}' if parts.query else ''}"


def similar(result: CheckResult, sent: Sequence[Exchange]) -> list[Exchange]:
    """The other requests that are most like the last one of the finding, or like what was expected."""
    wanted = line(result.exchanges[-1]) if result.exchanges else result.expected
    others: dict[str, Exchange] = {line(each): each for each in sent if each not in result.exchanges}
    likeness = {text: SequenceMatcher(None, wanted, text).ratio() for text in others}
    best = sorted((text for text in others if likeness[text] >= LIKE_ENOUGH), key=lambda text: -likeness[text])
    return [others[text] for text in best[:SIMILAR]]
