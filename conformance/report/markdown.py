"""The summary as Markdown, for a pull request or a ticket."""

from __future__ import annotations

from conformance.behaviour import Behaviour
from conformance.model import CheckResult, Verdict
from conformance.report.curl import curl_lines, setup_lines
from conformance.report.outcome import Outcome
from conformance.report.prediction import Forecast, summaries


def markdown(outcome: Outcome) -> str:
    """Counts per suite, then each FAIL, WARN, KNOWN and ERROR."""
    target = str(outcome.header.get("target", ""))
    parts = [
        f"# SCIM conformance of {_inline(str(outcome.header.get('subject') or target))}",
        "",
        _run(outcome),
        "",
        *_table(outcome),
    ]
    found = list(outcome.having(Verdict.FAIL, Verdict.WARN, Verdict.ERROR, Verdict.KNOWN))
    if found:
        parts += ["", "Set-up of the curl lines:", "", "```sh", *setup_lines(outcome.header), "```"]
    for result in found:
        parts += _section(outcome, result, target)
    parts += _behaviour(outcome.behaviour)
    parts += _predictions(outcome)
    for title, entries in (("Stale", outcome.stale), ("Faults", outcome.faults), ("Left behind", outcome.left_behind)):
        if entries:
            parts += ["", f"## {title}", "", *[f"- {_inline(entry)}" for entry in entries]]
    return "\n".join(parts) + "\n"


def _run(outcome: Outcome) -> str:
    header = outcome.header
    profiles = ", ".join(header.get("profiles", []))
    if "scenarios" in header:
        played = ", ".join(header["scenarios"])
        return f"Profiles {profiles}; scenarios {played}; exit code {outcome.exit_code}."
    return (
        f"Profiles {profiles}; effort {header.get('effort')}; seed {header.get('seed')}; exit code {outcome.exit_code}."
    )


def _table(outcome: Outcome) -> list[str]:
    head = ["suite", *[verdict.value for verdict in Verdict]]
    rows = [[name, *[str(counts[verdict]) for verdict in Verdict]] for name, counts in outcome.suites().items()]
    total = ["total", *[str(count) for count in outcome.counts.values()]]
    return ["| " + " | ".join(row) + " |" for row in (head, ["---", *["---:"] * len(Verdict)], *rows, total)]


def _section(outcome: Outcome, result: CheckResult, target: str) -> list[str]:
    mark = ", tentative" if result.clause in outcome.tentative else ""
    lines = [
        "",
        f"## {result.verdict.value}{mark}: {_inline(result.title)}",
        "",
        f"`{result.check}`: {_inline(outcome.says(result.clause))}",
        "",
    ]
    if result.expected:
        lines.append(f"- expected: {_inline(result.expected)}")
    lines += [f"- observed: {_inline(result.observed)}", *[f"- {_inline(note)}" for note in result.observations]]
    commands = curl_lines(result.exchanges, target)
    return [*lines, "", "````sh", *commands, "````"] if commands else lines


def _behaviour(found: Behaviour) -> list[str]:
    """Which reading of each open text the target showed."""
    if not found.traits:
        return []
    rows = [
        [trait.ambiguity, found.topics[trait.ambiguity], trait.variant, trait.about, trait.means, trait.standing]
        for trait in found.traits
    ]
    table = [["open text", "topic", "shown", "about", "which means", "reading"], ["---"] * 6, *rows]
    told = ["| " + " | ".join(row if row == "---" else _inline(row) for row in line) + " |" for line in table]
    unseen = ["", f"Not seen in this run: {', '.join(found.unseen)}."] if found.unseen else []
    return ["", "## Behaviour profile", "", *told, *unseen]


def _predictions(outcome: Outcome) -> list[str]:
    found = summaries(outcome.predictions)
    lines = ["", "## What vendors' tools would say"] if found else []
    for summary in found:
        lines += ["", f"{_inline(summary.sentence)}.", ""]
        lines += [f"- would fail: {_inline(line)}" for line in summary.told(Forecast.FAIL)]
        lines += [f"- undecided: {_inline(line)}" for line in summary.told(Forecast.UNDECIDED)]
    return lines


def _inline(text: str) -> str:
    """The text on one line, with nothing in it that Markdown or HTML would read."""
    flat = " ".join(text.split())
    return flat.replace("\\", "\\\\").replace("<", "&lt;").replace("|", "\\|").replace("`", "\\`").replace("*", "\\*")
