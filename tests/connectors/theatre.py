"""Plays scenarios to connectors in this process, and judges what came of it."""

from __future__ import annotations

import io
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from functools import cache

from conformance.clauses import Catalogue, catalogue
from conformance.connector.control import Control
from conformance.connector.judging import judge
from conformance.connector.model import Ended, Evidence, Step
from conformance.connector.playing import play
from conformance.connector.scenario import read
from conformance.connector.source import SourceFormat
from conformance.model import CheckResult, Verdict
from mock_samanage.testing import LiveServer
from tests.connectors.correct import Connector
from tests.connectors.correct import main as run_once

BAD = frozenset({Verdict.FAIL, Verdict.WARN})
CRASHES = (LookupError, TypeError, ValueError, AttributeError, OSError, RecursionError)
"""What a defective connector may end with, as a program would with a traceback."""
Main = Callable[[Mapping[str, str]], int]


@dataclass(frozen=True, slots=True)
class InProcess:
    """Runs a connector's main function for a step."""

    main: Main

    def run(self, _step: Step, environment: Mapping[str, str]) -> Ended:
        """How it ended."""
        told, start = io.StringIO(), time.monotonic()
        with redirect_stderr(told):
            try:
                status = self.main(environment)
            except CRASHES:
                traceback.print_exc()
                status = 1
        return Ended(status, time.monotonic() - start, "", told.getvalue())


@contextmanager
def tenant() -> Iterator[Control]:
    """The control API of a tenant."""
    with LiveServer() as server:
        control = Control(server.control, server.ready.control_token)
        try:
            yield control
        finally:
            control.close()


def brisk(kind: type[Connector]) -> Main:
    """The main function of a connector that waits no longer than its scenarios need."""
    made = type(kind.__name__, (kind,), {"pause": kind.pause / 5, "patience": 1.0})
    return lambda environ: run_once(environ, made)


def evidence(main: Main, scenario: str, control: Control, form: SourceFormat = SourceFormat.JSON) -> Evidence:
    """What came of a shipped scenario."""
    return play(read(scenario), InProcess(main), control, form=form)


def results(found: Iterable[Evidence]) -> list[CheckResult]:
    """What the checks say of it, in the profile `connector`."""
    return judge(list(found), clauses())


@cache
def clauses() -> Catalogue:
    """The clauses there are."""
    return catalogue()


def tripped(found: Iterable[CheckResult]) -> frozenset[str]:
    """The ids of the checks that FAIL or WARN."""
    return frozenset(result.check for result in found if result.verdict in BAD)


def complaints(found: Iterable[CheckResult]) -> list[str]:
    """Every finding that is not clean, for people."""
    return [
        f"{result.verdict} {result.check} {result.clause}: expected {result.expected}; {result.observed}"
        for result in found
        if result.verdict in BAD | {Verdict.ERROR}
    ]
