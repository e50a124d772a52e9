"""Everything a run writes into its report folder."""

from __future__ import annotations

from pathlib import Path

from conformance.report.format import result_to_json
from conformance.report.junit import junit
from conformance.report.markdown import markdown
from conformance.report.outcome import Outcome
from conformance.report.writer import NAME, write_report


def write_reports(folder: Path, outcome: Outcome) -> None:
    """`report.jsonl`, `junit.xml` and `summary.md` stand in the folder; raises OSError.

    Secrets were taken out where the results came from.
    """
    folder.mkdir(parents=True, exist_ok=True)
    results = [result_to_json(result, str, dict) for result in outcome.results]
    for result in results:
        result["tentative"] = result["clause"] in outcome.tentative
    write_report(folder / NAME, outcome.header, results, outcome.footer())
    (folder / "junit.xml").write_text(junit(outcome), encoding="utf-8")
    (folder / "summary.md").write_text(markdown(outcome), encoding="utf-8", errors="replace")
