"""The commands that show the catalogue and what runs say of it: `clauses`, `behaviour`, `predictions`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from conformance.behaviour import behaviour
from conformance.clauses import Catalogue, catalogue
from conformance.cli_exit import with_exit
from conformance.connector.judging import checks as client_checks
from conformance.coverage import COLUMNS, Covering, missing
from conformance.coverage import coverage as coverage_rows
from conformance.embedded import embedded_tenant
from conformance.errors import UsageFault
from conformance.model import Clause
from conformance.options import Options
from conformance.predictions import check_tools, listing, shipped
from conformance.profiles import available
from conformance.report.reader import read_report
from conformance.runner import Front, collect, run
from conformance.session import begin


@click.command()
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
    for listed_check in client_checks():
        if wanted in listed_check.clauses:
            click.echo(f"checked by    {listed_check.id}: {listed_check.title}")
    return 0


def _lines(clause: Clause) -> list[str]:
    rows = {
        "id": clause.id,
        "source": clause.origin,
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


@click.command("behaviour")
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


@click.command()
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
