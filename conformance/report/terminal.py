"""The summary one reads in a terminal: counts per suite, then each finding; readable without colour."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from conformance.model import CheckResult, Verdict
from conformance.report.curl import curl_lines, setup_lines
from conformance.report.outcome import Outcome
from conformance.report.prediction import Forecast, summaries
from conformance.report.writer import NAME

STYLES = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.WARN: "yellow",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.KNOWN: "cyan",
    Verdict.ERROR: "bold magenta",
    Verdict.NOT_RUN: "magenta",
}
SHOWN = 40
LONG = 400
NAMED = 8  # scenarios by name; more are counted
MEANING = {0: "conformant", 1: "not conformant", 2: "could not be judged"}


def render(outcome: Outcome, *, colour: bool, width: int = 100) -> str:
    """The whole summary as text."""
    into = io.StringIO()
    console = Console(
        file=into, force_terminal=colour, no_color=not colour, width=width, highlight=False, soft_wrap=True
    )
    console.print(_counts(outcome))
    _details(console, outcome)
    for line in _closing(outcome):
        console.print(line, soft_wrap=True)
    return into.getvalue()


def _counts(outcome: Outcome) -> Table:
    """Counts per suite; columns nobody needs are left out."""
    totals = outcome.counts
    columns = [
        verdict for verdict in Verdict if totals[verdict] or verdict in {Verdict.PASS, Verdict.FAIL, Verdict.WARN}
    ]
    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column("suite")
    for verdict in columns:
        table.add_column(verdict.value.replace("_", " "), justify="right")
    for suite, counts in outcome.suites().items():
        table.add_row(suite, *[_cell(verdict, counts[verdict]) for verdict in columns])
    table.add_section()
    table.add_row("total", *[_cell(verdict, totals[verdict]) for verdict in columns])
    return table


def _cell(verdict: Verdict, count: int) -> Text:
    return Text(str(count) if count else "·", style=STYLES[verdict] if count else "dim")


def _details(console: Console, outcome: Outcome) -> None:
    found = list(outcome.having(Verdict.FAIL, Verdict.WARN, Verdict.ERROR))
    if any(result.exchanges for result in found):
        console.print("To repeat a finding, first:", style="bold")
        for line in setup_lines(outcome.header):
            console.print(Text(f"  {line}"))
        console.print()
    for result in found[:SHOWN]:
        _detail(console, outcome, result)
    if len(found) > SHOWN:
        console.print(f"… and {len(found) - SHOWN} more in the report.\n")
    for result in outcome.having(Verdict.NOT_RUN):
        console.print(Text(f"NOT_RUN  {result.check}  {result.clause}: {_cut(result.observed)}", style="magenta"))


def _detail(console: Console, outcome: Outcome, result: CheckResult) -> None:
    mark = " (tentative, does not count)" if result.clause in outcome.tentative else ""
    console.print(
        Text(f"{result.verdict.value}  {result.check}", style=STYLES[result.verdict]), escape(result.title) + mark
    )
    console.print(Text(f"  clause    {outcome.says(result.clause)}"))
    if result.expected:
        console.print(Text(f"  expected  {_cut(result.expected)}"))
    console.print(Text(f"  observed  {_cut(result.observed)}"))
    for note in result.observations[:3]:
        console.print(Text(f"  note      {_cut(note)}"))
    lines = curl_lines(result.exchanges, str(outcome.header.get("target", "")))
    for line in lines[-3:]:
        console.print(Text(f"  $ {line if len(line) <= 3 * LONG else line[: 3 * LONG] + ' … (whole in the report)'}"))
    console.print()


def _cut(text: str) -> str:
    return text if len(text) <= LONG else text[:LONG] + " …"


def _closing(outcome: Outcome) -> Iterator[Text]:
    for title, entries in (
        ("stale known deviation", outcome.stale),
        ("fault", outcome.faults),
        ("left behind", outcome.left_behind),
        ("over its request budget", outcome.over_budget),
    ):
        yield from (Text(f"{title}: {entry}", style="bold red") for entry in entries)
    yield from _predicted(outcome)
    counts = ", ".join(f"{count} {verdict.value}" for verdict, count in outcome.counts.items() if count)
    yield Text(f"{counts or 'nothing judged'} in {outcome.elapsed_s:.1f} s, {outcome.requests} requests.")
    if outcome.report:
        yield Text(f"Report: {outcome.report / NAME}")
    if outcome.behaviour.traits:
        seen = len({trait.ambiguity for trait in outcome.behaviour.traits})
        told = f"Behaviour profile: {seen} of {len(outcome.behaviour.topics)} open texts show how they are read"
        yield Text(f"{told}: conformance behaviour {outcome.report / NAME}" if outcome.report else f"{told}.")
    yield Text(
        f"Result: {MEANING[outcome.exit_code]} (exit code {outcome.exit_code}), profiles "
        f"{', '.join(outcome.header.get('profiles', []))}{_circumstances(outcome.header)}."
    )


def _circumstances(header: Mapping[str, Any]) -> str:
    if "scenarios" in header:
        played = header["scenarios"]
        return f", {len(played)} scenarios" if len(played) > NAMED else f", scenarios {', '.join(played)}"
    return f", seed {header.get('seed')}"


def _predicted(outcome: Outcome) -> Iterator[Text]:
    """What vendors' tools would say; tests that this run does not decide are told in the report."""
    for summary in summaries(outcome.predictions):
        failing = [_cut(line) for line in summary.told(Forecast.FAIL)]
        yield Text(f"{summary.sentence}{'; these would fail:' if failing else '.'}")
        yield from (Text(f"  {line}", style=STYLES[Verdict.FAIL]) for line in failing)
