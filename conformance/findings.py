"""What a check found, clause by clause, before levels turn it into verdicts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import ClassVar

from conformance.errors import SuiteFault
from conformance.model import Clause, Exchange, Reading
from conformance.recorder import Recorder, searching

SAMPLES = 3
FOR_A_FINDING, FOR_A_PASS = 12, 4  # exchanges kept as evidence


class Standing(IntEnum):
    """How a clause stands, from best to worst; HARMED is a crash, lost data or a leaked secret."""

    ABSENT = 0
    HELD = 1
    DEVIATES = 2
    BROKEN = 3
    HARMED = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement of one clause."""

    standing: Standing
    expected: str
    observed: str
    notes: tuple[str, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    reading: Reading | None = None


@dataclass(slots=True)
class Tally:
    """All judgements of one clause in one check: the worst finding, the count, and three samples of what held."""

    worst: Finding
    searched: bool
    count: int = 0
    samples: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)

    def add(self, finding: Finding, *, searched: bool) -> bool:
        """Whether the finding became the worst: it is worse, or a smaller example of the same breach."""
        self.count += 1
        if finding.standing == Standing.HELD and len(self.samples) < SAMPLES:
            self.samples.append(finding.observed)
        self.notes += [note for note in finding.notes if note not in self.notes and len(self.notes) < 2 * SAMPLES]
        if finding.reading is not None and finding.reading not in self.readings:
            self.readings.append(finding.reading)
        shrunk = searched and self.searched and finding.standing == self.worst.standing >= Standing.BROKEN
        if self.count == 1 or finding.standing > self.worst.standing or shrunk:
            self.worst, self.searched = finding, searched
            return True
        return False


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings of ambiguities: all that are named, those that warn, and those the selected profiles insist on."""

    named: Mapping[str, Collection[str]] = field(default_factory=dict)
    warn: Mapping[str, Collection[str]] = field(default_factory=dict)
    wanted: Mapping[str, Collection[str]] = field(default_factory=dict)

    def check(self, ambiguity: str, variants: Collection[str]) -> None:
        """Nothing happens for variants of the table; raises SuiteFault for another one."""
        known = self.named.get(ambiguity)
        if known is not None and (unknown := set(variants) - set(known)):
            raise SuiteFault(f"{ambiguity} has no variant {', '.join(sorted(unknown))}; it has {', '.join(known)}")


class Sheet:
    """The findings of the running check; `current()` is the one the judging calls write to.

    `away` are declared clauses that do not apply, with the reason: judging them records nothing.
    """

    _current: ClassVar[Sheet | None] = None

    def __init__(
        self,
        check: str,
        declared: Sequence[Clause],
        recorder: Recorder,
        *,
        away: Mapping[str, str] | None = None,
        readings: Readings | None = None,
    ) -> None:
        self.check = check
        self.declared = {clause.id: clause for clause in declared}
        self.away = dict(away or {})
        self.tallies: dict[str, Tally] = {}
        self._recorder = recorder
        self.readings = readings or Readings()

    @classmethod
    def current(cls) -> Sheet:
        """The sheet of the running check; raises SuiteFault outside of a check."""
        if cls._current is None:
            raise SuiteFault("a judging call was made outside of a check")
        return cls._current

    @classmethod
    def open(cls, sheet: Sheet | None) -> None:
        """Judging calls write to this sheet from now on."""
        cls._current = sheet

    def fixed(self, clause_id: str) -> frozenset[str]:
        """What the clause itself fixes in a refusal: "status", "keyword"."""
        return frozenset(self._clause(clause_id).fixed.split())

    def record(self, clause_id: str, finding: Finding, last: Exchange | None) -> bool:
        """Whether the clause is judged at all in this check; raises SuiteFault for an undeclared one."""
        self._clause(clause_id)
        if clause_id in self.away:
            return False
        searched = searching()
        tally = self.tallies.setdefault(clause_id, Tally(finding, searched))
        if tally.add(finding, searched=searched):
            most = FOR_A_FINDING if finding.standing >= Standing.DEVIATES else FOR_A_PASS
            tally.worst = replace(finding, exchanges=self._recorder.evidence(last, most))
        return True

    def found(self) -> bool:
        """Whether the check has a finding that is not in order."""
        return any(tally.worst.standing >= Standing.DEVIATES for tally in self.tallies.values())

    def unjudged(self) -> list[str]:
        """Declared clauses that apply and have no finding, in order."""
        return [name for name in self.declared if name not in self.tallies and name not in self.away]

    def evidence(self, last: Exchange | None = None) -> tuple[Exchange, ...]:
        """The exchanges of the check so far."""
        return self._recorder.evidence(last)

    def _clause(self, clause_id: str) -> Clause:
        if clause_id not in self.declared:
            raise SuiteFault(f"{self.check} judges {clause_id}, which it does not declare with @clause")
        return self.declared[clause_id]
