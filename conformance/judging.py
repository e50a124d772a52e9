"""The judging calls: each names its clause, records a finding, and goes on.

A check is a pytest function `test_…` marked with `@clause(…)`; every declared clause is judged on every path.
Judging a clause again keeps the worse finding. Inside a Hypothesis search a clause that does not hold raises
Broken, so that Hypothesis shrinks, and only the minimal example stays as evidence. Levels are no business of
a check: conformance.verdicts turns a finding into a verdict.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from conformance.client import Answer
from conformance.errors import Broken, SuiteFault
from conformance.findings import Finding, Sheet, Standing
from conformance.model import Reading
from conformance.recorder import searching
from conformance.refusals import judge_refusal

__all__ = ["Broken", "budget", "clause", "either", "holds", "not_applicable", "observe", "refused"]

UNSCORED = frozenset({501, 503})


def clause(*ids: str) -> pytest.MarkDecorator:
    """The check judges these clauses, each exactly once."""
    return pytest.mark.clause(*ids)


def budget(quick: int, standard: int | None = None, deep: int | None = None) -> pytest.MarkDecorator:
    """The check makes at most so many requests, per effort; without this mark four."""
    standard = quick if standard is None else standard
    return pytest.mark.budget(quick, standard, standard if deep is None else deep)


def holds(
    clause_id: str,
    condition: bool,  # noqa: FBT001 - the condition is what is judged
    *,
    expected: str,
    observed: object,
    answer: Answer | None = None,
    harm: bool = False,
    tolerated: bool = False,
) -> bool:
    """Whether the clause holds; `tolerated` marks a breach that the clause's own text calls a warning.

    `harm` marks a breach that fails at any level: data lost, a secret leaked, or one the clause's own text calls a
    failure. An unexpected 5xx of `answer` beside a false condition counts as harm too.
    """
    standing = Standing.HELD
    if not condition:
        crash = answer is not None and answer.status >= 500 and answer.status not in UNSCORED
        mild = Standing.DEVIATES if tolerated else Standing.BROKEN
        standing = Standing.HARMED if harm or crash else mild
    return _record(clause_id, standing, expected, observed=observed, answer=answer)


def refused(
    clause_id: str,
    answer: Answer,
    *,
    status: int | tuple[int, ...],
    scim_type: str | tuple[str, ...] | None = None,
    unchanged: bool = True,
) -> bool:
    """Whether the request is refused as the clause says, by the catalogue's rule for refusals.

    2xx, 3xx or a changed state (`unchanged` false) breaks it; another 4xx is a deviation, or a breach where the
    clause fixes the status; 5xx harms. A missing keyword is an observation, another one a deviation, or a breach
    where the clause fixes it.
    """
    sheet = Sheet.current()
    statuses = (status,) if isinstance(status, int) else tuple(status)
    keywords = (scim_type,) if isinstance(scim_type, str) else tuple(scim_type or ())
    refusal = judge_refusal(answer, statuses, keywords, fixed=sheet.fixed(clause_id), unchanged=unchanged)
    told, notes = refusal.observed, refusal.notes
    return _record(clause_id, refusal.standing, refusal.expected, observed=told, answer=answer, notes=notes)


def either(
    clause_id: str,
    ambiguity: str,
    variants: Mapping[str, bool],
    *,
    observed: object,
    warn: Collection[str] = (),
    about: str = "",
    answer: Answer | None = None,
) -> str | None:
    """The first variant that is seen, None if none is, which breaks the clause.

    A variant in `warn`, or marked so in tables/ambiguities.toml, is a deviation. A selected profile may accept one
    variant only. One target shows one variant throughout: another one later is a WARN; what the call is `about`, such
    as an attribute, and the variants it offers keep readings apart. Raises SuiteFault for a variant the table lacks.
    """
    readings = Sheet.current().readings
    readings.check(ambiguity, variants)
    expected = f"{ambiguity}: " + " or ".join(variants)
    seen = next((name for name, true in variants.items() if true), None)
    if seen is None:
        holds(clause_id, False, expected=expected, observed=observed, answer=answer)
        return None
    wanted = variants.keys() & set(readings.wanted.get(ambiguity, ()))
    if wanted and seen not in wanted:
        told = f"{seen}; a selected profile needs: {', '.join(sorted(wanted))}"
        _record(clause_id, Standing.BROKEN, expected, observed=f"{told}; {observed}", answer=answer)
        return seen
    warned = seen in warn or seen in readings.warn.get(ambiguity, ())
    standing = Standing.DEVIATES if warned else Standing.HELD
    reading = Reading(ambiguity, seen, tuple(variants), about)
    _record(clause_id, standing, expected, observed=f"{seen}: {observed}", answer=answer, reading=reading)
    return seen


def observe(clause_id: str, text: str) -> None:
    """The clause leaves it open; what is seen is told."""
    _record(clause_id, Standing.HELD, "an observation", observed=text, notes=(text,))


def not_applicable(clause_id: str, reason: str) -> None:
    """The clause says nothing about this target, for the reason given."""
    if not reason:
        raise SuiteFault(f"not_applicable({clause_id!r}) needs a reason")
    _record(clause_id, Standing.ABSENT, "", observed=reason)


def _record(
    clause_id: str,
    standing: Standing,
    expected: str,
    *,
    observed: object,
    answer: Answer | None = None,
    notes: tuple[str, ...] = (),
    reading: Reading | None = None,
) -> bool:
    text = observed if isinstance(observed, str) else repr(observed)
    sheet = Sheet.current()
    finding = Finding(standing, expected, text, notes, reading=reading)
    judged = sheet.record(clause_id, finding, answer.exchange if answer else None)
    if judged and standing >= Standing.BROKEN and searching():
        raise _broken(clause_id, standing)(f"{clause_id}: expected {expected}; observed {text}")
    return standing < Standing.DEVIATES


_SHRUNK: dict[tuple[str, Standing], type[Broken]] = {}


def _broken(clause_id: str, standing: Standing) -> type[Broken]:
    """One class per clause and standing: Hypothesis shrinks failures of different classes apart."""
    return _SHRUNK.setdefault((clause_id, standing), type("Broken", (Broken,), {}))
