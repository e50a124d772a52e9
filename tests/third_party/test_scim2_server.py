"""The judge on a SCIM server that nobody here wrote: scim2-server from PyPI."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from conformance.cli import main
from conformance.model import Verdict
from conformance.report.reader import Report, read_report

KNOWN = Path(__file__).with_name("scim2_server.known.toml")
TOKEN = "third-party"
SEED = "7"  # the findings of a search are those of its seed


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The base URL of a server of its own process."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    command = [str(Path(sys.executable).with_name("scim2-server")), "--port", str(port), "--bearer-token", TOKEN]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("scim2-server does not listen")


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
