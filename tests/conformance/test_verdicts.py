"""Levels, worst verdicts and exit codes."""

from __future__ import annotations

import pytest

from conformance.findings import Finding, Standing, Tally
from conformance.model import Level, Reading, Verdict
from conformance.verdicts import exit_code, observations_of, settle_variants, verdict_of, worst
from tests.conformance.conftest import result

OFFERED = ("refused", "none")


@pytest.mark.parametrize(
    ("standing", "level", "required", "verdict"),
    [
        (Standing.HELD, Level.MUST, False, Verdict.PASS),
        (Standing.ABSENT, Level.MUST, True, Verdict.NOT_APPLICABLE),
        (Standing.BROKEN, Level.DEF, False, Verdict.FAIL),
        (Standing.BROKEN, Level.SHALL_NOT, False, Verdict.FAIL),
        (Standing.BROKEN, Level.RECOMMENDED, False, Verdict.WARN),
        (Standing.BROKEN, Level.HTTP, False, Verdict.WARN),
        (Standing.BROKEN, Level.PRAC, False, Verdict.PASS),
        (Standing.BROKEN, Level.PRAC, True, Verdict.FAIL),
        (Standing.BROKEN, Level.SHOULD, True, Verdict.FAIL),
        (Standing.DEVIATES, Level.MUST, True, Verdict.WARN),
        (Standing.HARMED, Level.MAY, False, Verdict.FAIL),
    ],
)
def test_standing_and_level_make_the_verdict(
    *, standing: Standing, level: Level, required: bool, verdict: Verdict
) -> None:
    assert verdict_of(standing, level, required=required) is verdict


@pytest.mark.parametrize(
    ("verdicts", "options", "code"),
    [
        ([], {}, 2),
        ([Verdict.NOT_APPLICABLE], {}, 2),
        ([Verdict.PASS], {}, 0),
        ([Verdict.PASS, Verdict.WARN, Verdict.KNOWN], {}, 0),
        ([Verdict.PASS, Verdict.WARN], {"strict": True}, 1),
        ([Verdict.PASS, Verdict.FAIL, Verdict.ERROR], {}, 1),
        ([Verdict.PASS], {"stale": ["x"]}, 1),
        ([Verdict.PASS, Verdict.ERROR], {}, 2),
        ([Verdict.PASS], {"faults": ["x"]}, 2),
    ],
)
def test_exit_codes(verdicts: list[Verdict], options: dict[str, object], code: int) -> None:
    results = [result(verdict, f"suite.check{number}") for number, verdict in enumerate(verdicts)]
    assert exit_code(results, **options) == code  # type: ignore[arg-type]  # keywords of the table above


def test_not_run_counts_only_in_a_check_without_a_finding() -> None:
    finding = result(Verdict.WARN, "suite.a", "1")
    assert exit_code([finding, result(Verdict.NOT_RUN, "suite.a", "2")]) == 0
    assert exit_code([finding, result(Verdict.NOT_RUN, "suite.b", "2")]) == 2


def test_the_worst_of_nothing_is_not_run() -> None:
    assert worst([]) is Verdict.NOT_RUN
    assert worst([Verdict.PASS, Verdict.WARN, Verdict.ERROR]) is Verdict.ERROR


def test_readings_about_different_things_do_not_switch() -> None:
    told = (Reading("AMB-07", "refused", OFFERED, "active"), Reading("AMB-07", "none", OFFERED, "meta"))
    (settled,) = settle_variants([result(readings=told)])
    assert settled.verdict is Verdict.PASS


def test_a_switch_of_reading_is_a_warning() -> None:
    told = [Reading("AMB-07", "refused", OFFERED), Reading("AMB-07", "none", OFFERED)]
    first, second = settle_variants(
        [result(check="suite.a", readings=(told[0],)), result(check="suite.b", readings=(told[1],))]
    )
    assert (first.verdict, second.verdict) == (Verdict.PASS, Verdict.WARN)
    assert second.observed == "the target switches: AMB-07: none here, refused in suite.a"


def test_a_pass_tells_count_and_three_samples() -> None:
    tally = Tally(Finding(Standing.HELD, "", "1"), searched=True)
    for number in range(1, 6):
        tally.add(Finding(Standing.HELD, "", str(number)), searched=True)
    assert observations_of(tally, Verdict.PASS) == (
        "judged 5 times",
        "for example: 1",
        "for example: 2",
        "for example: 3",
    )


@pytest.mark.parametrize("standing", [Standing.DEVIATES, Standing.BROKEN])
def test_what_a_profile_only_notes_is_told_and_passes(standing: Standing) -> None:
    verdict = verdict_of(standing, Level.MUST, noted=True)
    told = observations_of(Tally(Finding(standing, "so", "otherwise"), searched=False), verdict)
    assert (verdict, told) == (Verdict.PASS, ("not so here: otherwise",))
    assert verdict_of(Standing.HARMED, Level.MAY, noted=True) is Verdict.FAIL
