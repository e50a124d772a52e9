"""A run depends on nothing around it: not on the user's pytest set-up, not on data the target already holds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.model import Verdict
from conformance.options import Options
from conformance.runner import Front, run
from conformance.session import begin
from mock_samanage.testing import LiveServer

CONFORMANCE = str(Path(sys.executable).with_name("conformance"))
HOSTILE_CONFTEST = """
import pytest

raise SystemExit("a conftest of the user is none of the judge's business")
"""
HOSTILE_INI = """
[pytest]
addopts = --maxfail=1 -k nothing --strict-markers --no-such-option
python_files = nothing.py
filterwarnings = error
required_plugins = pytest-none
"""
FOREIGN = 5000


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A project whose pytest set-up breaks every run of pytest."""
    (tmp_path / "conftest.py").write_text(HOSTILE_CONFTEST)
    (tmp_path / "pytest.ini").write_text(HOSTILE_INI)
    (tmp_path / "conformance.py").write_text("raise SystemExit('a module of the user')\n")
    return tmp_path


def test_a_hostile_project_has_no_influence(hostile: Path) -> None:
    command = [
        CONFORMANCE,
        "demo",
        "--effort",
        "quick",
        "--suite",
        "resources",
        "--suite",
        "filtering",
        "--report",
        "out",
    ]
    environment = {**os.environ, "PYTEST_ADDOPTS": "--no-such-option", "PYTEST_PLUGINS": "no_such_plugin"}
    told = subprocess.run(command, cwd=hostile, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert {path.name for path in hostile.iterdir()} == {"conftest.py", "pytest.ini", "conformance.py", "out"}


def test_a_target_full_of_foreign_users_is_judged() -> None:
    with LiveServer(users=FOREIGN, seed=3) as server:
        options = Options(
            target=server.url,
            token=server.token,
            profile=("rfc", "entra"),
            suite=("resources", "filtering", "listing", "matching"),
            effort="quick",
            seed=7,
        )
        front = Front(options, begin(options), lambda _text: None, lambda: True)
        run(front)
        left = [user for user in server.users('userName sw "cf"') if "example.com" in user["userName"]]
    assert front.outcome is not None
    found = [result for result in front.outcome.results if result.verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE)]
    assert not found, front.summary
    assert not left
