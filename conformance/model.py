"""The nouns of a judgement: clause, level, verdict, exchange, result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """The level of a clause, in the words of the catalogue.

    RFC key words, then: REQ and OPT (an attribute or parameter marked so), DEF (a definition whose
    breach breaks the feature), IMP (descriptive text), HTTP (an underlying RFC), PRAC (field practice).
    """

    MUST = "MUST"
    MUST_NOT = "MUST NOT"
    SHALL = "SHALL"
    SHALL_NOT = "SHALL NOT"
    REQ = "REQ"
    DEF = "DEF"
    SHOULD = "SHOULD"
    SHOULD_NOT = "SHOULD NOT"
    RECOMMENDED = "RECOMMENDED"
    IMP = "IMP"
    HTTP = "HTTP"
    MAY = "MAY"
    OPT = "OPT"
    PRAC = "PRAC"


class Verdict(StrEnum):
    """What a check says of a clause; ERROR and NOT_RUN say nothing about the target."""

    PASS = "PASS"  # noqa: S105 - a verdict, no password
    FAIL = "FAIL"
    WARN = "WARN"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    KNOWN = "KNOWN"
    ERROR = "ERROR"
    NOT_RUN = "NOT_RUN"


@dataclass(frozen=True, slots=True)
class Clause:
    """One requirement, as a row of the catalogue.

    `test` describes the observation; `applies_when` is a condition on the target, "" if none;
    `fixed` names what the row itself fixes in a refusal: status, keyword, both or nothing;
    `unchecked` is the reason, from the closed list, why no check judges it; `same_as` names the checked
    clause with the same observation; `tentative` marks an inferred vendor rule. `page` is what the key in `source`
    stands for, "" where it stands for itself.
    """

    id: str
    source: str
    section: str
    level: Level
    group: str
    says: str
    test: str = ""
    applies_when: str = ""
    confidence: str = "documented"
    fixed: str = ""
    unchecked: str = ""
    same_as: str = ""
    tentative: bool = False
    ambiguities: tuple[str, ...] = ()
    page: str = ""

    @property
    def origin(self) -> str:
        """Where the requirement comes from, for people."""
        return f"{self.page}, {self.section}" if self.page else f"{self.source} {self.section}"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its answer, secrets redacted when it is written out; `error` is set when no answer came."""

    method: str
    url: str
    request_headers: Mapping[str, str]
    request_body: bytes
    status: int | None
    response_headers: Mapping[str, str]
    response_body: bytes
    elapsed_ms: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Which variant of an open text the target showed, out of those that were offered.

    `about` narrows it, to an attribute for example; readings of other things may differ.
    """

    ambiguity: str
    seen: str
    offered: tuple[str, ...]
    about: str = ""

    def __str__(self) -> str:
        """The reading in one line, for people."""
        about = f" for {self.about}" if self.about else ""
        return f"{self.ambiguity} variant: {self.seen} (of {', '.join(self.offered)}{about})"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check says of one clause, with the evidence."""

    check: str
    clause: str
    suite: str
    title: str
    level: Level
    verdict: Verdict
    expected: str = ""
    observed: str = ""
    observations: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    exchanges: tuple[Exchange, ...] = field(default=())
