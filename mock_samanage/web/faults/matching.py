"""Which rule plays on a request: matching, counting and drawing, the same for the same plan and requests."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote_plus

from mock_samanage.web.edge import BODY_KEY
from mock_samanage.web.faults.kinds import KINDS
from mock_samanage.web.faults.plan import Match, Rule
from mock_samanage.web.faults.replica import Replica
from mock_samanage.web.parameters import query_parameters
from mock_samanage.web.routes import is_list, route_of


@dataclass(frozen=True, slots=True)
class Ask:
    """What rules look at in a request: the path below the mount, the query as it was sent, the body."""

    method: str
    path: str
    query: str
    body: bytes

    @classmethod
    def of(cls, environ: Mapping[str, Any]) -> Ask:
        """The request of a WSGI environment whose mount has been taken off."""
        path = environ["PATH_INFO"].encode("latin-1", "replace").decode("utf-8", "replace")
        return cls(
            environ["REQUEST_METHOD"],
            path.rstrip("/") or "/",
            environ.get("QUERY_STRING", ""),
            environ.get(BODY_KEY, b""),
        )

    @property
    def lists(self) -> bool:
        """Whether the answer is a list of resources."""
        return is_list(self.method, route_of(self.path))

    @property
    def filtered(self) -> bool:
        """Whether a list is asked for with a filter."""
        if self.method == "POST":
            return self.lists and b'"filter"' in self.body
        return self.lists and bool(query_parameters(self.query).get("filter"))


def fits(match: Match, ask: Ask) -> bool:
    """Whether a request is one of those meant."""
    return (
        (not match.methods or ask.method in match.methods)
        and (not match.path or fnmatchcase(ask.path, match.path.rstrip("/") or "/"))
        and (not match.query or match.query in unquote_plus(ask.query))
        and (not match.body or match.body in ask.body.decode("utf-8", "replace"))
    )


_APPLIES: Mapping[str, Callable[[Ask], bool]] = {
    "any": lambda _ask: True,
    "read": lambda ask: ask.method == "GET",
    "list": lambda ask: ask.lists,
    "filter": lambda ask: ask.filtered,
}


@dataclass(slots=True)
class Part:
    """A rule of a plan in use: how many requests matched it, and how often it was played."""

    rule: Rule
    replica: Replica | None = None
    matched: int = 0
    played: int = 0
    draws: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.draws = random.Random(self.rule.seed)  # noqa: S311 repeatable, no secret

    def shown(self) -> dict[str, Any]:
        """The rule as it was given, with its counters."""
        return {**self.rule.document, "matched": self.matched, "played": self.played}

    def takes(self, ask: Ask) -> bool:
        """Whether the rule means the request, which is then counted."""
        if not (fits(self.rule.match, ask) and _APPLIES[KINDS[self.rule.kind].applies](ask)):
            return False
        self.matched += 1
        return True

    def due(self) -> bool:
        """Whether the rule plays on the request it just took."""
        rule = self.rule
        if self.matched <= rule.after or (rule.count and self.played >= rule.count):
            return False
        return rule.probability >= 1 or self.draws.random() < rule.probability


class Plan:
    """The rules of one account in their order; every matching request counts, the first rule that is due plays."""

    def __init__(self, rules: Iterable[Rule], replica: Callable[[], Replica]) -> None:
        self._replica = replica
        self._parts = [self._part(rule) for rule in rules]
        self._lock = threading.Lock()

    def _part(self, rule: Rule) -> Part:
        return Part(rule, self._replica() if KINDS[rule.kind].applies == "read" else None)

    def add(self, rule: Rule) -> None:
        """Adds a rule at the end."""
        part = self._part(rule)
        with self._lock:
            self._parts.append(part)

    def close(self) -> None:
        """Forgets the copies that stale reads are answered from."""
        for part in self._parts:
            if part.replica is not None:
                part.replica.close()

    def shown(self) -> list[dict[str, Any]]:
        """The rules as they were given, with their counters."""
        with self._lock:
            return [part.shown() for part in self._parts]

    def choose(self, ask: Ask, *, on_wire: bool) -> Part | None:
        """The part that plays on this request, counted as played; those of the wire only `on_wire`."""
        with self._lock:
            meant = [part for part in self._parts if (on_wire or not part.rule.wire) and part.takes(ask)]
            chosen = next((part for part in meant if part.due()), None)
            if chosen is not None:
                chosen.played += 1
            return chosen

    def give_back(self, part: Part) -> None:
        """Takes back that a part was played: it found nothing to change."""
        with self._lock:
            part.played -= 1
