"""Known deviations: a TOML file of findings that are expected, each with a reason; one that did not happen is stale."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from conformance.clauses import load_toml
from conformance.errors import CatalogueError, UsageFault
from conformance.model import CheckResult, Verdict

DEVIATIONS = frozenset({Verdict.FAIL, Verdict.WARN})
HAPPENED_NOT = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})
HEADER = "# Known deviations of one target, each with a reason; one that does not happen fails the run.\n"


@dataclass(frozen=True, slots=True)
class Known:
    """One expected finding: this check deviates on this clause."""

    check: str
    clause: str
    reason: str


def read_known(path: Path) -> list[Known]:
    """The entries of a file; raises CatalogueError naming the entry that is wrong."""
    entries: list[Known] = []
    for number, entry in enumerate(load_toml(path).get("known", []), 1):
        wrong = [
            key
            for key in ("check", "clause", "reason")
            if not isinstance(entry.get(key), str) or not entry[key].strip()
        ]
        if wrong or len(entry) != 3:
            raise CatalogueError(f"{path}, entry {number}: needs exactly check, clause and reason, none of them empty")
        entries.append(Known(**entry))
    keys = [(entry.check, entry.clause) for entry in entries]
    if doubles := sorted({f"{check} {clause}" for check, clause in keys if keys.count((check, clause)) > 1}):
        raise CatalogueError(f"{path}: listed twice: {', '.join(doubles)}")
    return entries


def apply_known(results: Iterable[CheckResult], known: Sequence[Known]) -> tuple[list[CheckResult], list[Known]]:
    """The results with declared deviations as KNOWN, and the stale entries.

    An entry is stale when its check judged the clause and found it in order, or not applicable.
    """
    reasons: Mapping[tuple[str, str], Known] = {(entry.check, entry.clause): entry for entry in known}
    settled, stale = [], []
    for result in results:
        entry = reasons.get((result.check, result.clause))
        if entry and result.verdict in DEVIATIONS:
            notes = (*result.observations, f"{result.verdict}, declared: {entry.reason}")
            result = replace(result, verdict=Verdict.KNOWN, observations=notes)  # noqa: PLW2901 - the settled result
        elif entry and result.verdict in HAPPENED_NOT:
            stale.append(entry)
        settled.append(result)
    return settled, stale


def write_known(path: Path, results: Iterable[CheckResult], before: Sequence[Known] = ()) -> int:
    """The number of deviations written to the file; reasons of `before` are kept, others are to be filled in."""
    reasons = {(entry.check, entry.clause): entry.reason for entry in before}
    parts = [HEADER]
    deviations = [result for result in results if result.verdict in DEVIATIONS | {Verdict.KNOWN}]
    for result in deviations:
        reason = reasons.get((result.check, result.clause), "to be filled in")
        parts.append(
            f"# {_one_line(result.observed)}\n[[known]]\ncheck = {_toml(result.check)}\n"
            f"clause = {_toml(result.clause)}\nreason = {_toml(reason)}\n"
        )
    try:
        path.write_text("\n".join(parts), encoding="utf-8")
    except OSError as error:
        raise UsageFault(f"--write-known {path} cannot be written: {error.strerror}") from error
    return len(deviations)


def _toml(text: str) -> str:
    return json.dumps(text).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)[:200]
