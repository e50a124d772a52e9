"""The judge on a SCIM server that nobody here wrote: scim2-server from PyPI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from conformance.cli import main
from conformance.model import Verdict
from conformance.report.reader import Report, read_report
from tests.third_party.scim2_server import TOKEN, running

KNOWN = Path(__file__).with_name("scim2_server.known.toml")
SEED = "7"  # the findings of a search are those of its seed


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The base URL of a server of its own process."""
    with running() as url:
        yield url


@pytest.fixture(scope="module")
def judged(server: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, Report]:
    """Exit code, summary and report of a standard run."""
    folder = tmp_path_factory.mktemp("report")
    told = CliRunner().invoke(
        main,
        ["tenant", server, "--token", TOKEN, "--known", str(KNOWN), "--seed", SEED, "--report", str(folder), "--yes"],
    )
    return told.exit_code, told.output, read_report(folder / "report.jsonl")


def test_the_run_comes_to_an_end_without_an_error(judged: tuple[int, str, Report]) -> None:
    _, summary, report = judged
    broken = [result.check for result in report.results if result.verdict in (Verdict.ERROR, Verdict.NOT_RUN)]
    assert not broken, summary


def test_it_deviates_exactly_as_listed(judged: tuple[int, str, Report]) -> None:
    code, summary, report = judged
    assert not [result for result in report.results if result.verdict in (Verdict.FAIL, Verdict.WARN)], summary
    assert code == 0, summary


def test_the_server_is_judged_and_not_only_visited(judged: tuple[int, str, Report]) -> None:
    passed = [result for result in judged[2].results if result.verdict is Verdict.PASS]
    assert len(passed) > 200
