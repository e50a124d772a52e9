"""What the judgement of a connector comes to: results, known deviations, one exit code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from conformance.clauses import Catalogue
from conformance.connector.judging import judge
from conformance.connector.model import Evidence
from conformance.known import Known, apply_known
from conformance.outcome import uncounted
from conformance.profiles import CONNECTOR, select
from conformance.report.format import FORMAT
from conformance.report.outcome import Outcome
from conformance.verdicts import exit_code
from conformance.version import VERSION


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a run beside its evidence; `faults`: what went wrong outside of the connector."""

    subject: str
    target: str
    elapsed_s: float
    report: Path | None = None
    known: Sequence[Known] = ()
    strict: bool = False
    faults: tuple[str, ...] = ()


def conclude(evidences: Sequence[Evidence], catalogue: Catalogue, told: Told) -> Outcome:
    """The outcome of the scenarios that were played."""
    selection = select([CONNECTOR], catalogue, subject=CONNECTOR)
    judged = judge(evidences, catalogue, selection=selection)
    results, stale = apply_known(judged, told.known)
    tentative = uncounted(results, catalogue.clauses, selection)
    counted = [result for result in results if result.clause not in tentative]
    faults = (*told.faults, *troubles(evidences))
    return Outcome(
        results=tuple(results),
        exit_code=exit_code(counted, stale=stale, faults=faults, strict=told.strict),
        header=header(evidences, told),
        clauses=catalogue.clauses,
        tentative=tentative,
        stale=tuple(f"{entry.check} {entry.clause} ({entry.reason})" for entry in stale),
        faults=faults,
        requests=sum(len(played.sent) for evidence in evidences for played in evidence.played),
        elapsed_s=told.elapsed_s,
        report=told.report,
    )


def troubles(evidences: Sequence[Evidence]) -> list[str]:
    """Where the connector was of no use, and why."""
    return [
        f"{evidence.scenario.name}, step {played.number}: the connector: {played.ended.trouble}"
        for evidence in evidences
        for played in evidence.played
        if played.ended.trouble
    ]


def header(evidences: Sequence[Evidence], told: Told) -> dict[str, Any]:
    """The first line of the report."""
    return {
        "kind": "header",
        "format": FORMAT,
        "version": VERSION,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "target": told.target,
        "subject": told.subject,
        "scenarios": [evidence.scenario.name for evidence in evidences],
        "profiles": [CONNECTOR],
        "suites": [],
        "effort": "standard",
        "seed": 0,
        "prefix": "",
        "domain": "",
        "assumed": [],
    }
