"""The one process that connects first, collects results, cleans up and writes the report."""

from __future__ import annotations

import json
import shutil
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import pytest

from conformance import cleanup
from conformance.checks import Check
from conformance.conclusions import not_run
from conformance.errors import ConformanceError
from conformance.known import Known, read_known, write_known
from conformance.ledger import Ledger, open_entries
from conformance.model import Verdict
from conformance.options import Options
from conformance.outcome import Collector, Ended, conclude_run
from conformance.report.format import FORMAT, result_from_json
from conformance.report.outcome import Outcome
from conformance.report.terminal import render
from conformance.report.views import write_reports
from conformance.session import Session
from conformance.version import VERSION

PROPERTY = "scim-results"


@dataclass(slots=True)
class Controller:
    """Registered as a pytest plugin of its own; `outcome` is there once the session has finished."""

    options: Options
    shared: Mapping[str, Any]
    known: Sequence[Known] = ()
    started: float = field(default_factory=time.monotonic)
    collector: Collector = field(default_factory=Collector)
    checks: dict[str, Check] = field(default_factory=dict)
    outcome: Outcome | None = None
    header: dict[str, Any] = field(default_factory=dict)
    requests: int = 0
    cancelled: bool = False
    _signal: Any = None

    @classmethod
    def start(cls, options: Options, shared: Mapping[str, Any]) -> Controller:
        """The ledger is begun, files the run reads are read; raises UsageFault or CatalogueError."""
        known = read_known(Path(options.known)) if options.known else []
        Ledger(Path(shared["ledger"]), options.target).start(shared["prefix"])
        controller = cls(options, shared, known)
        controller.header = header(options, shared)
        if threading.current_thread() is threading.main_thread():
            controller._signal = signal.signal(signal.SIGTERM, _terminate)
        return controller

    def expect(self, checks: Mapping[str, Check]) -> None:
        """These checks are to report, by pytest's node id."""
        self.checks = dict(checks)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Results are collected, and what went wrong beside them."""
        told = dict(report.user_properties).get(PROPERTY)
        if report.when == "teardown":
            if report.failed:
                self.collector.faults.append(f"clean-up of {report.nodeid} broke: {str(report.longrepr)[-200:]}")
        elif isinstance(told, str):
            document = json.loads(told)
            self.collector.add([result_from_json(entry) for entry in document["results"]], document["requests"])
        elif report.failed and (check := self.checks.get(report.nodeid)) and not self.collector.has(check):
            self.collector.add(not_run(check, str(report.longrepr)[-200:], Verdict.ERROR), 0)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker tells how many requests it made."""
        output = getattr(node, "workeroutput", None) or {}
        self.requests += int(output.get("scim_requests", 0))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A suite that cannot be collected is a fault of the run."""
        if report.failed:
            self.collector.faults.append(f"{report.nodeid} cannot be collected: {str(report.longrepr)[-300:]}")

    def finish(self, state: Session, *, broken: bool) -> Outcome:
        """The target is clean, the outcome concluded, the reports written."""
        if broken:
            self.collector.faults.append("pytest itself broke; run it directly to see how")
        left = self._clean(state)
        requests = self.requests + state.transport.recorder.total
        ended = Ended(
            header=self.header,
            catalogue=state.catalogue,
            selection=state.selection,
            known=self.known,
            ambiguities={name: entry.fields for name, entry in state.catalogue.ambiguities.items()},
            left_behind=left,
            requests=requests,
            elapsed_s=time.monotonic() - self.started,
        )
        self.outcome = conclude_run(self.collector, list(self.checks.values()), self.options, ended)
        self._write(self.outcome)
        self._restore()
        return self.outcome

    def cancel(self) -> None:
        """Nothing was sent but the first questions, and nothing will be told."""
        self.cancelled = True
        path = Path(self.shared["ledger"])
        path.unlink(missing_ok=True)
        if self.options.report is None:
            path.parent.rmdir()
        self._restore()

    def _restore(self) -> None:
        if self._signal is not None:
            signal.signal(signal.SIGTERM, self._signal)

    def summary(self, *, colour: bool = False, width: int = 100) -> str:
        """The summary for a terminal."""
        return render(self.outcome, colour=colour, width=width) if self.outcome else ""

    def _clean(self, state: Session) -> list[str]:
        path = Path(self.shared["ledger"])
        if self.options.keep:
            return []
        try:
            left = cleanup.clean(path, state.client, state.target.hooks, seeking=not state.gone)
        except KeyboardInterrupt:
            left = [f"{entry.name}: interrupted" for entry in open_entries(path).entries]
        if not left and self.options.report is None:
            shutil.rmtree(path.parent, ignore_errors=True)
        return left

    def _write(self, outcome: Outcome) -> None:
        try:
            if self.options.write_known:
                write_known(Path(self.options.write_known), outcome.results, self.known)
            if outcome.report:
                write_reports(outcome.report, outcome)
        except (ConformanceError, OSError) as error:
            told = f"the report cannot be written: {error}"
            self.outcome = replace(outcome, faults=(*outcome.faults, told), exit_code=outcome.exit_code or 2)


def header(options: Options, shared: Mapping[str, Any]) -> dict[str, Any]:
    """The first line of a report."""
    return {
        "kind": "header",
        "format": FORMAT,
        "version": VERSION,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "target": options.target,
        "profiles": list(options.profiles),
        "suites": list(options.suite),
        "effort": options.effort,
        "seed": shared["seed"],
        "prefix": shared["prefix"],
        "domain": options.user_domain,
        "assumed": unreadable(shared["documents"]),
    }


_DOCUMENTS = {"/ServiceProviderConfig": "config", "/Schemas": "schemas", "/ResourceTypes": "resource_types"}
CONTROLLER = pytest.StashKey[Controller]()


def unreadable(documents: Mapping[str, Any]) -> list[str]:
    """The discovery endpoints whose documents could not be read."""
    return [name for name, key in _DOCUMENTS.items() if documents.get(key) is None]


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
