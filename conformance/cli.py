"""The command line of the judge: `conformance tenant`, `demo`, `clauses`, `checks`, `predictions`, `cleanup`."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from conformance import cleanup as cleaning
from conformance.behaviour import behaviour
from conformance.clauses import Catalogue, catalogue
from conformance.coverage import COLUMNS, Covering, missing
from conformance.coverage import coverage as coverage_rows
from conformance.embedded import KNOWN, embedded_tenant
from conformance.errors import ConformanceError, UsageFault
from conformance.ledger import open_entries
from conformance.model import Clause
from conformance.options import HELP, Options, complete
from conformance.predictions import check_tools, listing, shipped
from conformance.profiles import available, select
from conformance.report.reader import read_report
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
    """Judges SCIM tenants: exit code 0 conformant, 1 not conformant, 2 could not be judged."""


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
@click.argument("clause", required=False)
@click.option("--coverage", is_flag=True, help="per group: which clauses a run judged")
@click.option(
    "--from",
    "reports",
    type=click.Path(),
    multiple=True,
    help="the report of that run, repeatable; default: judge the embedded tenant now",
)
def clauses(clause: str | None, *, coverage: bool, reports: tuple[str, ...]) -> None:
    """Shows the clause catalogue, one CLAUSE of it, or how far the checks cover it."""
    with_exit(lambda: _clauses(clause, coverage=coverage, reports=reports))


def _clauses(wanted: str | None, *, coverage: bool, reports: tuple[str, ...]) -> int:
    tables = catalogue()
    if wanted:
        return _show(tables, wanted)
    if coverage:
        runs = {path: Covering.of(read_report(Path(path)).results) for path in reports}
        return _coverage(tables, runs or _judged_now())
    for found in tables.clauses.values():
        click.echo(f"{found.id:<20} {found.level.value:<12} {found.group:<10} {found.says}")
    return 0


def _show(tables: Catalogue, wanted: str) -> int:
    found = tables.clauses.get(wanted)
    if found is None:
        near = [name for name in tables.clauses if wanted.lower() in name.lower()][:8]
        raise UsageFault(f"no clause {wanted}" + (f"; near: {', '.join(near)}" if near else ""))
    for line in _lines(found):
        click.echo(line)
    listed = collect(Front(Options(profile=tuple(available())), None, click.echo, lambda: True))
    for check in listed:
        if wanted in {clause.id for clause in check.clauses}:
            click.echo(f"checked by    {check.id}: {check.title}")
    return 0


def _lines(clause: Clause) -> list[str]:
    rows = {
        "id": clause.id,
        "source": f"{clause.source} {clause.section}",
        "level": clause.level.value + (" (tentative)" if clause.tentative else ""),
        "group": clause.group,
        "says": clause.says,
        "test": clause.test,
        "applies when": clause.applies_when,
        "fixed": clause.fixed,
        "ambiguities": ", ".join(clause.ambiguities),
        "confidence": clause.confidence,
        "unchecked": clause.unchecked,
        "same as": clause.same_as,
    }
    return [f"{name:<13} {value}" for name, value in rows.items() if value]


def _coverage(tables: Catalogue, runs: Mapping[str, Covering]) -> int:
    covering = Covering.merged(runs.values())
    if len(runs) > 1:
        click.echo(f"{len(runs)} runs, merged: a clause is judged if one of them judged it.")
        for name, run_ in runs.items():
            click.echo(f"  {name}: {len(run_.judged)} clauses judged, {len(run_.away)} not applicable")
    columns = "".join(f"{name:>11}" for name in ("judged", "same", "not here", "reason", "open", "missing"))
    click.echo(f"{'group':<12}{'clauses':>8}{columns}  title")
    for row in coverage_rows(tables, covering):
        counts = "".join(f"{row.counts.get(name, 0):>11}" for name in COLUMNS)
        click.echo(f"{row.group:<12}{row.total:>8}{counts}  {row.title}")
    lost = missing(tables, covering)
    told = f": {', '.join(lost)}" if lost else ""
    click.echo(f"{len(covering.judged)} clauses judged, {len(covering.away)} not applicable, {len(lost)} missing{told}")
    return 1 if lost else 0


def _judged_now() -> dict[str, Covering]:
    """What a quick run covers on each account: Samanage's, and a strict one with schemas of every kind."""
    every = Options(profile=tuple(available()), effort="quick", report=None)
    return {
        "the default account, by every profile": _covered(every),
        "a strict laboratory account, by rfc": _covered(replace(every, profile=("rfc",)), laboratory=True),
    }


def _covered(options: Options, *, laboratory: bool = False) -> Covering:
    with embedded_tenant(options, laboratory=laboratory) as embedded:
        front = Front(embedded, begin(embedded), lambda _text: None, lambda: True)
        run(front)
    return Covering.of(front.outcome.results if front.outcome else ())


@main.command("behaviour")
@click.argument("report", type=click.Path(), default="report/report.jsonl", required=False)
@click.option("--json", "as_json", is_flag=True, help="as one JSON object")
def show_behaviour(report: str, *, as_json: bool) -> None:
    """Shows how the target of a REPORT reads what the RFCs leave open (default: report/report.jsonl)."""
    with_exit(lambda: _behaviour(Path(report), as_json=as_json))


def _behaviour(path: Path, *, as_json: bool) -> int:
    report = read_report(path)
    found = behaviour(report.results, {name: entry.fields for name, entry in catalogue().ambiguities.items()})
    target = str(report.header.get("target", ""))
    if as_json:
        click.echo(json.dumps(found.json(target), indent=2, ensure_ascii=False))
        return 0
    click.echo(f"{target} by {', '.join(report.header.get('profiles', []))}")
    for line in found.lines():
        click.echo(line)
    return 0


@main.command()
@click.option("--profile", multiple=True, help="only the tools that this profile predicts")
def predictions(profile: tuple[str, ...]) -> None:
    """Lists the tests of vendors' tools by their names there, and the clauses that decide each."""
    with_exit(lambda: _predictions(profile))


def _predictions(profiles: tuple[str, ...]) -> int:
    known = available()
    if unknown := [name for name in profiles if name not in known]:
        raise UsageFault(f"no profile {', '.join(unknown)}; there are: {', '.join(known)}")
    check_tools(shipped(), catalogue(), known)
    lines = list(listing(profiles))
    for line in lines or [f"No tool of a vendor is predicted under {', '.join(profiles)}."]:
        click.echo(line)
    return 0


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


def with_exit(work: Callable[[], int]) -> NoReturn:
    """Ends the process with the code of `work`; a wrong option or an unfit target is one line and exit code 2."""
    try:
        sys.exit(work())
    except ConformanceError as error:
        click.echo(f"conformance: {error}", err=True)
        sys.exit(2)


def _tick(done: int, total: int, suite: str) -> None:
    click.echo(f"\r{done} of {total} checks, {suite:<30}" + ("\r" + " " * 60 + "\r" if done == total else ""), nl=False)


def _terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()
