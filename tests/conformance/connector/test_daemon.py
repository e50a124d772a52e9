"""A connector that stays: told of each step, done when it is quiet, started anew for another environment."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import pytest

from conformance.connector.daemon import DaemonLauncher
from conformance.connector.model import Source, Step
from tests.conformance.connector.test_process import gone

STEP = Step("A step", Source())
STAYING = """
import os, pathlib, signal, time
place = pathlib.Path(os.environ["SAMANAGE_STATE"])
def told(*_):
    with (place / "told").open("a") as file:
        file.write("told ")
signal.signal(signal.SIGHUP, told)
(place / "pid").write_text(str(os.getpid()))
while True:
    time.sleep(0.02)
"""


def launcher(code: str, traffic: object = None, **options: float) -> DaemonLauncher:
    quiet = {"quiet": 0.2, "timeout": 20.0, **options}
    return DaemonLauncher([sys.executable, "-c", code], traffic or (lambda: 0), **quiet)  # type: ignore[arg-type]


def waiting_for(path: Path) -> object:
    """Traffic until the file is there, then silence."""
    numbers = itertools.count()
    return lambda: 0 if path.exists() and path.read_text() else next(numbers) + 1


def test_it_is_started_once_told_of_each_further_step_and_ended_at_last(tmp_path: Path) -> None:
    environment = {"SAMANAGE_STATE": str(tmp_path), "SAMANAGE_STEP": "1"}
    with launcher(STAYING, waiting_for(tmp_path / "pid")) as daemon:
        first = daemon.run(STEP, environment)
        number = (tmp_path / "pid").read_text()
        daemon.traffic = waiting_for(tmp_path / "told")  # type: ignore[assignment]
        second = daemon.run(STEP, {**environment, "SAMANAGE_STEP": "2"})
        assert (tmp_path / "pid").read_text() == number
    assert [(ended.status, ended.trouble) for ended in (first, second)] == [(None, "")] * 2
    assert (tmp_path / "told").read_text() == "told "
    assert gone(int(number))


def test_it_is_started_anew_when_its_environment_changes(tmp_path: Path) -> None:
    seen = []
    with launcher(STAYING) as daemon:
        for token in ("one", "two"):
            (tmp_path / "pid").unlink(missing_ok=True)
            daemon.traffic = waiting_for(tmp_path / "pid")  # type: ignore[assignment]
            daemon.run(STEP, {"SAMANAGE_STATE": str(tmp_path), "SAMANAGE_TOKEN": token})
            seen.append(int((tmp_path / "pid").read_text()))
            assert all(gone(number) for number in seen[:-1])
    assert len(set(seen)) == 2
    assert gone(seen[-1])


@pytest.mark.parametrize(
    ("code", "options", "told"),
    [
        ("import sys; sys.exit(4)", {}, "ended: a daemon has to stay, and it ended with status 4"),
        ("import time; time.sleep(60)", {"timeout": 0.3}, "hanging: it was not quiet for 0.2 s within 0.3 s"),
    ],
)
def test_one_that_leaves_or_never_rests_is_of_no_use(code: str, options: dict[str, float], told: str) -> None:
    numbers = itertools.count()
    with launcher(code, lambda: next(numbers), **options) as daemon:
        ended = daemon.run(STEP, {})
    assert ended.status is None
    assert told in ended.trouble


def test_a_missing_command_is_told() -> None:
    with DaemonLauncher(["/no/such/daemon"], lambda: 0) as daemon:
        assert daemon.run(STEP, {}).trouble == "not found: there is no command '/no/such/daemon'"
