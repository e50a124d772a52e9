"""The command that judges a connector: `conformance connector`."""

from __future__ import annotations

import shlex
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from conformance.clauses import catalogue
from conformance.cli_exit import with_exit
from conformance.connector.conclusion import Told, conclude
from conformance.connector.control import Control
from conformance.connector.daemon import DaemonLauncher
from conformance.connector.evidence import FOLDER, write_evidence
from conformance.connector.model import Evidence, Scenario
from conformance.connector.playing import perform, performance
from conformance.connector.process import CommandLauncher
from conformance.connector.scenario import available, read, selected
from conformance.connector.source import SourceFormat, schema_text
from conformance.embedded import embedded_place
from conformance.errors import UsageFault
from conformance.known import Known, read_known
from conformance.report.outcome import Outcome
from conformance.report.terminal import render
from conformance.report.views import write_reports

_FORMATS = click.Choice([form.value for form in SourceFormat])
_SECONDS = click.FloatRange(min=0, min_open=True)
_USELESS = ("not found", "not started")
CONTEXT = {"allow_interspersed_args": False, "help_option_names": ["-h", "--help"]}


@click.command(context_settings=CONTEXT)
@click.option("--scenario", "scenarios", multiple=True, help="a scenario by name, or a TOML file; may be repeated")
@click.option("--all", "every", is_flag=True, help="every scenario, not only those played by default")
@click.option("--list", "listing", is_flag=True, help="list the scenarios; nothing is started")
@click.option("--schema", is_flag=True, help="print the JSON Schema of the source, which describes the CSV too")
@click.option("--source-format", type=_FORMATS, default="json", show_default=True, help="how the source is handed over")
@click.option("--timeout", type=_SECONDS, default=300.0, show_default=True, help="seconds a step may take")
@click.option("--daemon", is_flag=True, help="CMD stays; SIGHUP and the changed source announce a step")
@click.option("--quiet", type=_SECONDS, default=5.0, show_default=True, help="a daemon's step ends after such silence")
@click.option("--report", type=click.Path(path_type=Path), default="report", show_default=True, help="report folder")
@click.option("--strict", is_flag=True, help="WARN counts as FAIL")
@click.option("--known", type=click.Path(path_type=Path), help="TOML file of known deviations")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def connector(
    scenarios: tuple[str, ...],
    command: tuple[str, ...],
    *,
    every: bool,
    listing: bool,
    schema: bool,
    source_format: str,
    timeout: float,
    daemon: bool,
    quiet: float,
    report: Path,
    strict: bool,
    known: Path | None,
) -> None:
    """Judges a connector: COMMAND is started once per step of each scenario, and has to end when it is done.

    Write -- before COMMAND. It finds the tenant in SAMANAGE_URL; SAMANAGE_TOKEN, or SAMANAGE_USERNAME and
    SAMANAGE_PASSWORD, or all three, as the scenario has it; the people in the file SAMANAGE_SOURCE, in the form
    SAMANAGE_SOURCE_FORMAT (see --schema); a folder that is kept through the scenario in SAMANAGE_STATE; and
    SAMANAGE_SCENARIO and SAMANAGE_STEP. Exit status 0 says that everything was done, another one that something could
    not be.
    """
    wish = Wish(command, SourceFormat(source_format), timeout, daemon, quiet, report, strict)
    with_exit(lambda: _connector(wish, scenarios, known, every=every, listing=listing, schema=schema))


@dataclass(slots=True)
class Wish:
    """How a connector is to be judged."""

    command: tuple[str, ...]
    form: SourceFormat
    timeout: float
    daemon: bool
    quiet: float
    report: Path
    strict: bool
    known: list[Known] = field(default_factory=list)


def _connector(
    wish: Wish, names: tuple[str, ...], known: Path | None, *, every: bool, listing: bool, schema: bool
) -> int:
    if schema:
        click.echo(schema_text(), nl=False)
        return 0
    if listing:
        return _list(names)
    if not wish.command:
        raise UsageFault("no connector: give its command after --, as in: conformance connector -- python connector.py")
    wish.known = read_known(known) if known else []
    chosen = selected(names, every=every)
    _make(wish.report)
    outcome = _judge(wish, chosen)
    colour, width = sys.stdout.isatty(), shutil.get_terminal_size((100, 40)).columns
    click.echo(render(outcome, colour=colour, width=width), color=colour, nl=False)
    return outcome.exit_code


def _list(names: tuple[str, ...]) -> int:
    for scenario in map(read, names or available()):
        mark = "*" if scenario.default else " "
        focus = f"  ({', '.join(scenario.clauses)})" if scenario.clauses else ""
        click.echo(f"{mark} {scenario.name:<26} {len(scenario.steps)} steps  {scenario.title}{focus}")
    click.echo("* played by default; --all plays every one")
    return 0


def _make(report: Path) -> None:
    try:
        report.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageFault(f"--report {report} cannot be made: {error.strerror}") from error


def _judge(wish: Wish, chosen: list[Scenario]) -> Outcome:
    started = time.monotonic()
    subject = shlex.join(wish.command)
    evidences: list[Evidence] = []
    faults: tuple[str, ...] = ()
    click.echo(f"Judging {subject} in {len(chosen)} {'scenario' if len(chosen) == 1 else 'scenarios'}.")
    with _terminable(), embedded_place() as place, Control(place.control, place.control_token) as control:
        try:
            _play_all(wish, chosen, control, evidences)
        except KeyboardInterrupt:
            faults = (f"stopped after {len(evidences)} of {len(chosen)} scenarios",)
    told = Told(subject, place.url, time.monotonic() - started, wish.report, wish.known, wish.strict, faults)
    return _reported(conclude(evidences, catalogue(), told), wish.report)


def _play_all(wish: Wish, chosen: list[Scenario], control: Control, evidences: list[Evidence]) -> None:
    """One scenario after the other adds its evidence; a command that cannot be started is tried once only."""
    for number, scenario in enumerate(chosen, 1):
        click.echo(f"[{number}/{len(chosen)}] {scenario.name}: {scenario.title}")
        evidence = _play(wish, scenario, control)
        evidences.append(evidence)
        _keep(wish, evidence)
        if evidence.played[-1].ended.trouble.startswith(_USELESS):
            return


def _play(wish: Wish, scenario: Scenario, control: Control) -> Evidence:
    with performance(scenario, control, wish.form, lasting=wish.daemon) as playing:
        if not wish.daemon:
            return perform(playing, CommandLauncher(wish.command, wish.timeout), click.echo)
        with DaemonLauncher(wish.command, playing.account.traffic, wish.timeout, wish.quiet) as launcher:
            return perform(playing, launcher, click.echo)


def _keep(wish: Wish, evidence: Evidence) -> None:
    try:
        write_evidence(wish.report, evidence, wish.form)
    except OSError as error:
        raise UsageFault(f"the evidence cannot be written to {wish.report / FOLDER}: {error.strerror}") from error


def _reported(outcome: Outcome, folder: Path) -> Outcome:
    try:
        write_reports(folder, outcome)
    except OSError as error:
        told = f"the report cannot be written: {error}"
        return replace(outcome, faults=(*outcome.faults, told), exit_code=outcome.exit_code or 2)
    return outcome


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends the run as Ctrl-C does: nothing is left running."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
