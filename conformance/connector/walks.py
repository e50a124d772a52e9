"""Lists that were read page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from conformance.connector.model import Played, Sent
from conformance.connector.traffic import Listing, listing, lists, parameter, text_of

_PROBE = 1  # who asks for no more than that does not read the list
_PLACE = ("startIndex", "count", "cursor")


@dataclass(slots=True)
class Walk:
    """Requests for the pages of one list, in their order, with the pages that came back."""

    sent: list[Sent] = field(default_factory=list)
    pages: list[tuple[Sent, Listing]] = field(default_factory=list)

    @property
    def cursors(self) -> bool:
        """Whether the list is read by cursors."""
        return any(parameter(sent, "cursor") is not None for sent in self.sent)

    @property
    def filtered(self) -> bool:
        """Whether it is a part of the list that was asked for."""
        return bool(self.sent) and bool(parameter(self.sent[0], "filter"))

    @property
    def probe(self) -> bool:
        """Whether one resource at most was asked for."""
        return bool(self.sent) and 0 <= number(self.sent[0], "count", _PROBE + 1) <= _PROBE

    def totals(self) -> set[int]:
        """Every number of resources that a page told."""
        return {page.total for _, page in self.pages}

    def ids(self) -> list[str]:
        """The ids of all pages, in their order."""
        return [text_of(hit, "id") for _, page in self.pages for hit in page.hits or ()]

    def reached(self) -> int:
        """The place of the last resource that was read."""
        return max((number(sent, "startIndex", 1) - 1 + page.size for sent, page in self.pages), default=0)


def number(sent: Sent, name: str, default: int) -> int:
    """A parameter that is a number, the default where it is none."""
    try:
        return int(parameter(sent, name) if parameter(sent, name) is not None else default)
    except (TypeError, ValueError):
        return default


def walks(played: Played) -> Iterator[Walk]:
    """The lists that were read in a step; a page from the beginning begins a new one."""
    found: dict[str, Walk] = {}
    for sent in played.sent:
        if not lists(sent):
            continue
        first = number(sent, "startIndex", 1) <= 1 and not parameter(sent, "cursor")
        asked = _apart_from_place(sent)
        if first and asked in found and found[asked].pages:
            yield found.pop(asked)
        walk = found.setdefault(asked, Walk())
        walk.sent.append(sent)
        page = listing(sent)
        if page is not None:
            walk.pages.append((sent, page))
    yield from found.values()


def _apart_from_place(sent: Sent) -> str:
    given = sent.query if sent.method == "GET" else sent.body if isinstance(sent.body, dict) else {}
    kept = sorted((str(name), str(value)) for name, value in given.items() if name not in _PLACE)
    return f"{sent.path} {kept}"
