"""The command line of the judge: `tenant`, `demo`, `checks`, `cleanup`, and the commands of other modules."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from conformance import cleanup as cleaning
from conformance.clauses import catalogue
from conformance.cli_catalogue import clauses, predictions, show_behaviour
from conformance.cli_connector import connector
from conformance.cli_exit import with_exit
from conformance.embedded import KNOWN, embedded_tenant
from conformance.entra.cli import provision
from conformance.errors import UsageFault
from conformance.ledger import open_entries
from conformance.options import HELP, Options, complete
from conformance.profiles import available, select
from conformance.runner import Front, budget_lines, collect, run
from conformance.session import begin, open_client, open_hooks
from conformance.version import VERSION

Command = TypeVar("Command", bound=Callable[..., Any])
_HIDDEN = frozenset({"target", "report"})
DEMO_SEED = 7  # a demonstration shows the same thing to everybody; --seed looks further
_TYPES: dict[str, Any] = {
    "effort": click.Choice(["quick", "standard", "deep"]),
    "seed": click.IntRange(min=0),
    "rate": click.FloatRange(min=0, min_open=True),
    "timeout": click.FloatRange(min=0, min_open=True),
}


def _options(*, without: Sequence[str] = ()) -> Callable[[Command], Command]:
    """Every field of Options as an option of the command, the same words as on pytest's command line."""

    def decorate(command: Command) -> Command:
        for entry in reversed(fields(Options)):
            if entry.name in _HIDDEN or entry.name in without:
                continue
            several, flag = isinstance(entry.default, tuple), isinstance(entry.default, bool)
            settings: dict[str, Any] = (
                {"is_flag": True} if flag else {"type": _TYPES.get(entry.name), "multiple": several}
            )
            name = f"--{entry.name.replace('_', '-')}"
            command = click.option(name, entry.name, default=entry.default, help=HELP[entry.name], **settings)(command)
        return command

    return decorate


def _running(command: Command) -> Command:
    """What every command that judges has besides."""
    command = click.option("-n", "workers", type=click.IntRange(min=1), help="judge with so many processes")(command)
    command = click.option("--list", "listing", is_flag=True, help="list the checks with their budgets; no request")(
        command
    )
    return click.option("--report", default="report", show_default=True, help=HELP["report"])(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(VERSION)
def main() -> None:
    """Judges SCIM tenants and connectors: exit code 0 conformant, 1 not conformant, 2 could not be judged."""


for _command in (clauses, connector, show_behaviour, predictions, provision):
    main.add_command(_command)


@main.command()
@click.argument("url", required=False, default="")
@_options()
@_running
@click.option("--yes", is_flag=True, help="do not ask before the first write")
def tenant(url: str, *, workers: int | None, listing: bool, yes: bool, **given: Any) -> None:
    """Judges the SCIM server at URL, for example http://127.0.0.1:8080/scim/v2."""
    with_exit(lambda: _tenant(Options(target=url, **given), workers, listing=listing, yes=yes))


def _tenant(options: Options, workers: int | None, *, listing: bool, yes: bool) -> int:
    if listing:
        return _list(options)
    options = complete(options, os.environ)
    shared = begin(options)
    if not yes and not _terminal():
        raise UsageFault("there is no terminal to ask on: give --yes to let users and groups be created")
    ask = (lambda: True) if yes else (lambda: click.confirm("Go on?", default=True))
    return _judge(Front(options, shared, click.echo, ask), workers)


@main.command()
@_options(without=("token", "username", "password", "hooks", "hooks_token", "ready_file", "ca_file", "insecure"))
@_running
def demo(*, workers: int | None, listing: bool, **given: Any) -> None:
    """Starts a fake Samanage tenant, judges it by every profile, and writes the report; the same examples each time."""
    with_exit(lambda: _demo(Options(**given), workers, listing=listing))


def _demo(options: Options, workers: int | None, *, listing: bool) -> int:
    options = replace(
        options,
        profile=options.profile or tuple(available()),
        known=options.known or str(KNOWN),
        seed=DEMO_SEED if options.seed is None else options.seed,
    )
    if listing:
        return _list(options)
    with embedded_tenant(options) as embedded:
        click.echo(f"A fake Samanage tenant listens at {embedded.target} as long as this takes.")
        return _judge(Front(embedded, begin(embedded), click.echo, lambda: True), workers)


def _judge(front: Front, workers: int | None) -> int:
    front.tick = _tick if sys.stdout.isatty() else None
    front.colour, front.width = sys.stdout.isatty(), shutil.get_terminal_size((100, 40)).columns
    code = run(front, workers=workers)
    if front.refused:
        click.echo("Nothing was written.")
        return 2
    if front.outcome is None:
        click.echo(
            f"The run did not come to an end (pytest status {code}); nothing can be said of the target.", err=True
        )
        return 2
    click.echo(front.summary, color=front.colour, nl=False)
    return front.outcome.exit_code


def _list(options: Options) -> int:
    chosen = select(options.profiles, catalogue())
    every = collect(Front(options, None, click.echo, lambda: True))
    checks = [check for check in every if any(chosen.holds(clause.id) for clause in check.clauses)]
    for check in checks:
        click.echo(f"{check.id:<70} {check.budget(options.effort):>5}  {check.title}")
    click.echo(f"By {', '.join(options.profiles)}, effort {options.effort}:")
    for line in budget_lines(checks, options.effort):
        click.echo(line)
    return 0 if checks else 2


@main.command()
@click.option("--suite", multiple=True, help=HELP["suite"])
@click.option("--effort", type=_TYPES["effort"], default="standard", help=HELP["effort"])
def checks(suite: tuple[str, ...], effort: str) -> None:
    """Lists every check with its request budget and title."""
    with_exit(lambda: _list(Options(profile=tuple(available()), suite=suite, effort=effort)))


@main.command()
@click.argument("ledger", type=click.Path())
@_options(
    without=(
        "profile",
        "suite",
        "check",
        "effort",
        "seed",
        "user_domain",
        "template",
        "sample",
        "keep",
        "known",
        "write_known",
        "strict",
        "tentative",
        "openapi",
        "opt_in",
    )
)
def cleanup(ledger: str, **given: Any) -> None:
    """Deletes what LEDGER names from the target, after a run that was killed."""
    with_exit(lambda: _cleanup(Path(ledger), Options(**given)))


def _cleanup(path: Path, options: Options) -> int:
    remains = open_entries(path)
    options = complete(replace(options, target=options.target or remains.base), os.environ)
    left = cleaning.clean(path, open_client(options), open_hooks(options))
    click.echo("Everything the run made is gone." if not left else f"{len(left)} could not be deleted.")
    for entry in left:
        click.echo(f"left behind: {entry}", err=True)
    return 1 if left else 0


def _tick(done: int, total: int, suite: str) -> None:
    click.echo(f"\r{done} of {total} checks, {suite:<30}" + ("\r" + " " * 60 + "\r" if done == total else ""), nl=False)


def _terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()
