"""The wheel works in an empty environment, far from the checkout."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.repo.tree import ROOT

pytestmark = pytest.mark.xdist_group("wheel")

FIXTURE_TEST = """
def test_the_fixture_answers(samanage):
    import requests

    answer = requests.get(samanage.url + "/Users", headers=samanage.headers, timeout=10)
    assert answer.status_code == 200
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a new environment that holds the wheel and what it asks for."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=True)
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-c", str(ROOT / "constraints.txt"), str(wheel)], check=True, capture_output=True)
    return home / "bin"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith(("PYTEST", "PYTHON", "COV"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def served(installed: Path, elsewhere: Path) -> Iterator[dict[str, str]]:
    ready = elsewhere / "ready.json"
    process = subprocess.Popen([installed / "mock-samanage", "serve", "--port", "0", "--ready-file", ready])
    try:
        deadline = time.monotonic() + 30
        while not ready.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        yield json.loads(ready.read_text())
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def test_it_holds_both_packages_and_the_contract(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        "mock_samanage/py.typed",
        "conformance/py.typed",
        "conformance/openapi.yaml",
        "conformance/tables/G09.toml",
    }
    assert wanted <= names
    assert not [name for name in names if name.startswith("tests/")]


def test_serve_answers(served: dict[str, str]) -> None:
    answer = requests.get(served["url"] + "/Users", headers={"Authorization": f"Bearer {served['token']}"}, timeout=10)
    assert answer.status_code == 200


def test_the_fixture_is_found_by_pytest(installed: Path, elsewhere: Path) -> None:
    (elsewhere / "test_it.py").write_text(FIXTURE_TEST)
    told = subprocess.run([installed / "python", "-m", "pytest", "-q"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_demo_judges_the_tenant(installed: Path, elsewhere: Path) -> None:
    command = [str(installed / "conformance"), "demo", "--effort", "quick", "--report", str(elsewhere / "report")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert (elsewhere / "report").is_dir()
