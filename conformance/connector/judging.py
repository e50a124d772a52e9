"""From evidence to results: what a check of connectors is, which there are, what they say over all scenarios."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from conformance.checks import Check, make_check
from conformance.clauses import Catalogue
from conformance.conclusions import pointer
from conformance.connector.model import Evidence, Sent
from conformance.errors import ConformanceError
from conformance.findings import FOR_A_FINDING, FOR_A_PASS, Standing, Tally
from conformance.findings import Finding as Judged
from conformance.model import CheckResult, Clause, Verdict
from conformance.profiles import CONNECTOR, Selection, select
from conformance.verdicts import observations_of, verdict_of

NO_OCCASION = "no scenario that was played gives an occasion"
WRONG = (ConformanceError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
"""What a check may raise over traffic nobody foresaw; it says nothing about the connector."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement of one clause in one scenario; `step` is that of the last request of `evidence` where it is 0.

    `tolerated` marks a breach that the clause's own text calls a warning, `harm` one that fails at any level.
    """

    clause: str
    held: bool
    expected: str
    observed: str
    evidence: tuple[Sent, ...] = ()
    tolerated: bool = False
    harm: bool = False
    step: int = 0

    @property
    def standing(self) -> Standing:
        """How the clause stands after it."""
        if self.held:
            return Standing.HELD
        if self.harm:
            return Standing.HARMED
        return Standing.DEVIATES if self.tolerated else Standing.BROKEN

    def where(self, scenario: str) -> str:
        """Scenario and step, for people."""
        step = self.step or (self.evidence[-1].step if self.evidence else 0)
        return f"{scenario}, step {step}" if step else scenario


Judge = Callable[[Evidence], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class ClientCheck:
    """A check of connectors: its id, the suite it stands in, the fact that holds, the ids of its clauses."""

    id: str
    suite: str
    title: str
    clauses: tuple[str, ...]
    judge: Judge

    def described(self, clauses: Mapping[str, Clause]) -> Check:
        """The check as reports know checks; a clause that no table holds is among `unknown`."""
        name = self.id.partition(".")[2]
        return make_check(self.suite, name, self.title, self.clauses, clauses=clauses, budgets=(0, 0, 0))


_CHECKS: dict[str, ClientCheck] = {}


def client_check(suite: str, *clauses: str) -> Callable[[Judge], Judge]:
    """The function judges these clauses of connectors; its id is `suite.function`, its title the docstring's line."""

    def declare(judge: Judge) -> Judge:
        name = f"{suite}.{judge.__name__}"
        title = (judge.__doc__ or "").strip().splitlines()[0]
        _CHECKS[name] = ClientCheck(name, suite, title, clauses, judge)
        return judge

    return declare


def checks() -> list[ClientCheck]:
    """Every check of connectors, by suite, in each in the order of its file."""
    package = importlib.import_module("conformance.connector.checks")
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return sorted(_CHECKS.values(), key=lambda check: check.suite)


def judge(
    evidences: Sequence[Evidence], catalogue: Catalogue, *, selection: Selection | None = None
) -> list[CheckResult]:
    """One result per check and clause over all scenarios, the worst finding in each.

    selection: the clauses that count, the profile `connector` by default; others are left out.
    """
    chosen = select([CONNECTOR], catalogue, subject=CONNECTOR) if selection is None else selection
    results: list[CheckResult] = []
    for check in checks():
        wanted = [clause for clause in check.described(catalogue.clauses).clauses if chosen.holds(clause.id)]
        if wanted:
            book = _Book(check)
            for evidence in evidences:
                book.read(evidence)
            results += [book.result(clause, chosen) for clause in wanted]
    return results


@dataclass(slots=True)
class _Book:
    """What one check found so far, by clause, and what it broke at."""

    check: ClientCheck
    tallies: dict[str, Tally] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def read(self, evidence: Evidence) -> None:
        """Adds the findings in one scenario; the check's own failure is noted and ends them."""
        try:
            for finding in self.check.judge(evidence):
                self._add(finding, evidence.scenario.name)
        except WRONG as error:
            self.errors.append(f"{evidence.scenario.name}: {_told(error)}")

    def _add(self, finding: Finding, scenario: str) -> None:
        if finding.clause not in self.check.clauses:
            raise ConformanceError(f"{self.check.id} judges {finding.clause}, which it does not declare")
        most = FOR_A_PASS if finding.held else FOR_A_FINDING
        judged = Judged(
            finding.standing,
            finding.expected,
            f"{finding.where(scenario)}: {finding.observed}",
            exchanges=tuple(sent.exchange for sent in finding.evidence[-most:]),
        )
        self.tallies.setdefault(finding.clause, Tally(judged, searched=False)).add(judged, searched=False)

    def result(self, clause: Clause, selection: Selection) -> CheckResult:
        """What the check says of the clause: a finding, else its own failure, else whether there was an occasion."""
        tally = self.tallies.get(clause.id)
        verdict = Verdict.NOT_APPLICABLE
        if tally is not None:
            required, noted = clause.id in selection.required, clause.id in selection.noted
            verdict = verdict_of(tally.worst.standing, clause.level, required=required, noted=noted)
        if self.errors and verdict is not Verdict.FAIL:
            return self._plain(clause, Verdict.ERROR, "; ".join(self.errors))
        if tally is None:
            return self._plain(clause, Verdict.NOT_APPLICABLE, NO_OCCASION)
        return CheckResult(
            check=self.check.id,
            clause=clause.id,
            suite=self.check.suite,
            title=self.check.title,
            level=clause.level,
            verdict=verdict,
            expected=tally.worst.expected,
            observed=tally.worst.observed,
            observations=observations_of(tally, verdict),
            exchanges=tally.worst.exchanges,
        )

    def _plain(self, clause: Clause, verdict: Verdict, reason: str) -> CheckResult:
        check = self.check
        return CheckResult(check.id, clause.id, check.suite, check.title, clause.level, verdict, observed=reason)


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, ConformanceError) else f"the check broke: {pointer(error)}"
