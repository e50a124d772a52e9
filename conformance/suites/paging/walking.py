"""Walking through a list by cursor, as a client does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conformance.client import Answer
from conformance.errors import Unusable
from conformance.strategies.lists import ids
from conformance.strategies.population import Population
from conformance.suites.listing.envelope import envelope, fenced

MOST_PAGES = 10

Ask = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Walk:
    """The pages of one walk, in order; one that is no 200 is the last."""

    pages: tuple[Answer, ...]

    @property
    def ids(self) -> list[str]:
        """The ids of the entries on all pages."""
        return [id_ for page in self.pages for id_ in on(page)]

    @property
    def ended(self) -> bool:
        """Whether the last page says that none follows."""
        return self.pages[-1].status == 200 and following(self.pages[-1]) is None

    @property
    def cursors(self) -> list[str]:
        """Every cursor that was shown."""
        shown = [envelope(page).get(name) for page in self.pages for name in ("nextCursor", "previousCursor")]
        return [str(cursor) for cursor in shown if cursor is not None]


def on(page: Answer) -> list[str]:
    """The ids of the entries on a page, which needs no totalResults here; none where it is no 200."""
    found = envelope(page).get("Resources") or []
    return ids([entry for entry in found if isinstance(entry, dict)]) if isinstance(found, list) else []


def following(page: Answer) -> str | None:
    """The cursor of the next page."""
    found = envelope(page).get("nextCursor")
    return found if isinstance(found, str) and found else None


def walked(ask: Ask, first: Answer | None = None) -> Walk:
    """The walk from the first page, which is asked for with an empty cursor, to the last one or the tenth."""
    pages = [first or ask("")]
    while len(pages) < MOST_PAGES and (cursor := following(pages[-1])) is not None:
        pages.append(ask(cursor))
    return Walk(tuple(pages))


def asker(population: Population, **params: Any) -> Ask:
    """What asks for a page of the population by cursor."""
    return lambda cursor: fenced(population, cursor=cursor, **params)


def second(first: Answer) -> str:
    """The cursor of the second page; raises Unusable (set-up) where the first one gives none."""
    if (cursor := following(first)) is None:
        raise Unusable(f"{first} gives no nextCursor: {first.body[:160]!r}", first.exchange, setup=True)
    return cursor


def quarter(population: Population) -> int:
    """A count that cuts the population into four pages, the last of them not full where that is possible."""
    return len(population.users) // 4 + 1
