"""The results of one check: every declared clause gets exactly one, however the check ended."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis.errors import Flaky

from conformance.checks import Check
from conformance.errors import Broken, Dropped, HookAbsent, HookRefused, Unreachable, Unusable
from conformance.findings import Finding, Sheet, Standing, Tally
from conformance.judging import UNSCORED
from conformance.model import CheckResult, Clause, Exchange, Verdict
from conformance.profiles import Selection
from conformance.verdicts import observations_of, verdict_of


@dataclass(frozen=True, slots=True)
class Ending:
    """What the unjudged clauses of a check get: the first one, then the others."""

    first: Verdict
    text: str
    rest: Verdict = Verdict.NOT_RUN
    exchange: Exchange | None = None


def conclude(
    check: Check, sheet: Sheet, selection: Selection, error: BaseException | None, *, in_setup: bool = False
) -> list[CheckResult]:
    """One result per declared clause, in order.

    `error` is what ended the check, `in_setup` whether it did so in a fixture.
    """
    ending = _ending(sheet, error, in_setup=in_setup)
    if ending and not sheet.unjudged():
        _attach(sheet, ending)
    unjudged = sheet.unjudged()
    return [
        _result(check, clause, sheet, selection=selection, ending=ending, unjudged=unjudged) for clause in check.clauses
    ]


def not_run(check: Check, reason: str, verdict: Verdict = Verdict.NOT_RUN) -> list[CheckResult]:
    """Results of a check that did not take place."""
    return [_plain(check, clause, verdict, reason) for clause in check.clauses]


def _result(
    check: Check,
    clause: Clause,
    sheet: Sheet,
    *,
    selection: Selection,
    ending: Ending | None,
    unjudged: Sequence[str],
) -> CheckResult:
    if clause.id in check.unknown:
        return _plain(check, clause, Verdict.ERROR, f"no table holds a clause {clause.id}")
    if clause.id in sheet.away:
        return _plain(check, clause, Verdict.NOT_APPLICABLE, sheet.away[clause.id])
    if clause.id in sheet.tallies:
        return _judged(check, clause, sheet.tallies[clause.id], selection)
    if ending is None:
        return _plain(check, clause, Verdict.ERROR, "the check ended without judging this clause", sheet.evidence())
    if clause.id == unjudged[0]:
        return _plain(check, clause, ending.first, ending.text, sheet.evidence(ending.exchange))
    return _plain(check, clause, ending.rest, ending.text)


def _judged(check: Check, clause: Clause, tally: Tally, selection: Selection) -> CheckResult:
    required, noted = clause.id in selection.required, clause.id in selection.noted
    verdict = verdict_of(tally.worst.standing, clause.level, required=required, noted=noted)
    return CheckResult(
        check=check.id,
        clause=clause.id,
        suite=check.suite,
        title=check.title,
        level=clause.level,
        verdict=verdict,
        expected=tally.worst.expected,
        observed=tally.worst.observed,
        observations=observations_of(tally, verdict),
        readings=tuple(tally.readings),
        exchanges=tally.worst.exchanges,
    )


def _plain(
    check: Check, clause: Clause, verdict: Verdict, reason: str, exchanges: tuple[Exchange, ...] = ()
) -> CheckResult:
    return CheckResult(
        check=check.id,
        clause=clause.id,
        suite=check.suite,
        title=check.title,
        level=clause.level,
        verdict=verdict,
        expected="an answer" if verdict is Verdict.FAIL else "",
        observed=reason,
        exchanges=exchanges,
    )


def _ending(sheet: Sheet, error: BaseException | None, *, in_setup: bool) -> Ending | None:
    leaves = list(_leaves(error)) if error else []
    if error is None:
        return None
    if leaves and all(isinstance(leaf, Broken) for leaf in leaves):
        _mark_flaky(sheet, error)
        return Ending(Verdict.NOT_RUN, "the search stopped at its finding on another clause")
    cause = next((leaf for leaf in leaves if not isinstance(leaf, Broken)), error)
    if isinstance(cause, Dropped):
        return Ending(Verdict.ERROR if in_setup else Verdict.FAIL, str(cause), exchange=cause.exchange)
    if isinstance(cause, Unreachable):
        return Ending(Verdict.ERROR, str(cause), exchange=cause.exchange)
    if isinstance(cause, HookAbsent):
        return Ending(Verdict.NOT_APPLICABLE, str(cause), Verdict.NOT_APPLICABLE)
    if isinstance(cause, Unusable):
        return _unusable(sheet, cause, in_setup=in_setup)
    if isinstance(cause, HookRefused):
        return _set_up_failed(sheet, f"a hook refuses: {cause.message}")
    return Ending(Verdict.ERROR, f"the check broke: {pointer(cause)}")


def _unusable(sheet: Sheet, error: Unusable, *, in_setup: bool) -> Ending:
    status = error.status or 0
    if status >= 500 and status not in UNSCORED and not in_setup and not error.setup:
        return Ending(Verdict.FAIL, f"the target failed: {error}", exchange=error.exchange)
    return _set_up_failed(sheet, str(error), error.exchange)


def _set_up_failed(sheet: Sheet, reason: str, exchange: Exchange | None = None) -> Ending:
    if sheet.found():
        return Ending(Verdict.NOT_RUN, f"after the finding on another clause: {reason}")
    return Ending(Verdict.ERROR, f"set-up failed: {reason}", exchange=exchange)


def _attach(sheet: Sheet, ending: Ending) -> None:
    """An ending after the last judgement is told too: as harm where it fails, else as a note."""
    name = next(iter(sheet.tallies), None)
    if name is None or ending.first in {Verdict.NOT_RUN, Verdict.NOT_APPLICABLE}:
        return
    tally = sheet.tallies[name]
    if ending.first is Verdict.FAIL and tally.worst.standing < Standing.HARMED:
        tally.worst = Finding(Standing.HARMED, "an answer", ending.text, (), sheet.evidence(ending.exchange))
    elif ending.first is Verdict.ERROR:
        _forget(sheet, ending)


def _forget(sheet: Sheet, ending: Ending) -> None:
    """The first clause that held counts as unjudged again, so that the ERROR has a place."""
    held = [name for name, tally in sheet.tallies.items() if tally.worst.standing <= Standing.HELD]
    for name in held[:1]:
        del sheet.tallies[name]
    if not held:
        next(iter(sheet.tallies.values())).notes.append(ending.text)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _mark_flaky(sheet: Sheet, error: BaseException) -> None:
    if isinstance(error, Flaky):
        for tally in sheet.tallies.values():
            if tally.worst.standing >= Standing.BROKEN:
                tally.notes.append("the same requests got another answer when repeated")


def pointer(error: BaseException) -> str:
    """Type and text of an exception and where it was raised, in one line."""
    frames = traceback.extract_tb(error.__traceback__)
    mine = [frame for frame in frames if "/conformance/suites/" in frame.filename.replace("\\", "/")] or frames
    where = f"{Path(mine[-1].filename).name}:{mine[-1].lineno}: " if mine else ""
    text = str(error).strip().splitlines()
    return f"{where}{type(error).__name__}" + (f": {text[0][:200]}" if text else "")
