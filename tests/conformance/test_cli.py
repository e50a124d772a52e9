"""The command line: one clear line for what is wrong, nothing left behind, nobody else's pytest taking part."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conformance.cli import main
from conformance.coverage import Covering
from conformance.model import Verdict
from conformance.report.reader import read_report
from tests.conformance.tiny import TOKEN, Tiny

COMMAND = [sys.executable, "-m", "conformance"]
QUICK = ["--effort", "quick", "--suite", "errors", "--yes"]


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@contextmanager
def started(
    tiny: Tiny, folder: Path, *arguments: str, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*COMMAND, "tenant", tiny.url, "--token", TOKEN, *arguments],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_run_announces_judges_and_reports(tiny: Tiny, tmp_path: Path) -> None:
    told = call("tenant", tiny.url, "--token", TOKEN, *QUICK, "--report", str(tmp_path / "out"))
    assert "Users and groups are created whose names begin with cf" in told.output
    assert "  errors " in told.output
    assert "/Schemas, /ResourceTypes cannot be read; what RFC 7643 publishes is assumed" in told.output
    assert f"Report: {tmp_path / 'out' / 'report.jsonl'}" in told.output
    report = read_report(tmp_path / "out" / "report.jsonl")
    assert told.exit_code == report.footer["exit_code"]
    assert {result.suite for result in report.results} == {"errors"}
    assert tiny.users == {}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["http://127.0.0.1:9/scim"], "does not answer (cut: Connection refused)"),
        (["nonsense"], "'nonsense' is no URL of a SCIM server; right would be"),
        ([], "no target: give its SCIM base URL"),
        (["http://127.0.0.1:9", "--profile", "moon"], "no profile moon; there are:"),
        (["http://127.0.0.1:9", "--username", "me"], "--username needs --password"),
        (["http://127.0.0.1:9", "--known", "/no/file"], "does not answer"),
        (["http://127.0.0.1:9", "--ready-file", "/no/file"], "cannot be read as JSON"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(arguments: Sequence[str], told: str) -> None:
    done = call("tenant", *arguments, "--yes")
    assert done.exit_code == 2
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_wrong_token_and_a_server_that_is_no_scim_server_are_told(tiny: Tiny) -> None:
    assert "the credential was refused" in call("tenant", tiny.url, "--token", "wrong-token", "--yes").stderr
    tiny.html = True
    assert "is no SCIM server" in call("tenant", tiny.url, "--token", TOKEN, "--yes").stderr


def test_without_a_terminal_yes_is_needed(tiny: Tiny) -> None:
    done = call("tenant", tiny.url, "--token", TOKEN)
    assert done.exit_code == 2
    assert "there is no terminal to ask on: give --yes" in done.stderr
    assert not any(request.startswith("POST") for request in tiny.requests)


def test_a_file_that_cannot_be_read_is_told_before_the_first_write(tiny: Tiny, tmp_path: Path) -> None:
    done = call("tenant", tiny.url, "--token", TOKEN, *QUICK, "--known", "/no/file", "--report", str(tmp_path))
    assert done.exit_code == 2
    assert "/no/file: cannot be read as TOML" in done.stderr
    assert not any(request.startswith("POST") for request in tiny.requests)


def test_the_list_holds_every_check_with_its_budget() -> None:
    done = call("tenant", "--list", "--suite", "errors")
    assert done.exit_code == 0
    assert done.output.splitlines()[0].startswith("errors.")
    suite, total = (line.split() for line in done.output.splitlines()[-2:])
    assert (suite[0], total[0], suite[1:]) == ("errors", "total", total[1:])
    assert call("checks", "--suite", "nothing").exit_code == 2


def test_a_clause_is_shown_with_its_checks() -> None:
    done = call("clauses", "7644-3.3-04")
    assert "level         MUST" in done.output or "level         SHALL" in done.output
    assert "checked by    resources." in done.output
    unknown = call("clauses", "3.3-0")
    assert unknown.exit_code == 2
    assert "no clause 3.3-0; near: 7643-3.3-01" in unknown.stderr
    assert len(call("clauses").output.splitlines()) > 800


def test_coverage_counts_what_a_run_judged(tiny: Tiny, tmp_path: Path) -> None:
    call("tenant", tiny.url, "--token", TOKEN, *QUICK, "--report", str(tmp_path))
    done = call("clauses", "--coverage", "--from", str(tmp_path / "report.jsonl"))
    judged = {
        result.clause
        for result in read_report(tmp_path / "report.jsonl").results
        if result.verdict in {Verdict.PASS, Verdict.FAIL, Verdict.WARN}
    }
    assert f"{len(judged)} clauses judged" in done.output
    assert done.exit_code == 1
    assert "merged" not in done.output


def test_coverage_says_which_runs_it_merges(tmp_path: Path, tiny: Tiny) -> None:
    reports = [tmp_path / "listing", tmp_path / "errors"]
    for folder in reports:
        narrowed = ("--effort", "quick", "--yes", "--suite", folder.name, "--report", str(folder))
        call("tenant", tiny.url, "--token", TOKEN, *narrowed)
    paths = [str(folder / "report.jsonl") for folder in reports]
    told = call("clauses", "--coverage", "--from", paths[0], "--from", paths[1]).output
    assert told.startswith("2 runs, merged")
    covered = [Covering.of(read_report(Path(path)).results) for path in paths]
    assert f"\n{len(covered[0].judged | covered[1].judged)} clauses judged" in told
    assert all(
        f"  {path}: {len(each.judged)} clauses judged" in told for path, each in zip(paths, covered, strict=True)
    )


def test_a_hostile_project_takes_no_part_and_nothing_is_written_beside_the_report(tiny: Tiny, tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("raise RuntimeError('hostile')\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\nfilterwarnings = error\n", encoding="utf-8")
    (tmp_path / "test_own.py").write_text("def test_own(): assert False\n", encoding="utf-8")
    hostile = {
        "PYTEST_ADDOPTS": "--more-nonsense",
        "PYTEST_PLUGINS": "no_such_plugin",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "",
    }
    before = {path.name for path in tmp_path.iterdir()}
    with started(tiny, tmp_path, *QUICK, "--report", "out", "-n", "2", environment=hostile) as process:
        output, complaints = process.communicate(timeout=120)
    assert process.returncode in {0, 1}, complaints
    assert "errors" in output
    assert {path.name for path in tmp_path.iterdir()} - before == {"out"}


@pytest.mark.parametrize(
    ("sent", "workers"), [(signal.SIGTERM, []), (signal.SIGINT, []), (signal.SIGTERM, ["-n", "2"])]
)
def test_a_signal_ends_the_run_and_leaves_nothing_on_the_target(
    tiny: Tiny, tmp_path: Path, sent: signal.Signals, workers: Sequence[str]
) -> None:
    slow = ["--effort", "deep", "--suite", "resources", "--yes", "--rate", "20"]
    tiny.bulk = "works" if sent is signal.SIGINT else ""
    with started(tiny, tmp_path, *slow, *workers) as process:
        assert tiny.made.wait(60)
        process.send_signal(sent)
        output, complaints = process.communicate(timeout=120)
    assert tiny.users == {}, output + complaints
    assert "NOT_RUN" in output
    assert "Traceback" not in output + complaints
    assert process.returncode in {1, 2}


def test_after_a_kill_the_ledger_cleans_up(tiny: Tiny, tmp_path: Path) -> None:
    with started(tiny, tmp_path, "--suite", "resources", "--yes", "--rate", "20", "--report", "out") as process:
        assert tiny.made.wait(60)
        process.kill()
        process.communicate(timeout=60)
    assert tiny.users
    done = call("cleanup", str(tmp_path / "out" / "ledger.jsonl"), "--token", TOKEN)
    assert done.exit_code == 0, done.output
    assert tiny.users == {}
    assert not (tmp_path / "out" / "ledger.jsonl").exists()


def test_clean_up_tells_what_is_no_ledger_and_what_stays(tiny: Tiny, tmp_path: Path) -> None:
    assert "cannot be read" in call("cleanup", str(tmp_path / "none")).stderr
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_text(f'{{"base": "{tiny.url}"}}\n{{"account": "blue"}}\n', encoding="utf-8")
    done = call("cleanup", str(ledger), "--token", TOKEN)
    assert done.exit_code == 1
    assert "left behind: blue: an account; give --hooks" in done.stderr


def test_foreign_users_are_left_alone(tiny: Tiny, tmp_path: Path) -> None:
    tiny.users = {f"f{number}": {"id": f"f{number}", "userName": f"foreign{number}"} for number in range(5000)}
    before = dict(tiny.users)
    call("tenant", tiny.url, "--token", TOKEN, *QUICK, "--report", str(tmp_path))
    assert tiny.users == before
