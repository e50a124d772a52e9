"""`conformance connector`: one command judges a connector; what is wrong is one line, and nothing is left running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from click.testing import CliRunner, Result

from conformance import cli_connector
from conformance.cli import main
from conformance.connector.scenario import available
from conformance.model import Verdict
from conformance.report.reader import read_report
from tests.conformance.connector.test_process import gone
from tests.repo.tree import ROOT

HONEST = [sys.executable, "-m", "tests.conformance.connector.honest"]
UNNAMED = ("writing.names_the_schemas", "7643-2.1-C02")
CARELESS = [
    sys.executable,
    "-c",
    (
        "import os, requests; requests.post(os.environ['SAMANAGE_URL'] + '/Users', json={'userName': 'ada'},"
        " headers={'Authorization': 'Bearer ' + os.environ['SAMANAGE_TOKEN']})"
    ),
]
STAYING = "import time\nwhile True: time.sleep(0.05)"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["connector", *arguments])


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def test_one_command_judges_a_connector(tmp_path: Path) -> None:
    told = call("--scenario", "first-sync", "--source-format", "csv", "--report", str(tmp_path), "--", *HONEST)
    assert "[1/1] first-sync: A first sync, and another run" in told.output
    assert "step 3 of 3  One title changes: 8 requests" in told.output
    report = read_report(tmp_path / "report.jsonl")
    assert told.exit_code == report.footer["exit_code"] == 0, told.output
    assert report.header["scenarios"] == ["first-sync"]
    assert report.header["subject"].endswith("-m tests.conformance.connector.honest")
    assert report.footer["requests"] == 26
    assert {path.name for path in tmp_path.iterdir()} >= {"report.jsonl", "junit.xml", "summary.md", "connector"}
    schema = json.loads((files("conformance.report") / "report.schema.json").read_text(encoding="utf-8"))
    for line in (tmp_path / "report.jsonl").read_text(encoding="utf-8").split("\n")[:-1]:
        jsonschema_rs.validate(schema, json.loads(line))


def test_a_finding_shows_expected_sent_and_source(tmp_path: Path) -> None:
    told = call("--scenario", "rename", "--report", str(tmp_path), "--", *CARELESS)
    assert told.exit_code == 1
    assert "7643-2.1-C02 (RFC 7643 2.1; MUST)" in told.output
    for text in (told.output, (tmp_path / "summary.md").read_text()):
        assert 'curl -sS -X POST "$SCIM_URL/Users"' in text
        assert "mock-samanage serve" in text
        assert '"authorization: Bearer $SCIM_TOKEN"' in text
    assert "-c 'import os" in (tmp_path / "summary.md").read_text().splitlines()[0]


def test_known_deviations_are_declared_and_stale_ones_fail(tmp_path: Path) -> None:
    known = tmp_path / "known.toml"
    known.write_text(f'[[known]]\ncheck = "{UNNAMED[0]}"\nclause = "{UNNAMED[1]}"\nreason = "we know"\n')
    arguments = ["--scenario", "rename", "--report", str(tmp_path / "out"), "--known", str(known), "--"]
    call(*arguments, *CARELESS)
    results = read_report(tmp_path / "out" / "report.jsonl").results
    assert {result.verdict for result in results if (result.check, result.clause) == UNNAMED} == {Verdict.KNOWN}
    told = call(*arguments, *HONEST)
    assert told.exit_code == 1
    assert f"stale known deviation: {UNNAMED[0]}" in told.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "no connector: give its command after --, as in: conformance connector -- python connector.py"),
        (["--scenario", "moon", "--", "x"], "no scenario moon; there are: "),
        (["--scenario", "/no/such.toml", "--", "x"], "/no/such.toml: cannot be read as TOML"),
        (["--known", "/no/file", "--", "x"], "/no/file: cannot be read as TOML"),
        (["--report", "/dev/null/x", "--", "x"], "--report /dev/null/x cannot be made"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(arguments: list[str], told: str) -> None:
    done = call(*arguments)
    assert done.exit_code == 2
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("command", "trouble", "played"),
    [
        (["/no/such/command"], "not found: there is no command '/no/such/command'", 1),
        ([sys.executable, "-c", STAYING], "hanging: it had not ended after 0.3 s and was stopped", 2),
    ],
)
def test_a_connector_of_no_use_is_told_and_not_judged_fit(
    command: list[str], trouble: str, played: int, tmp_path: Path
) -> None:
    scenarios = ["--scenario", "rename", "--scenario", "leave"]
    told = call(*scenarios, "--timeout", "0.3", "--report", str(tmp_path), "--", *command)
    assert told.exit_code == 2, told.output
    assert f"fault: rename, step 1: the connector: {trouble}" in told.output
    assert len(read_steps(tmp_path)) == played


def read_steps(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in folder.glob("connector/*/*/step.json")]


def test_a_daemon_is_shown_the_steps_while_it_stays(tmp_path: Path) -> None:
    options = ["--daemon", "--quiet", "0.2", "--scenario", "first-sync", "--report", str(tmp_path)]
    told = call(*options, "--", sys.executable, "-c", f"import signal\nsignal.signal(1, lambda *_: None)\n{STAYING}")
    assert "step 3 of 3  One title changes: 0 requests" in told.output
    assert [(step["status"], step["trouble"], step["exit"]) for step in read_steps(tmp_path)] == [(None, "", "any")] * 3


def test_the_scenarios_and_the_schema_are_listed() -> None:
    lines = call("--list").output.splitlines()
    assert [line.split()[-1] and line[2:].split()[0] for line in lines[:-1]] == available()
    assert sum(line.startswith("* ") for line in lines[:-1]) == 8
    assert json.loads(call("--schema").output)["type"] == "object"


def _heed_interrupts() -> None:
    """What is started in the background begins with SIGINT ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_it_is_stopped(number: signal.Signals, tmp_path: Path) -> None:
    place = tmp_path / "pid"
    code = f"import os, pathlib; pathlib.Path({str(place)!r}).write_text(str(os.getpid()))\n{STAYING}"
    options = ["--scenario", "rename", "--report", str(tmp_path / "out")]
    judge = [sys.executable, "-m", "conformance", "connector", *options, "--", sys.executable, "-c", code]
    with subprocess.Popen(
        judge,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        preexec_fn=_heed_interrupts,  # noqa: PLW1509 it only calls the system
    ) as process:
        deadline = time.monotonic() + 60
        while not (place.exists() and place.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(process.pid, number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 2, err
    assert "fault: stopped after 0 of 1 scenarios" in out
    assert gone(int(place.read_text()))


def test_a_run_that_cannot_write_its_evidence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cli_connector, "write_evidence", full)
    told = call("--scenario", "rename", "--report", str(tmp_path), "--", *HONEST)
    assert told.exit_code == 2
    assert "the evidence cannot be written to" in told.stderr
