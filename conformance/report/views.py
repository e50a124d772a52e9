"""Everything a run writes into its report folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from conformance.report.format import result_to_json
from conformance.report.junit import junit
from conformance.report.markdown import markdown
from conformance.report.outcome import Outcome
from conformance.report.writer import NAME, write_report

BEHAVIOUR: Final = "behaviour.json"


def write_reports(folder: Path, outcome: Outcome) -> None:
    """`report.jsonl`, `junit.xml`, `summary.md` and `behaviour.json` stand in the folder; raises OSError.

    Secrets were taken out where the results came from.
    """
    folder.mkdir(parents=True, exist_ok=True)
    results = [result_to_json(result, str, dict) for result in outcome.results]
    for result in results:
        result["tentative"] = result["clause"] in outcome.tentative
    write_report(folder / NAME, outcome.header, results, outcome.footer())
    (folder / "junit.xml").write_text(junit(outcome), encoding="utf-8")
    told = json.dumps(outcome.behaviour.json(str(outcome.header.get("target", ""))), indent=2, ensure_ascii=False)
    (folder / BEHAVIOUR).write_text(told + "\n", encoding="utf-8", errors="replace")
    (folder / "summary.md").write_text(markdown(outcome), encoding="utf-8", errors="replace")
