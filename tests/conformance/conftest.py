"""A tiny server, and the judge run on it with checks of the test's own."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from conformance.client import Answer
from conformance.model import CheckResult, Exchange, Verdict
from conformance.options import Options
from conformance.report.outcome import Outcome
from conformance.runner import Front, run
from conformance.session import begin
from tests.conformance.tiny import TOKEN, Tiny, serving

HEAD = """
from __future__ import annotations
import pytest
from hypothesis import given, settings, strategies as st
from conformance.judging import budget, clause, either, holds, not_applicable, observe, refused
"""


@pytest.fixture
def tiny() -> Iterator[Tiny]:
    with serving() as state:
        yield state


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run came to."""

    code: int
    outcome: Outcome
    summary: str

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The verdict of each clause."""
        return {result.clause: result.verdict for result in self.outcome.results}

    def of(self, clause: str) -> CheckResult:
        """The one result of a clause."""
        (found,) = [result for result in self.outcome.results if result.clause == clause]
        return found


class Judge(Protocol):
    def __call__(self, checks: str, *, workers: int | None = None, **options: Any) -> Judged: ...


@pytest.fixture
def judge(tiny: Tiny, tmp_path: Path) -> Judge:
    """Judges the tiny server with the checks in a piece of source."""

    def go(checks: str, *, workers: int | None = None, **options: Any) -> Judged:
        path = tmp_path / "test_tiny.py"
        path.write_text(HEAD + textwrap.dedent(checks), encoding="utf-8")
        asked = Options(**{"target": tiny.url, "token": TOKEN, "profile": ("rfc",), "timeout": 5.0, **options})
        front = Front(asked, begin(asked), lambda _text: None, lambda: True)
        code = run(front, suites=path, workers=workers)
        sys.modules.pop("test_tiny", None)
        assert front.outcome is not None
        assert code == front.outcome.exit_code
        return Judged(code, front.outcome, front.summary)

    return go


def exchange(
    method: str = "GET",
    url: str = "http://scim.test/Users",
    *,
    status: int | None = 200,
    body: bytes = b"{}",
    sent: bytes = b"",
    headers: Mapping[str, str] | None = None,
    answered: Mapping[str, str] | None = None,
) -> Exchange:
    return Exchange(method, url, headers or {}, sent, status, answered or {}, body, 1.0)


def answer(status: int = 200, body: bytes = b"{}") -> Answer:
    return Answer(exchange(status=status, body=body))


def result(
    verdict: Verdict = Verdict.PASS, check: str = "users.create", clause: str = "7644-3.3-01", **more: Any
) -> CheckResult:
    from conformance.model import Level

    return CheckResult(check, clause, check.split(".", maxsplit=1)[0], "A title.", Level.MUST, verdict, **more)
