"""Defects of lists: who does not read all of one creates what is there, or never ends."""

from __future__ import annotations

from collections.abc import Iterator

from tests.connectors.correct import USERS
from tests.connectors.defective.registry import defect
from tests.connectors.listing import ByCursor, Listing
from tests.connectors.mapping import Json


@defect(
    "many-pages",
    clauses=("7644-3.4.2.4-C02",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "matching.looks_before_it_creates",
        "paging.reads_lists_to_the_end",
        "state.groups_have_the_members_of_the_source",
        "state.people_are_as_the_source_says",
    },
)
class DropsPageTwo(Listing):
    """Only the first page is read."""

    def listed(self, path: str, filter: str = "") -> Iterator[Json]:  # noqa: ARG002 everything is read
        yield from self.ask("GET", self.address(path, count=self.size)).get("Resources") or []


@defect(
    "short-pages",
    clauses=("7644-3.4.2.4-C02",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "matching.looks_before_it_creates",
        "paging.reads_lists_to_the_end",
        "state.groups_have_the_members_of_the_source",
        "state.people_are_as_the_source_says",
    },
)
class StopsAtAShortPage(Listing):
    """A page with fewer resources than asked for is taken for the last one."""

    def listed(self, path: str, filter: str = "") -> Iterator[Json]:  # noqa: ARG002 everything is read
        start = 1
        while True:
            page = self.ask("GET", self.address(path, startIndex=start, count=self.size)).get("Resources") or []
            yield from page
            if len(page) < self.size:
                return
            start += len(page)


@defect(
    "short-pages",
    clauses=("7644-3.4.2.4-C02",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "matching.looks_before_it_creates",
        "paging.reads_lists_to_the_end",
        "state.groups_have_the_members_of_the_source",
        "state.people_are_as_the_source_says",
    },
)
class SkipsBehindAShortPage(Listing):
    """The next page begins where it would after a full one, and what a short page left out is never read."""

    def listed(self, path: str, filter: str = "") -> Iterator[Json]:  # noqa: ARG002 everything is read
        start, total = 1, 1
        while start <= total:
            page = self.ask("GET", self.address(path, startIndex=start, count=self.size))
            yield from page.get("Resources") or []
            start, total = start + self.size, page["totalResults"]


@defect(
    "many-pages",
    clauses=("7644-3.4.2.4-C02",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "matching.looks_before_it_creates",
        "paging.reads_lists_to_the_end",
        "state.groups_have_the_members_of_the_source",
        "state.people_are_as_the_source_says",
    },
)
class AsksForPageNumbers(Listing):
    """startIndex is taken for the number of a page."""

    def listed(self, path: str, filter: str = "") -> Iterator[Json]:  # noqa: ARG002 everything is read
        number, seen, total = 1, 0, 1
        while seen < total:
            page = self.ask("GET", self.address(path, startIndex=number, count=self.size))
            found = page.get("Resources") or []
            yield from found
            number, seen, total = number + 1, seen + self.size, page["totalResults"]


@defect(
    "many-pages",
    clauses=("9865-2-C02",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "paging.begins_without_a_cursor",
        "paging.follows_cursors_to_the_end",
        "state.groups_have_the_members_of_the_source",
        "state.people_are_as_the_source_says",
    },
)
class SortsLaterPages(ByCursor):
    """The pages behind the first one are asked for in an order."""

    def page(self, path: str, cursor: str) -> str:
        more = {"sortBy": "userName"} if cursor and path == USERS else {}
        return self.address(path, count=self.size, cursor=cursor, **more)


@defect(
    "many-pages",
    clauses=("9865-2-C03",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "paging.sends_cursors_it_received",
        "state.groups_have_the_members_of_the_source",
        "state.people_are_as_the_source_says",
    },
)
class MakesUpCursors(ByCursor):
    """A cursor is changed before it is sent back."""

    def page(self, path: str, cursor: str) -> str:
        return super().page(path, cursor and f"{cursor}-next")


@defect(
    "many-pages",
    clauses=("9865-4-C01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "matching.looks_before_it_creates",
        "paging.follows_cursors_to_the_end",
        "state.groups_have_the_members_of_the_source",
        "state.people_are_as_the_source_says",
    },
)
class StopsAtTheFirstCursor(ByCursor):
    """Only the first page of a list with a cursor is read."""

    def listed(self, path: str, filter: str = "") -> Iterator[Json]:  # noqa: ARG002 everything is read
        yield from self.ask("GET", self.page(path, "")).get("Resources") or []
