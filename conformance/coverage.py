"""Which clauses the checks judge, by decorators and by what a run really judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from conformance.clauses import Catalogue, Standing, standing
from conformance.model import CheckResult, Verdict

JUDGED = frozenset({Verdict.PASS, Verdict.FAIL, Verdict.WARN, Verdict.KNOWN})


@dataclass(frozen=True, slots=True)
class Row:
    """The coverage of one group of clauses."""

    group: str
    title: str
    counts: Mapping[Standing, int]
    open: bool

    @property
    def total(self) -> int:
        """How many clauses the group has."""
        return sum(self.counts.values())


def judged(results: Iterable[CheckResult]) -> set[str]:
    """The clauses a run gave a verdict on."""
    return {result.clause for result in results if result.verdict in JUDGED}


def coverage(catalogue: Catalogue, checked: Collection[str]) -> list[Row]:
    """One row per group; a group without an entry in groups.toml is named by its id."""
    names = dict.fromkeys(clause.group for clause in catalogue.clauses.values())
    rows = []
    for name in names:
        counts = Counter(standing(clause, set(checked), catalogue) for clause in catalogue.of_group(name))
        group = catalogue.groups.get(name)
        rows.append(Row(name, group.title if group else name, counts, bool(group and group.open)))
    return rows


def missing(catalogue: Catalogue, checked: Collection[str]) -> list[str]:
    """The clauses of closed groups that no check judges and no reason excuses."""
    found = set(checked)
    return [clause.id for clause in catalogue.clauses.values() if standing(clause, found, catalogue) == "missing"]
