"""Requests, answers and what a change of a target resource consists of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from conformance.entra.values import Value


@dataclass(frozen=True, slots=True)
class Request:
    """One request below the tenant URL; `query` is sent exactly as it is, `body` as JSON."""

    method: str
    path: str
    query: str = ""
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `json` is None for a body that is empty or no JSON object. `attempts` counts the sendings."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    json: Mapping[str, Any] | None = None
    elapsed_ms: float = 0.0
    attempts: int = 1

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300


class NoAnswer(Exception):
    """The target did not answer: refused, cut, or too slow (`timeout`)."""

    def __init__(self, request: Request, reason: str, *, timeout: bool = False) -> None:
        super().__init__(f"{request.method} {request.path}: {reason}")
        self.request, self.reason, self.timeout = request, reason, timeout


class Channel(Protocol):
    """Sends requests to the target with the application's credential; safe to share between threads."""

    def send(self, request: Request) -> Answer:
        """The answer; raises NoAnswer."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One mapped target attribute whose value differs: `old` is the target's value (None: absent), `new` the mapped."""

    target: str
    old: Value
    new: Value
