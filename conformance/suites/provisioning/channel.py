"""The way from a provisioning job to the target: the run's own client, a storm on it, an event in mid-cycle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from conformance.client import UNSET, ScimClient
from conformance.entra.wire.channel import MEDIA_TYPE
from conformance.entra.wire.model import Answer, Channel, Request
from conformance.errors import Unusable
from conformance.population import Resources

CONTENT_TYPE: Final = f"{MEDIA_TYPE}; charset=utf-8"


@dataclass(slots=True)
class ScimChannel:
    """Sends what the job sends through a client of the run, so that it is recorded, limited and redacted.

    `client` may be replaced between requests (another credential). What is created is deleted by `made`.
    """

    client: ScimClient
    made: tuple[Resources, ...] = ()

    def send(self, request: Request) -> Answer:
        """The answer; raises Dropped, Unreachable or Unusable, as every request of a check does."""
        path = f"{request.path}?{request.query}" if request.query else request.path
        body, fields = (UNSET, {}) if request.body is None else (request.body, {"Content-Type": CONTENT_TYPE})
        found = self.client.request(request.method, path, json=body, headers=fields)
        for resources in self.made:
            resources.adopt(found)
        try:
            told: Any = found.json if found.body else None
        except Unusable:
            told = None
        document = told if isinstance(told, dict) else None
        return Answer(found.status, dict(found.headers), found.body, document, found.exchange.elapsed_ms)


@dataclass(slots=True)
class Storm:
    """A channel that fails for a while: some requests never arrive, some are done and their answer is lost.

    kinds: what becomes of the next requests in turn, "lost", "done" or "fine"; after them the storm is over.
    """

    channel: Channel
    status: int
    kinds: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, channel: Channel, status: int, random: Random) -> Storm:
        """A storm in an order of its own; a server that throttles does nothing of what it refuses."""
        kinds = ["lost"] * 8 if status == 429 else ["lost"] * 4 + ["done"] * 4
        kinds += ["fine"] * 4
        random.shuffle(kinds)
        return cls(channel, status, kinds)

    def send(self, request: Request) -> Answer:
        """The answer of the target, or of the storm."""
        kind = self.kinds.pop() if self.kinds else "fine"
        if kind == "fine":
            return self.channel.send(request)
        if kind == "done":
            self.channel.send(request)
        return Answer(self.status, {"Retry-After": "1"} if self.status == 429 else {})


@dataclass(slots=True)
class Halfway:
    """A channel on which something happens once, right after so many writes."""

    channel: Channel
    writes: int
    event: Callable[[], object]

    def send(self, request: Request) -> Answer:
        """The answer of the target."""
        answer = self.channel.send(request)
        if request.method != "GET":
            self.writes -= 1
            if self.writes == 0:
                self.event()
        return answer
