"""What a run comes to: results collected once each, known deviations applied, one exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance.behaviour import behaviour
from conformance.checks import Check
from conformance.clauses import Catalogue
from conformance.conclusions import not_run
from conformance.known import Known, apply_known
from conformance.model import CheckResult, Clause
from conformance.options import Options
from conformance.predictions import predict, shipped
from conformance.profiles import Selection
from conformance.report.outcome import Outcome
from conformance.verdicts import exit_code, settle_variants


@dataclass(slots=True)
class Collector:
    """Results as they come in, at most one per check and clause; `faults` are what went wrong outside of checks."""

    results: dict[tuple[str, str], CheckResult] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, results: Sequence[CheckResult], requests: int) -> None:
        """The results of one check; a second one for the same check and clause is a fault."""
        for result in results:
            key = (result.check, result.clause)
            if key in self.results:
                self.faults.append(f"{result.check} reported {result.clause} twice")
            self.results[key] = result
            self.requests[result.check] = requests

    def has(self, check: Check) -> bool:
        """Whether the check has reported."""
        return check.id in self.requests

    def complete(self, checks: Sequence[Check], reason: str) -> None:
        """Checks that did not report are NOT_RUN."""
        for check in checks:
            if not self.has(check):
                self.add(not_run(check, reason), 0)


def uncounted(results: Sequence[CheckResult], clauses: Mapping[str, Clause], selection: Selection) -> frozenset[str]:
    """The ids of tentative clauses among the results that no selected profile requires."""
    return frozenset(
        result.clause
        for result in results
        if result.clause not in selection.required and result.clause in clauses and clauses[result.clause].tentative
    )


@dataclass(frozen=True, slots=True)
class Ended:
    """What the end of a run is judged from, beside the collected results."""

    header: Mapping[str, Any]
    catalogue: Catalogue
    selection: Selection
    known: Sequence[Known]
    ambiguities: Mapping[str, Mapping[str, Any]]
    left_behind: Sequence[str]
    requests: int
    elapsed_s: float


def conclude_run(collector: Collector, checks: Sequence[Check], options: Options, ended: Ended) -> Outcome:
    """The outcome of a run whose checks have all reported or never will."""
    collector.complete(checks, "the run ended before this check")
    ordered = settle_variants(list(collector.results.values()))
    results, stale = apply_known(ordered, ended.known)
    tentative = frozenset() if options.tentative else uncounted(results, ended.catalogue.clauses, ended.selection)
    counted = [result for result in results if result.clause not in tentative]
    over = [check for check in checks if collector.requests[check.id] > check.budget(options.effort)]
    return Outcome(
        results=tuple(results),
        exit_code=exit_code(counted, stale=stale, faults=collector.faults, strict=options.strict),
        header=ended.header,
        clauses=ended.catalogue.clauses,
        tentative=tentative,
        stale=tuple(f"{entry.check} {entry.clause} ({entry.reason})" for entry in stale),
        faults=tuple(collector.faults),
        left_behind=tuple(ended.left_behind),
        over_budget=tuple(
            f"{check.id}: {collector.requests[check.id]} of {check.budget(options.effort)}" for check in over
        ),
        predictions=tuple(predict(shipped(), options.profiles, results, ended.catalogue)),
        requests=ended.requests,
        elapsed_s=ended.elapsed_s,
        report=Path(options.report) if options.report else None,
        behaviour=behaviour(results, ended.ambiguities),
    )
