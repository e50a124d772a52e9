"""A correct connector that asks for no one alone: it reads all users and groups, page by page, and matches here."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from tests.connectors.correct import NAMED, Connector, folded, main
from tests.connectors.mapping import Json
from tests.connectors.source import Entry
from tests.connectors.trouble import Ambiguous


class Listing(Connector):
    """Reads everything at first, and all of a type again after a write whose fate is unknown."""

    size, most = 25, 1

    def match(self, path: str, entry: Entry) -> Json | None:
        """The resource that was linked before, has the name, or the externalId."""
        held = self.everything(path, again=entry["id"] in self.asked_for[path])
        self.asked_for[path].add(entry["id"])
        if (hint := held.get(self.known[path].get(entry["id"], ""))) and self.is_same(path, entry, hint):
            return hint
        for attribute, value in ((NAMED[path], entry[NAMED[path]]), ("externalId", entry["id"])):
            hits = [each for each in held.values() if folded(each.get(attribute)) == folded(value)]
            if len(hits) > 1:
                raise Ambiguous(f"{len(hits)} of {path} with {attribute} {value}")
            if hits:
                return hits[0]
        return None

    def everything(self, path: str, *, again: bool) -> dict[str, Json]:
        """All of a type by their ids, read once unless `again`."""
        if again or path not in self.held:
            found = list(self.listed(path))
            if any("id" not in each for each in found):
                raise Ambiguous(f"one of {path} has no id")
            self.held[path] = {each["id"]: each for each in found}
        return self.held[path]

    def synchronise(self) -> None:
        """As the base, with nothing read yet."""
        self.held: dict[str, dict[str, Json]] = {}
        self.asked_for: dict[str, set[str]] = {path: set() for path in NAMED}
        super().synchronise()


class ByCursor(Listing):
    """Reads the pages by cursor (RFC 9865)."""

    def listed(self, path: str, filter: str = "") -> Iterator[Json]:  # noqa: ARG002 everything is read
        """Every resource, until no cursor is left."""
        page = self.ask("GET", self.page(path, ""))
        yield from page.get("Resources") or []
        while cursor := page.get("nextCursor"):
            page = self.ask("GET", self.page(path, cursor))
            yield from page.get("Resources") or []

    def page(self, path: str, cursor: str) -> str:
        """The URL of a page."""
        return self.address(path, count=self.size, cursor=cursor)


if __name__ == "__main__":
    sys.exit(main(os.environ, kind=Listing))
