"""`conformance provision`: a job of the simulated provisioning service, and what one asks of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from conformance.entra.clock import VirtualClock
from conformance.entra.config import Config, read_config, write_config
from conformance.entra.dialect import switches
from conformance.entra.directory.files import write_csv as write_source_csv
from conformance.entra.directory.files import write_json
from conformance.entra.directory.mutations import GRAMMAR, Editor, read_script
from conformance.entra.directory.snapshot import snapshot_of
from conformance.entra.directory.store import Source
from conformance.entra.errors import ConfigError
from conformance.entra.expressions import FUNCTIONS
from conformance.entra.job.engine import Job, known_scopes
from conformance.entra.job.graph import synchronization_job
from conformance.entra.job.model import CycleResult
from conformance.entra.job.on_demand import provision_on_demand
from conformance.entra.job.opening import look_at, open_job, open_state
from conformance.entra.job.running import run_cycles
from conformance.entra.job.state import State
from conformance.entra.log.model import Action, Status
from conformance.entra.log.summary import Names, summary
from conformance.entra.log.tables import table, write_csv
from conformance.entra.showing import echo_json, show_audit, show_results, show_steps, standing
from conformance.errors import ConformanceError

DEFAULT = "app.toml"
ON_DEMAND = timedelta(seconds=30)
"""What an on-demand provisioning takes (POD)."""
WIDTH = 160
"""Columns of a table that is not for a terminal."""


@dataclass(frozen=True, slots=True)
class Given:
    """What stands before the subcommand."""

    config: Path
    url: str
    token: str
    concurrency: int | None = None
    rate: float | None = None

    def read(self) -> Config:
        """The configuration; raises ConfigError."""
        return read_config(self.config, url=self.url, token=self.token).hastened(self.concurrency, self.rate)

    def read_offline(self) -> Config:
        """The configuration for what sends nothing: no secret has to be at hand; raises ConfigError."""
        return read_config(self.config, url=self.url, token=self.token or "none")


@contextmanager
def told() -> Iterator[None]:
    """A wrong input is one line and exit code 2."""
    try:
        yield
    except ConformanceError as error:
        click.echo(f"conformance: {error}", err=True)
        sys.exit(2)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", default=DEFAULT, show_default=True, type=click.Path(path_type=Path), help="the application")
@click.option("--at-url", "url", default="", help="tenant URL in place of the configured one")
@click.option("--token", default="", help="secret token in place of the configured credentials", envvar="SCIM_TOKEN")
@click.option("--cycles", type=click.IntRange(min=1), default=None, help="run so many cycles  [default: 1]")
@click.option("--until-quiet", is_flag=True, help="run until a cycle has nothing to write and nothing to try again")
@click.option(
    "--concurrency", type=click.IntRange(min=1), help="requests under way at once, in place of the configured"
)
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="requests a second at most")
@click.option("--apply", "script", type=click.Path(path_type=Path), help="first change the source by this script")
@click.option("--json", "as_json", is_flag=True, help="the results as JSON")
@click.pass_context
def provision(
    context: click.Context,
    *,
    config: Path,
    url: str,
    token: str,
    cycles: int | None,
    until_quiet: bool,
    concurrency: int | None,
    rate: float | None,
    script: Path | None,
    as_json: bool,
) -> None:
    """Provisions a SCIM server as Microsoft Entra would: cycles of forty minutes, in no time.

    The clock is the job's own; between cycles it jumps. Exit code 0: every object was provisioned or left out for a
    reason; 1: some failed, or the job is in quarantine; 2: nothing could be done.
    """
    context.obj = Given(config, url, token, concurrency, rate)
    if context.invoked_subcommand is not None:
        return
    with told(), open_job(context.obj.read()) as job:
        if script:
            _apply(job, script)
        results = _run(job, cycles, until_quiet=until_quiet)
        show_results(job, results, as_json=as_json)
        code = _exit_code(job, results)
    sys.exit(code)


def _run(job: Job, cycles: int | None, *, until_quiet: bool) -> list[CycleResult]:
    """The results of the cycles, with a live bar in a terminal."""
    if not sys.stderr.isatty():
        return run_cycles(job, cycles, until_quiet=until_quiet)
    count = TextColumn("{task.completed} of {task.total}")
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), count)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        shown = bar.add_task("cycle", total=None)
        job.on_progress = lambda kind, done, total: bar.update(
            shown, description=f"{kind}s", completed=done, total=total
        )
        return run_cycles(job, cycles, until_quiet=until_quiet)


@provision.command()
@click.argument("path", type=click.Path(path_type=Path), default=DEFAULT)
@click.option("--users", type=click.IntRange(min=0), help="people that Faker invents for the source  [default: 100]")
@click.option("--groups", type=click.IntRange(min=0), help="groups that it invents  [default: 5]")
@click.option("--seed", type=click.IntRange(min=0), help="the same source for the same seed  [default: 7]")
def init(path: Path, **generated: int | None) -> None:
    """Writes a commented configuration to PATH (default: app.toml)."""
    with told():
        write_config(path, **{name: number for name, number in generated.items() if number is not None})
    click.echo(f"{path} is written; enter tenant URL, credentials and source, then run: conformance provision")


@provision.command("test-connection")
@click.pass_obj
def test_connection(given: Given) -> None:
    """Tests the connection, as the button of that name does."""
    with told(), open_job(given.read(), persistent=False) as job:
        found = job.test_connection()
    click.echo("The supplied credentials are authorized." if found.ok else f"{found.message}\n{found.hint}")
    sys.exit(0 if found.ok else 1)


@provision.command("on-demand")
@click.argument("who")
@click.option("--member", "members", multiple=True, help="a member of the group WHO; at most five")
@click.option("--json", "as_json", is_flag=True, help="as provisioningObjectSummary objects")
@click.pass_obj
def on_demand(given: Given, who: str, *, members: tuple[str, ...], as_json: bool) -> None:
    """Provisions WHO, a user or a group, now, and shows each step.

    WHO is an id, a userPrincipalName, a mail address or a display name. Exit code 0: provisioned, or left out for a
    reason; 1: it failed; 2: nothing could be done.
    """
    with told(), open_job(given.read()) as job:
        found = provision_on_demand(job, who, members)
        if isinstance(job.clock, VirtualClock):
            job.clock.advance(ON_DEMAND)
        if as_json and found.connection.ok:
            echo_json([summary(each, Names(job.application.name)) for each in found.events])
        elif as_json:
            echo_json({"errorCode": found.connection.code, "reason": found.connection.message})
        else:
            show_steps(found.steps)
    sys.exit(0 if found.ok else 1)


@provision.command()
@click.option("--who", default="", help="an id, or a part of the name")
@click.option("--action", type=click.Choice([each.value for each in Action]), default=None, help="only this action")
@click.option("--status", type=click.Choice([each.value for each in Status]), default=None, help="only this status")
@click.option("--cycle", default="", help="only the cycle with this id")
@click.option("--last", type=click.IntRange(min=1), default=None, help="only so many, the newest")
@click.option("--audit", is_flag=True, help="the audit log instead")
@click.option("--json", "as_json", is_flag=True, help="as provisioningObjectSummary objects")
@click.option("--csv", "folder", type=click.Path(path_type=Path), help="three CSV files into this folder")
@click.pass_obj
def log(given: Given, /, *, audit: bool, as_json: bool, folder: Path | None, **chosen: Any) -> None:
    """Shows the provisioning log."""
    with told():
        config = given.read_offline()
        with closing(open_state(config.directory)) as database:
            state = State(database)
            events = [] if audit else list(state.events(**{name: value for name, value in chosen.items() if value}))
            audits = state.audit() if audit else []
        if audit:
            show_audit(audits, as_json=as_json)
        elif folder:
            click.echo("\n".join(map(str, write_csv(folder, events))))
        elif as_json:
            echo_json([summary(each, Names(config.application.name)) for each in events])
        else:
            Console(width=None if sys.stdout.isatty() else WIDTH).print(table(events))


@provision.command()
@click.option("--scopes", default="", help="comma-separated reset scopes; default: those of the portal's button")
@click.pass_obj
def restart(given: Given, scopes: str) -> None:
    """Restarts the job: the next cycle reads everything.

    Scopes: ConnectorDataStore forgets the links, Escrows what failed or is staged, Watermark makes the next cycle a
    full one, QuarantineState ends the quarantine, Full does all of that, ForceDeletes allows what is staged.
    """
    _change(given, lambda job: job.restart(known_scopes(scopes)))


@provision.command()
@click.pass_obj
def pause(given: Given) -> None:
    """Pauses the job: no cycle begins, and what it knows is kept."""
    _change(given, Job.pause)


@provision.command()
@click.pass_obj
def start(given: Given) -> None:
    """Starts the job, or lets it go on; a quarantine ends."""
    _change(given, Job.start)


@provision.command()
@click.option("--json", "as_json", is_flag=True, help="as Graph's synchronizationJob")
@click.pass_obj
def status(given: Given, *, as_json: bool) -> None:
    """Shows where the job stands, also while it runs."""
    with told(), look_at(given.read_offline()) as job:
        if as_json:
            echo_json(synchronization_job(job))
        else:
            click.echo(standing(job))


@provision.command()
@click.argument("script", type=click.Path(path_type=Path), required=False)
@click.option("--write", type=click.Path(path_type=Path), help="write the source to a .json file or a folder of CSV")
@click.pass_obj
def source(given: Given, script: Path | None, write: Path | None) -> None:
    """Changes the source directory by a SCRIPT, one change a line; without one, shows what can stand there.

    The next cycle reads the changes. WHO and GROUP are ids or names.
    """
    if script is None and write is None:
        click.echo(GRAMMAR)
        return
    with told(), open_job(given.read_offline()) as job:
        if script:
            click.echo(f"{_apply(job, script)} changes; the next cycle reads them.")
        if write:
            _write_source(job.source, write)


@provision.command()
def functions() -> None:
    """Lists the functions of mapping expressions."""
    for each in FUNCTIONS.values():
        click.echo(f"{each.signature}\n    {each.doc} ({each.source})")


@provision.command("switches")
def list_switches() -> None:
    """Lists what Microsoft's documentation leaves open or contradicts, with the default and the alternatives."""
    for each in switches().values():
        click.echo(f"{each.id} = {each.default}  [{each.confidence}: {each.source}]\n    {each.says}")
        for value, means in each.values.items():
            click.echo(f"      {value}: {means}")


def _exit_code(job: Job, results: Sequence[CycleResult]) -> int:
    if not results:
        return 2
    good = results[-1].state == "Succeeded" and job.state.quarantine is None and not job.state.escrowed()
    return 0 if good else 1


def _apply(job: Job, script: Path) -> int:
    try:
        text = script.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{script} cannot be read: {error}") from error
    editor = Editor(job.source, job.clock.now(), job.random)
    mutations = read_script(text)
    with job.source.database.transaction():
        for mutation in mutations:
            editor.apply(mutation)
    return len(mutations)


def _write_source(found: Source, path: Path) -> None:
    if path.suffix == ".json":
        write_json(path, snapshot_of(found))
    else:
        write_source_csv(path, snapshot_of(found))


def _change(given: Given, change: Callable[[Job], None]) -> None:
    with told(), open_job(given.read_offline()) as job:
        change(job)
        click.echo(standing(job))
