"""The pytest plugin: options, collection, one result per clause, the report at the end.

`pytest -p conformance.plugin --pyargs conformance.suites --scim-target URL …` judges a target. With pytest-xdist the
workers judge and send results to the controller, which alone connects first, cleans up and writes the report.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from conformance import fixtures
from conformance.checks import Check, make_check
from conformance.clauses import catalogue
from conformance.conclusions import conclude, not_run
from conformance.controller import CONTROLLER, PROPERTY, Controller
from conformance.errors import ConformanceError, Unreachable
from conformance.findings import Sheet
from conformance.fixtures import SESSION
from conformance.model import CheckResult, Verdict
from conformance.options import add_options, read_options
from conformance.report.format import result_to_json
from conformance.session import Session, begin, open_session

SUITES = Path(__file__).resolve().parent / "suites"
CHECK = pytest.StashKey[Check]()
SHEET = pytest.StashKey[Sheet]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options `--scim-…` exist."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """The marks of a check are known, and the fixtures."""
    config.addinivalue_line("markers", "clause(*ids): the clauses a check judges")
    config.addinivalue_line("markers", "budget(quick, standard, deep): the most requests a check makes")
    config.pluginmanager.register(fixtures, "conformance-fixtures")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """The target is there and is SCIM, or the run ends with one sentence and exit code 2."""
    config = session.config
    try:
        options = read_options(config)
        if not options.target or config.option.collectonly:
            return
        shared = getattr(config.option, "scim_shared", None) or begin(options)
        config.option.scim_shared = shared  # xdist hands the options to its workers
        if hasattr(config, "workerinput"):
            shared = {**shared, "worker": str(config.workerinput["workerid"]).replace("gw", "w")}
        else:
            config.stash[CONTROLLER] = Controller.start(options, shared)
            config.pluginmanager.register(config.stash[CONTROLLER], "conformance-controller")
        config.stash[SESSION] = open_session(options, shared)
    except ConformanceError as error:
        pytest.exit(str(error), returncode=2)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """The controller of xdist collects too, so that it knows what the workers owe."""
    if session.config.pluginmanager.hasplugin("dsession") and CONTROLLER in session.config.stash:
        session.perform_collect()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every test with clauses is a check; those of other profiles or suites are deselected."""
    state = config.stash.get(SESSION, None)
    suites, patterns = set(config.option.scim_suite), list(config.option.scim_check)
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        check = _check_of(item)
        if check is not None:
            item.stash[CHECK] = check
        (kept if check is None or _selected(check, state, suites, patterns) else dropped).append(item)
    items[:] = kept
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    if state is not None:
        state.checks = {item.nodeid: item.stash[CHECK] for item in kept if CHECK in item.stash}
        if state.checks and SESSION in config.stash and CONTROLLER in config.stash:
            config.stash[CONTROLLER].expect(state.checks)


def _check_of(item: pytest.Item) -> Check | None:
    ids = [str(clause) for mark in item.iter_markers("clause") for clause in mark.args]
    if not ids:
        return None
    budgets = item.get_closest_marker("budget")
    docstring = getattr(getattr(item, "function", None), "__doc__", None)
    return make_check(
        suite_of(item.path),
        item.name,
        docstring,
        ids,
        clauses=catalogue().clauses,
        budgets=budgets.args if budgets else (),
    )


def suite_of(path: Path) -> str:
    """The suite of a file: its name, or the name of its folder below the suites' own."""
    return path.relative_to(SUITES).parts[0].removesuffix(".py") if path.is_relative_to(SUITES) else path.stem


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """The suites are collected whatever `python_files` says."""
    if file_path.suffix != ".py" or not file_path.is_relative_to(SUITES) or file_path.name.startswith("_"):
        return None
    if parent.session.isinitpath(file_path) or any(fnmatch(file_path.name, glob) for glob in _patterns(parent.config)):
        return None
    module: pytest.Module = pytest.Module.from_parent(parent, path=file_path)
    return module


def _patterns(config: pytest.Config) -> list[str]:
    return [str(glob) for glob in config.getini("python_files")]


