"""What one phase of schemathesis asked and found, as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from conformance.model import Exchange

FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "server errors": ("not_a_server_error",),
    "statuses": ("status_code_conformance",),
    "media types": ("content_type_conformance",),
    "headers": ("response_headers_conformance",),
    "bodies": ("response_schema_conformance",),
    "acceptance": ("positive_data_acceptance",),
    "refusal": ("negative_data_rejection", "missing_required_header"),
    "methods": ("unsupported_method", "allow_header_conformance"),
    "authentication": ("ignored_auth",),
    "deletion": ("use_after_free",),
    "creation": ("ensure_resource_availability",),
    "links": ("links",),
}
"""What is judged -> the checks of schemathesis that judge it; `links` is the judge's own."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One answer that does not fit the document; `exchanges` lead to it, the last one is it."""

    operation: str
    told: str
    exchanges: tuple[Exchange, ...]

    @property
    def size(self) -> tuple[int, int]:
        """Requests, then bytes sent: what makes one breach a smaller example than another."""
        return len(self.exchanges), sum(len(one.url) + len(one.request_body) for one in self.exchanges)


@dataclass(slots=True)
class Survey:
    """One phase over one document.

    `planned` operations were to be asked; `answered` counts their answers, `followed` the links taken. `judged` counts,
    per family, the answers that could have broken it. `excused` counts breaches the document itself announces.
    `faults` are what schemathesis could not do.
    """

    phase: str
    planned: frozenset[str] = frozenset()
    answered: Counter[str] = field(default_factory=Counter)
    followed: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    excused: Counter[str] = field(default_factory=Counter)
    breaches: dict[str, list[Breach]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, check: str, breach: Breach) -> None:
        """A check of schemathesis failed."""
        self.breaches.setdefault(check, []).append(breach)

    def found(self, family: str) -> list[Breach]:
        """The breaches of a family, the smallest first."""
        mine = [breach for check in FAMILIES[family] for breach in self.breaches.get(check, ())]
        return sorted(mine, key=lambda breach: breach.size)

    def shortfall(self, family: str, least: int) -> str:
        """Why the phase proves nothing about a family, or nothing to say: it was cut short by what it found itself."""
        if self.breaches:
            return ""
        if self.faults:
            return f"schemathesis stumbled: {self.faults[0]}"
        if missing := sorted(self.planned - self.answered.keys()):
            return f"the phase {self.phase} asked nothing of {', '.join(missing)}"
        if self.judged[family] < least:
            return f"the phase {self.phase} judged {family} {self.judged[family]} times, at least {least} were due"
        return ""
