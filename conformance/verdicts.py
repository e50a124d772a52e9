"""From findings to verdicts, from verdicts to an exit code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from conformance.findings import SAMPLES, Standing, Tally
from conformance.model import CheckResult, Level, Reading, Verdict

BINDING = frozenset({Level.MUST, Level.MUST_NOT, Level.SHALL, Level.SHALL_NOT, Level.REQ, Level.DEF})
ADVISED = frozenset({Level.SHOULD, Level.SHOULD_NOT, Level.RECOMMENDED, Level.IMP, Level.HTTP})
FINDINGS = frozenset({Verdict.FAIL, Verdict.WARN, Verdict.KNOWN})
WORST_FIRST = (
    Verdict.FAIL,
    Verdict.ERROR,
    Verdict.WARN,
    Verdict.KNOWN,
    Verdict.NOT_RUN,
    Verdict.PASS,
    Verdict.NOT_APPLICABLE,
)


def verdict_of(standing: Standing, level: Level, *, required: bool = False, noted: bool = False) -> Verdict:
    """The verdict of a finding; a breach of an open level is an observation unless a profile requires the clause.

    So is a breach of any level where a profile only notes the clause, harm apart.
    """
    if standing is Standing.ABSENT:
        return Verdict.NOT_APPLICABLE
    if standing is Standing.HELD or (noted and standing < Standing.HARMED):
        return Verdict.PASS
    if standing is Standing.DEVIATES:
        return Verdict.WARN
    if standing is Standing.HARMED or required or level in BINDING:
        return Verdict.FAIL
    return Verdict.WARN if level in ADVISED else Verdict.PASS


def observations_of(tally: Tally, verdict: Verdict) -> tuple[str, ...]:
    """What a result tells beside its verdict: notes, and count and samples of what held."""
    told = [*map(str, tally.readings[:SAMPLES]), *tally.notes]
    if verdict is Verdict.PASS and tally.worst.standing >= Standing.DEVIATES:
        told.append(f"not so here: {tally.worst.observed}")
    if tally.count > 1:
        told.append(f"judged {tally.count} times")
        told += [f"for example: {sample}" for sample in tally.samples]
    return tuple(told)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of some verdicts; of none, NOT_RUN."""
    found = set(verdicts)
    return next((verdict for verdict in WORST_FIRST if verdict in found), Verdict.NOT_RUN)


def exit_code(
    results: Sequence[CheckResult], *, stale: Sequence[object] = (), faults: Sequence[str] = (), strict: bool = False
) -> int:
    """1 for a FAIL, a stale known deviation, or a WARN under `strict`; else 2 for what could not be judged; else 0.

    Not judged means an ERROR, a NOT_RUN of a check without a finding, a fault of the run, or nothing judged.
    `results` are those that count.
    """
    verdicts = {result.verdict for result in results}
    if stale or Verdict.FAIL in verdicts or (strict and Verdict.WARN in verdicts):
        return 1
    found = {result.check for result in results if result.verdict in FINDINGS}
    unrun = [result for result in results if result.verdict is Verdict.NOT_RUN and result.check not in found]
    judged = verdicts & {Verdict.PASS, Verdict.WARN, Verdict.KNOWN}
    return 2 if Verdict.ERROR in verdicts or unrun or faults or not judged else 0


def settle_variants(results: Sequence[CheckResult]) -> list[CheckResult]:
    """The results, a PASS turned WARN where the target shows another reading of an ambiguity than before."""
    first: dict[tuple[str, Reading], tuple[str, str]] = {}
    settled = []
    for result in sorted(results, key=lambda result: (result.suite, result.check)):
        told = []
        for reading in result.readings:
            question = (result.clause, replace(reading, seen=""))
            before, check = first.setdefault(question, (reading.seen, result.check))
            if before != reading.seen:
                where = "before" if check == result.check else f"in {check}"
                told.append(f"{reading.ambiguity}: {reading.seen} here, {before} {where}")
        settled.append(_switched(result, told) if told else result)
    return settled


def _switched(result: CheckResult, told: Sequence[str]) -> CheckResult:
    if result.verdict is not Verdict.PASS:
        return result
    return replace(
        result,
        verdict=Verdict.WARN,
        expected="one reading of an ambiguity throughout",
        observed=f"the target switches: {'; '.join(told)}",
    )
