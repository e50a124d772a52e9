"""A connector as a program: how it ended is told, and nothing of it is left, whatever it does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from conformance.connector import process
from conformance.connector.model import Ended, Source, Step
from conformance.connector.process import TAIL, CommandLauncher, environment_of

STEP = Step("A step", Source())


def run(code: str, environment: Mapping[str, str] | None = None, timeout: float = 30.0) -> Ended:
    return CommandLauncher([sys.executable, "-c", code], timeout).run(STEP, environment or {})


def gone(number: int) -> bool:
    """Whether the process is gone or a zombie of somebody else, looked at for two seconds."""
    for _ in range(40):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{number}/stat").exists() and " Z " in Path(f"/proc/{number}/stat").read_text():
            return True
        time.sleep(0.05)
    return False


def test_status_and_output_are_kept() -> None:
    ended = run("import sys; print('done'); print('aber', file=sys.stderr); sys.exit(3)")
    assert (ended.status, ended.stdout, ended.stderr, ended.trouble) == (3, "done\n", "aber\n", "")
    assert ended.seconds > 0


def test_it_gets_the_variables_of_the_contract_and_no_others_of_that_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMANAGE_PASSWORD", "left over")
    monkeypatch.setenv("HOMELIKE", "kept")
    assert environment_of({"SAMANAGE_URL": "u"}).items() >= {"SAMANAGE_URL": "u", "HOMELIKE": "kept"}.items()
    told = run("import os; print(sorted(k for k in os.environ if k.startswith('SAMANAGE')))", {"SAMANAGE_URL": "u"})
    assert told.stdout == "['SAMANAGE_URL']\n"


def test_a_crash_is_an_ordinary_status() -> None:
    ended = run("raise SystemError('broken')")
    assert (ended.status, ended.trouble) == (1, "")
    assert "SystemError: broken" in ended.stderr


def test_a_missing_command_is_told() -> None:
    assert CommandLauncher(["/no/such/connector"]).run(STEP, {}) == Ended(
        None, 0.0, trouble="not found: there is no command '/no/such/connector'"
    )


def test_a_file_that_is_no_program_is_told(tmp_path: Path) -> None:
    path = tmp_path / "connector"
    path.write_text("text")
    ended = CommandLauncher([str(path)]).run(STEP, {})
    assert ended.trouble == f"not started: {str(path)!r}: Permission denied"


def test_a_hanging_one_is_stopped() -> None:
    ended = run("import time; time.sleep(60)", timeout=0.3)
    assert (ended.status, ended.trouble) == (None, "hanging: it had not ended after 0.3 s and was stopped")


def test_one_that_ignores_the_wish_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "GRACE_S", 0.1)
    code = "import os,signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(os.getpid(), flush=True)"
    ended = run(f"{code}; time.sleep(60)", timeout=1.0)
    assert ended.trouble.startswith("hanging")
    assert gone(int(ended.stdout))


def test_a_flooding_one_is_stopped_and_the_end_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "FLOOD", 100_000)
    ended = run("while True: print('x' * 999)")
    assert (ended.status, ended.trouble) == (None, "flooding: it printed more than 100,000 bytes and was stopped")
    assert ended.stdout.startswith("[… ")
    assert len(ended.stdout) < TAIL + 50


def test_a_killed_one_is_told() -> None:
    ended = run(f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})")
    assert (ended.status, ended.trouble) == (None, "killed by SIGKILL")


@pytest.mark.parametrize("apart", [False, True])
def test_what_it_started_is_gone_when_it_has_ended(tmp_path: Path, *, apart: bool) -> None:
    child = f"[{sys.executable!r}, '-c', 'import time; time.sleep(60)']"
    code = f"import subprocess; print(subprocess.Popen({child}, start_new_session={apart}).pid)"
    ended = run(code, {"SAMANAGE_STATE": str(tmp_path)})
    assert ended.status == 0
    assert gone(int(ended.stdout))


def test_nothing_is_left_when_the_judge_is_interrupted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place = tmp_path / "pid"

    def interrupted(_launcher: CommandLauncher, _program: process.Program) -> str:
        while not place.exists() or not place.read_text():
            time.sleep(0.01)
        raise KeyboardInterrupt

    monkeypatch.setattr(CommandLauncher, "_watch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(f"import os,time,pathlib; pathlib.Path({str(place)!r}).write_text(str(os.getpid())); time.sleep(60)")
    assert gone(int(place.read_text()))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_when_the_signal_comes_while_it_is_being_started(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    genuine = process.Program

    def interrupted(popen: subprocess.Popen[bytes], *rest: Any) -> process.Program:
        started.append(popen.pid)
        os.kill(os.getpid(), number)
        time.sleep(0.05)  # here at the latest the signal is noticed
        return genuine(popen, *rest)

    monkeypatch.setattr(process, "Program", interrupted)
    before = signal.signal(number, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            run("import time; time.sleep(60)")
    finally:
        signal.signal(number, before)
    assert gone(started[0])
