"""What is measured as a whole: a run of the judge, a start, a reset, each beside its ceiling."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from mock_samanage.testing import LiveServer
from tests.bench.provisioning import provisioned
from tests.bench.servers import tenant

SUITES_APART = frozenset({"openapi", "provisioning"})
_ASKED = re.compile(r"^\s+(\w+)\s+\d+ checks, at most\s+(\d+) requests", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Whole:
    """A figure that must not be larger than its ceiling."""

    title: str
    value: float
    ceiling: float
    unit: str

    @property
    def met(self) -> bool:
        """Whether the ceiling is kept."""
        return self.value <= self.ceiling


def wholes() -> Iterator[Whole]:
    """Every figure, the quick ones first."""
    yield Whole("fixture reset between tests", _reset(), 2, "ms")
    yield Whole("start to first answer", _start(), 1.0, "s")
    seconds, _ = _judged("--effort", "quick")
    yield Whole("conformance tenant, quick, embedded", seconds, 12, "s")
    seconds, _ = _judged()
    yield Whole("conformance tenant, standard, embedded", seconds, 60, "s")
    _, requests = _judged(*(f"--suite={name}" for name in _suites() if name not in SUITES_APART))
    yield Whole("its requests without openapi and provisioning", requests, 2_500, "requests")
    _, requests = _judged("--suite=openapi")
    yield Whole("its requests for openapi", requests, 1_500, "requests")
    initial, quiet = provisioned()
    yield Whole("initial cycle, 10,000 users and 200 groups of 50", initial, 90, "s")
    yield Whole("a cycle without changes after it", quiet, 0.2, "s")


def _reset() -> float:
    """Milliseconds of the median reset after a test that made a user and a group."""
    took = []
    with LiveServer() as server:
        for _ in range(50):
            user = server.user()
            server.group(members=(user["id"],))
            start = time.perf_counter()
            server.reset()
            took.append((time.perf_counter() - start) * 1000)
    return median(took)


def _start() -> float:
    """Seconds of the median start of `mock-samanage serve` on an empty store, until it answers."""
    took = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder, tenant(Path(folder), users=0) as (_served, started):
            took.append(started)
    return median(took)


def _judged(*options: str) -> tuple[float, int]:
    """Seconds as a whole process, and requests, of judging the embedded tenant by the default profiles."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "conformance", "demo", "--profile", "rfc", "--profile", "entra"]
        start = time.perf_counter()
        subprocess.run([*command, "--report", folder, *options], check=False, stdout=subprocess.DEVNULL)
        took = time.perf_counter() - start
        *_, footer = (Path(folder) / "report.jsonl").read_text(encoding="utf-8").splitlines()
    return took, int(json.loads(footer)["requests"])


def _suites() -> list[str]:
    told = subprocess.run(
        [sys.executable, "-m", "conformance", "demo", "--list"], check=True, capture_output=True, text=True
    ).stdout
    return [name for name, _ in _ASKED.findall(told) if name != "total"]
