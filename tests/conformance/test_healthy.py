"""A healthy tenant is clean, on every store and under both presets, and every check says something of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance import coverage
from conformance.clauses import catalogue
from conformance.embedded import KNOWN, openapi_document
from conformance.model import Verdict
from conformance.options import Options
from conformance.profiles import available
from conformance.report.outcome import Outcome
from conformance.runner import Front, run
from conformance.session import begin
from mock_samanage.testing import LiveServer

CLEAN = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.KNOWN})


def judge(
    server: LiveServer,
    *profiles: str,
    known: str | None = None,
    suites: tuple[str, ...] = (),
    openapi: str | None = openapi_document(),
) -> Outcome:
    """The outcome of a quick run."""
    options = Options(
        target=server.url,
        token=server.token,
        hooks=f"{server.control}/hooks",
        hooks_token=server.ready.control_token,
        openapi=openapi,
        known=known,
        profile=profiles or tuple(available()),
        suite=suites,
        effort="quick",
        seed=7,
    )
    front = Front(options, begin(options), lambda _text: None, lambda: True)
    run(front)
    assert front.outcome is not None
    return front.outcome


def unclean(outcome: Outcome) -> list[tuple[str, str, str, str]]:
    """The results that are not clean."""
    return [
        (each.check, each.clause, str(each.verdict), each.observed)
        for each in outcome.results
        if each.verdict not in CLEAN
    ]


@pytest.fixture(scope="module")
def healthy() -> Outcome:
    """The default preset, by all profiles."""
    with LiveServer() as server:
        return judge(server, known=str(KNOWN))


def test_the_default_preset_deviates_as_the_shipped_file_says(healthy: Outcome) -> None:
    assert not unclean(healthy)
    assert healthy.exit_code == 0


@pytest.fixture(scope="module")
def laboratory() -> Outcome:
    """A strict account with schemas of every kind, by the RFCs."""
    with LiveServer(preset="strict", schemas="laboratory") as server:
        return judge(server, "rfc", openapi=None)


def test_a_strict_laboratory_account_is_clean_by_the_rfc(laboratory: Outcome) -> None:
    assert not unclean(laboratory)
    assert not laboratory.over_budget


def test_no_clause_goes_unjudged_without_a_reason(healthy: Outcome, laboratory: Outcome) -> None:
    """Each clause of a closed group was judged in one of the runs, or says why not, or can apply to neither account."""
    runs = [coverage.Covering.of(outcome.results) for outcome in (healthy, laboratory)]
    assert not coverage.missing(catalogue(), coverage.Covering.merged(runs))


def test_every_check_keeps_its_budget(healthy: Outcome) -> None:
    assert not healthy.over_budget


def test_every_check_reports(healthy: Outcome) -> None:
    assert {each.check for each in healthy.results} == set((_golden()).split())


def _golden() -> str:
    return (Path(coverage.__file__).parent / "checks.golden.txt").read_text(encoding="utf-8")


def test_the_strict_preset_is_clean_by_the_rfc() -> None:
    with LiveServer(preset="strict") as server:
        assert not unclean(judge(server, "rfc", openapi=None))  # the document describes the default preset


def test_the_default_preset_is_clean_by_the_vendors() -> None:
    with LiveServer() as server:
        assert not unclean(judge(server, "entra", "okta", "samanage", suites=("matching", "roles", "discovery")))


def test_a_sqlite_file_is_judged_clean(tmp_path: Path) -> None:
    with LiveServer(store=f"sqlite:///{tmp_path}/tenant.db") as server:
        assert not unclean(judge(server, known=str(KNOWN)))


def test_postgresql_is_judged_clean(postgres_url: str) -> None:
    with LiveServer(store=postgres_url) as server:
        assert not unclean(judge(server, known=str(KNOWN)))
