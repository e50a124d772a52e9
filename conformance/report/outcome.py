"""The end of a run, as the reports tell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance.behaviour import Behaviour
from conformance.model import CheckResult, Clause, Verdict
from conformance.report.prediction import Prediction


@dataclass(frozen=True, slots=True)
class Outcome:
    """Results and what came beside them.

    `tentative` are clauses whose results do not count; `stale` known deviations that did not happen; `faults` what went
    wrong outside of checks; `left_behind` what could not be deleted from the target; `report` the folder, if any;
    `behaviour` the readings of open texts that the target showed;
    `predictions` what the tests of vendors' tools would come to.
    """

    results: tuple[CheckResult, ...]
    exit_code: int
    header: Mapping[str, Any]
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    tentative: frozenset[str] = frozenset()
    stale: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    left_behind: tuple[str, ...] = ()
    over_budget: tuple[str, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    requests: int = 0
    elapsed_s: float = 0.0
    report: Path | None = None
    behaviour: Behaviour = field(default_factory=Behaviour)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How often each verdict was given."""
        found = Counter(result.verdict for result in self.results)
        return {verdict: found[verdict] for verdict in Verdict}

    def suites(self) -> dict[str, dict[Verdict, int]]:
        """The counts of each suite, by name."""
        names = sorted({result.suite for result in self.results})
        found = {name: Counter(result.verdict for result in self.results if result.suite == name) for name in names}
        return {name: {verdict: found[name][verdict] for verdict in Verdict} for name in names}

    def having(self, *verdicts: Verdict) -> Iterator[CheckResult]:
        """The results with one of these verdicts, in the order of the verdicts given."""
        for verdict in verdicts:
            yield from (result for result in self.results if result.verdict is verdict)

    def says(self, clause: str) -> str:
        """The requirement in our words, with its source."""
        found = self.clauses.get(clause)
        if found is None:
            return clause
        return f"{clause} ({found.origin}; {found.level.value}): {found.says}"

    def footer(self) -> dict[str, Any]:
        """The last line of a report."""
        return {
            "kind": "footer",
            "results": len(self.results),
            "counts": {verdict.value: count for verdict, count in self.counts.items()},
            "exit_code": self.exit_code,
            "requests": self.requests,
            "elapsed_s": round(self.elapsed_s, 2),
            "tentative": sorted(self.tentative),
            "stale": list(self.stale),
            "faults": list(self.faults),
            "left_behind": list(self.left_behind),
            "over_budget": list(self.over_budget),
            "predictions": [each.to_json() for each in self.predictions],
        }
