"""Plays scenarios to connectors in this process, and judges what came of it."""

from __future__ import annotations

import io
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from queue import SimpleQueue
from typing import TextIO

from conformance.clauses import Catalogue, catalogue
from conformance.connector.control import Control
from conformance.connector.judging import judge
from conformance.connector.model import Ended, Evidence, Step
from conformance.connector.playing import play
from conformance.connector.scenario import read
from conformance.connector.source import SourceFormat
from conformance.model import CheckResult, Verdict
from conformance.profiles import CONNECTOR, Selection, select
from mock_samanage.testing import LiveServer
from tests.connectors import bulking, correct, entra, listing, scim2
from tests.connectors.defective.registry import defects

BAD = frozenset({Verdict.FAIL, Verdict.WARN})
NOTE = "not so here"
CRASHES = (LookupError, TypeError, ValueError, AttributeError, OSError, RecursionError)
"""What a defective connector may end with, as a program would with a traceback."""
AT_ONCE = 8
"""Plays under way at once: they wait more than they work."""
ALONE = frozenset({"never-pauses", "retries-at-once", "takes-seconds-for-milliseconds"})
"""Connectors whose defect is that they are quick, which a busy machine hides: they are played before the others."""
Main = Callable[[Mapping[str, str], TextIO], int]


def brisk(kind: type[correct.Connector]) -> Main:
    """The main function of a connector that waits no longer than its scenarios need."""
    made = type(kind.__name__, (kind,), {"pause": kind.pause / 5, "patience": 2.0})
    return partial(correct.main, kind=made)


WHOLE: dict[str, Main] = {
    "correct": brisk(correct.Connector),
    "listing": brisk(listing.Listing),
    "cursors": brisk(listing.ByCursor),
    "bulking": brisk(bulking.Bulking),
    "entra": partial(entra.main, timeout=2.0, pause=1.05),
    "scim2": scim2.main,
}
"""Connectors that are not a defect of the correct one."""


@dataclass(frozen=True, slots=True)
class Play:
    """A scenario played to a connector: one of WHOLE, or a defect."""

    connector: str
    scenario: str
    form: SourceFormat = SourceFormat.JSON

    def __str__(self) -> str:
        return f"{self.connector}-{self.scenario}"

    def evidence(self, control: Control) -> Evidence:
        """What comes of it."""
        main = WHOLE.get(self.connector) or brisk(defects()[self.connector].kind)
        return play(read(self.scenario), InProcess(main), control, form=self.form)


@dataclass(frozen=True, slots=True)
class InProcess:
    """Runs a connector's main function for a step."""

    main: Main

    def run(self, _step: Step, environment: Mapping[str, str]) -> Ended:
        """How it ended."""
        told, start = io.StringIO(), time.monotonic()
        try:
            status = self.main(environment, told)
        except CRASHES:
            traceback.print_exc(file=told)
            status = 1
        return Ended(status, time.monotonic() - start, "", told.getvalue())


@dataclass(slots=True)
class Playbill:
    """Plays that were announced, several under way at once.

    `houses`: the control APIs of tenants in which nothing is played now. A tenant plays one thing at a time, because
    a request that belongs to no account stands in the journal of each.
    """

    pool: ThreadPoolExecutor
    houses: SimpleQueue[Control]
    announced: dict[Play, Future[Evidence]] = field(default_factory=dict)

    def announce(self, plays: Iterable[Play]) -> None:
        """They are played, in this order, but for those that are played alone and first."""
        for each in sorted(plays, key=lambda play: play.connector not in ALONE):
            if each not in self.announced:
                self.announced[each] = self.pool.submit(self._play, each)
                if each.connector in ALONE:
                    wait([self.announced[each]])

    def _play(self, wanted: Play) -> Evidence:
        control = self.houses.get()
        try:
            return wanted.evidence(control)
        finally:
            self.houses.put(control)

    def results(self, *plays: Play) -> list[CheckResult]:
        """What the checks say of them, in the profile `connector`."""
        self.announce(plays)
        return judge([self.announced[each].result() for each in plays], clauses(), selection=selection())


@contextmanager
def house() -> Iterator[Control]:
    """The control API of a tenant of its own."""
    with LiveServer() as server:
        control = Control(server.control, server.ready.control_token)
        try:
            yield control
        finally:
            control.close()


@contextmanager
def playbill() -> Iterator[Playbill]:
    """Tenants to play in; plays that are not under way at the end are left out."""
    with ExitStack() as stack:
        houses: SimpleQueue[Control] = SimpleQueue()
        for _ in range(AT_ONCE):
            houses.put(stack.enter_context(house()))
        pool = stack.enter_context(ThreadPoolExecutor(AT_ONCE))
        stack.callback(pool.shutdown, cancel_futures=True)
        yield Playbill(pool, houses)


@cache
def clauses() -> Catalogue:
    """The clauses there are."""
    return catalogue()


@cache
def selection() -> Selection:
    """Those that the profile asks for."""
    return select([CONNECTOR], clauses(), subject=CONNECTOR)


def tripped(found: Iterable[CheckResult]) -> frozenset[str]:
    """The ids of the checks that FAIL or WARN."""
    return frozenset(result.check for result in found if result.verdict in BAD)


def noted(found: Iterable[CheckResult]) -> frozenset[str]:
    """The ids of the checks that tell a breach which the profile only notes."""
    return frozenset(result.check for result in found if any(NOTE in text for text in result.observations))


def complaints(found: Iterable[CheckResult]) -> list[str]:
    """Every finding that is not clean, for people."""
    return [
        f"{result.verdict} {result.check} {result.clause}: expected {result.expected}; {result.observed}"
        for result in found
        if result.verdict in BAD | {Verdict.ERROR}
    ]