def _selected(check: Check, state: Session | None, suites: set[str], patterns: list[str]) -> bool:
    if suites and check.suite not in suites:
        return False
    if patterns and not any(fnmatch(check.id, pattern) for pattern in patterns):
        return False
    return state is None or bool(check.unknown) or any(state.selection.holds(clause.id) for clause in check.clauses)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Judging calls write to this check's sheet; a check none of whose clauses applies is skipped."""
    check, state = item.stash.get(CHECK, None), item.config.stash.get(SESSION, None)
    if check is None:
        return
    if state is None:
        pytest.fail("no target: give --scim-target URL", pytrace=False)
    state.transport.recorder.begin()
    sheet = Sheet(check.id, check.clauses, state.transport.recorder, away=state.away(check), readings=state.readings())
    item.stash[SHEET] = sheet
    Sheet.open(sheet)
    if state.gone:
        pytest.skip(state.gone)
    if len(sheet.away) == len(check.clauses):
        pytest.skip("; ".join(dict.fromkeys(sheet.away.values())))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """The budget counts what the body of the check asks for."""
    if SHEET in item.stash:
        item.config.stash[SESSION].transport.recorder.count = 0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The results travel in the report of the body, or of the set-up that prevented it."""
    report = yield
    sheet = item.stash.get(SHEET, None)
    if sheet is None or call.when == "teardown" or (call.when == "setup" and call.excinfo is None):
        return report
    state = item.config.stash[SESSION]
    requests = state.transport.recorder.count if call.when == "call" else 0
    results = _results(item.stash[CHECK], sheet, state, call)
    Sheet.open(None)
    redactor = state.transport.redactor
    told = [result_to_json(result, redactor.text, redactor.headers) for result in results]
    report.user_properties.append((PROPERTY, json.dumps({"results": told, "requests": requests})))
    _colour(report, item, results)
    return report


def _results(check: Check, sheet: Sheet, state: Session, call: pytest.CallInfo[None]) -> list[CheckResult]:
    error = call.excinfo.value if call.excinfo else None
    if state.gone:
        return not_run(check, state.gone)
    if isinstance(error, Unreachable):
        state.gone = f"the target stopped answering in {check.id}"
    if isinstance(error, pytest.skip.Exception) and len(sheet.away) < len(check.clauses):
        error = RuntimeError(f"a check skips itself ({error.msg}) instead of judging")
    return conclude(check, sheet, state.selection, error, in_setup=call.when == "setup")


def _colour(report: pytest.TestReport, item: pytest.Item, results: list[CheckResult]) -> None:
    """The outcome pytest knows follows the verdicts: a short text, no traceback."""
    wrong = [result for result in results if result.verdict in {Verdict.FAIL, Verdict.ERROR}]
    ran = [result for result in results if result.verdict not in {Verdict.NOT_APPLICABLE, Verdict.NOT_RUN}]
    if wrong:
        report.outcome = "failed"
        report.longrepr = "\n".join(
            f"{result.verdict} {result.clause}: expected {result.expected}; observed {result.observed}"
            for result in wrong
        )
    elif not ran:
        report.outcome = "skipped"
        report.longrepr = (str(item.path), 0, f"Skipped: {results[0].observed}")
    else:
        report.outcome, report.longrepr = "passed", None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """The controller cleans up, concludes and writes the report; the exit code is the run's."""
    state = session.config.stash.get(SESSION, None)
    controller = session.config.stash.get(CONTROLLER, None)
    if controller is not None and state is not None and not controller.cancelled:
        broken = session.exitstatus == pytest.ExitCode.INTERNAL_ERROR
        session.exitstatus = controller.finish(state, broken=broken).exit_code
    if state is not None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["scim_requests"] = state.transport.recorder.total
        state.transport.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The summary of the run, below pytest's own."""
    controller = config.stash.get(CONTROLLER, None)
    if controller is not None and controller.outcome is not None:
        terminalreporter.section("SCIM conformance")
        terminalreporter.write(controller.summary())


def pytest_report_header(config: pytest.Config) -> list[str]:
    """What is judged, in pytest's header."""
    state = config.stash.get(SESSION, None)
    return [] if state is None else [f"scim: {state.options.target}, profiles {', '.join(state.options.profiles)}"]
