"""Which clauses a run judged, which it could not on this target, and which no check judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from conformance.clauses import Catalogue, Standing, standing
from conformance.model import CheckResult, Clause, Verdict

JUDGED = frozenset({Verdict.PASS, Verdict.FAIL, Verdict.WARN, Verdict.KNOWN})
Covered = Standing | Literal["away"]
COLUMNS: tuple[Covered, ...] = ("checked", "same", "away", "unchecked", "open", "missing")


@dataclass(frozen=True, slots=True)
class Row:
    """The coverage of one group of clauses; `away` are those that did not apply to the target."""

    group: str
    title: str
    counts: Mapping[Covered, int]
    open: bool

    @property
    def total(self) -> int:
        """How many clauses the group has."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Covering:
    """The clauses a run gave a verdict on, and those it found not applicable only."""

    judged: frozenset[str] = frozenset()
    away: frozenset[str] = frozenset()

    @classmethod
    def of(cls, results: Iterable[CheckResult]) -> Covering:
        """What the results of a run cover."""
        listed = list(results)
        judged = frozenset(result.clause for result in listed if result.verdict in JUDGED)
        absent = {result.clause for result in listed if result.verdict is Verdict.NOT_APPLICABLE}
        return cls(judged, frozenset(absent - judged))

    @classmethod
    def merged(cls, runs: Iterable[Covering]) -> Covering:
        """What several runs cover together: judged is what one of them judged, away what none could judge."""
        listed = list(runs)
        judged = frozenset[str]().union(*(run.judged for run in listed))
        return cls(judged, frozenset[str]().union(*(run.away for run in listed)) - judged)

    def subjects(self, catalogue: Catalogue) -> frozenset[str]:
        """What the runs were about: tenant, connector, both; a tenant where they say nothing."""
        touched = [catalogue.clauses[name] for name in self.judged | self.away if name in catalogue.clauses]
        return frozenset(map(catalogue.subject, touched)) or frozenset({"tenant"})

    def of_clause(self, clause: Clause, catalogue: Catalogue) -> Covered:
        """How one clause is covered."""
        found = standing(clause, set(self.judged), catalogue)
        return "away" if found == "missing" and {clause.id, clause.same_as} & self.away else found


def coverage(catalogue: Catalogue, covering: Covering) -> list[Row]:
    """One row per group of what the runs were about; a group without an entry in groups.toml is named by its id."""
    subjects = covering.subjects(catalogue)
    names = dict.fromkeys(
        clause.group for clause in catalogue.clauses.values() if catalogue.subject(clause) in subjects
    )
    rows = []
    for name in names:
        counts = Counter(covering.of_clause(clause, catalogue) for clause in catalogue.of_group(name))
        group = catalogue.groups.get(name)
        rows.append(Row(name, group.title if group else name, counts, bool(group and group.open)))
    return rows


def missing(catalogue: Catalogue, covering: Covering) -> list[str]:
    """The clauses of closed groups, of what the runs were about, that no check judges and no reason excuses."""
    subjects = covering.subjects(catalogue)
    mine = [clause for clause in catalogue.clauses.values() if catalogue.subject(clause) in subjects]
    return [clause.id for clause in mine if covering.of_clause(clause, catalogue) == "missing"]
