"""pytest in this process, as the engine of a run: nothing of the user's own pytest set-up takes part."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from conformance.checks import Check, budgets_by_suite
from conformance.controller import CONTROLLER, unreadable
from conformance.fixtures import SESSION
from conformance.options import Options
from conformance.plugin import CHECK, SUITES
from conformance.report.outcome import Outcome
from conformance.strategies.characters import tell_hypothesis
from conformance.strategies.constants import without_local_constants

Say = Callable[[str], None]
Ask = Callable[[], bool]
Tick = Callable[[int, int, str], None]
INI = "[pytest]\n"
_OTHERS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_THEME", "PYTEST_DEBUG")


@dataclass(slots=True)
class Front:
    """Registered as a pytest plugin in the first process: announces, asks, shows progress, keeps the outcome.

    `shared` is what conformance.session.begin found, None when checks are only listed.
    """

    options: Options
    shared: Mapping[str, Any] | None
    say: Say
    ask: Ask
    checks: list[Check] = field(default_factory=list)
    outcome: Outcome | None = None
    summary: str = ""
    tick: Tick | None = None
    refused: bool = False
    done: int = 0
    colour: bool = False
    width: int = 100

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """The target has been asked already."""
        config.option.scim_shared = self.shared
        config.option.tbstyle = "native"  # results tell of errors themselves; a long form shows every argument

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """The checks of the run are known."""
        self.checks = [item.stash[CHECK] for item in session.items if CHECK in item.stash]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Nothing is written to the target before it was said what will be, and agreed to."""
        if session.config.option.collectonly or SESSION not in session.config.stash:
            return None
        self.say(announcement(self.checks, self.options, self.shared or {}))
        if self.ask():
            return None
        self.refused = True
        session.config.stash[CONTROLLER].cancel()
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Progress is told check by check."""
        if self.tick and report.when == "teardown":
            self.done += 1
            self.tick(self.done, len(self.checks), Path(report.nodeid.split("::")[0]).stem)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """The outcome outlives the session."""
        controller = session.config.stash.get(CONTROLLER, None)
        if controller is not None:
            self.outcome = controller.outcome
            self.summary = controller.summary(colour=self.colour, width=self.width)


def announcement(checks: Sequence[Check], options: Options, shared: Mapping[str, Any]) -> str:
    """What the run will do to the target: checks, requests, names; and what it takes for granted."""
    lines = [f"Judging {options.target} by {', '.join(options.profiles)}, effort {options.effort}."]
    *suites, total = budget_lines(checks, options.effort)
    lines += [*suites, f"{total}, and {_clean_up(shared['documents'].get('config'))}"]
    end = "they stay (--keep)." if options.keep else "all are deleted at the end."
    names = f"whose names begin with {shared.get('prefix', '')}, e-mail addresses in {options.user_domain}"
    lines.append(f"Users and groups are created {names}; {end}")
    if unread := unreadable(shared["documents"]):
        lines.append(f"{', '.join(unread)} cannot be read; what RFC 7643 publishes is assumed instead.")
    return "\n".join(lines)


def budget_lines(checks: Sequence[Check], effort: str) -> list[str]:
    """Checks and requests of each suite, a line each, and of all of them in the last line."""
    found = dict(sorted(budgets_by_suite(checks, effort).items()))
    found["total"] = (len(checks), sum(requests for _, requests in found.values()))
    return [f"  {name:<16} {count:>4} checks, at most {most:>4} requests" for name, (count, most) in found.items()]


def _clean_up(config: Any) -> str:
    bulk = config.get("bulk") if isinstance(config, dict) else None
    offered = isinstance(bulk, dict) and bulk.get("supported") is True
    return "a few bulk jobs to clean up" if offered else "one to clean up each resource"


def run(front: Front, *, workers: int | None = None, suites: Path = SUITES) -> int:
    """The exit code of judging what the front's options name, by the suites in a folder or file."""
    return _pytest(front, suites, ["-n", str(workers), "--dist", "loadscope"] if workers else [])


def collect(front: Front, suites: Path = SUITES) -> list[Check]:
    """The checks a run would make; no request is sent."""
    _pytest(front, suites, ["--collect-only"])
    return front.checks


def _pytest(front: Front, suites: Path, extra: Sequence[str]) -> int:
    """The exit status of pytest with an ini file, a root and a plugin list of our own."""
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder, _environment(folder):
        root = suites if suites.is_dir() else suites.parent
        ini = Path(folder) / "pytest.ini"
        ini.write_text(INI, encoding="utf-8")
        arguments = [
            *("-c", str(ini), f"--rootdir={root}", f"--confcutdir={root}", "--import-mode=importlib"),
            *("-p", "no:cacheprovider", "-p", "no:terminal", "-p", "conformance.plugin", "-p", "xdist.plugin"),
            *("-p", "no:unraisableexception", "-p", "no:threadexception"),  # they search all memory at the end
            *("--assert=plain", "--capture=no", "-W", "ignore"),
            *extra,
            *front.options.arguments(),
            *(str(path) for path in selected(suites, front.options)),
        ]
        return int(pytest.main(arguments, plugins=[front]))


def selected(suites: Path, options: Options) -> list[Path]:
    """Where the checks of the run are: the files and folders of the suites it is narrowed to, else all of them."""
    names = set(options.suite) or {pattern.split(".")[0] for pattern in options.check}
    places = [path for name in sorted(names) for path in (suites / name, suites / f"{name}.py") if path.exists()]
    return places if len(places) == len(names) > 0 else [suites]


@contextmanager
def _environment(folder: str) -> Iterator[None]:
    """Without the user's pytest settings; what Hypothesis caches goes to `folder`."""
    before = dict(os.environ)
    writes = sys.dont_write_bytecode
    for name in _OTHERS:
        os.environ.pop(name, None)
    os.environ |= {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(Path(folder) / "hypothesis"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    sys.dont_write_bytecode = True
    tell_hypothesis(Path(folder))
    try:
        with without_local_constants():
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        sys.dont_write_bytecode = writes
