"""The evidence of a run as files beside the report: per scenario and step, what was sent and how it ended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conformance.connector.journal import sent_to_json
from conformance.connector.model import Evidence, Played
from conformance.connector.source import SourceFormat, source_text

FOLDER = "connector"
FILES = ("step.json", "journal.jsonl", "source.json", "source.csv", "stdout.txt", "stderr.txt")


def write_evidence(report: Path, evidence: Evidence, form: SourceFormat) -> Path:
    """The folder of the scenario, `connector/NAME` in the report's, with a folder per step; raises OSError.

    A step has step.json (what it was and how the connector ended), journal.jsonl, the source, stdout.txt, stderr.txt.
    """
    folder = report / FOLDER / evidence.scenario.name
    _clear(folder)
    for played in evidence.played:
        where = folder / f"step-{played.number}"
        where.mkdir(parents=True, exist_ok=True)
        for name, text in _texts(played, form).items():
            (where / name).write_bytes(text.encode("utf-8", "replace"))
    return folder


def _texts(played: Played, form: SourceFormat) -> dict[str, str]:
    lines = [json.dumps(sent_to_json(sent), ensure_ascii=False) + "\n" for sent in played.sent]
    return {
        "step.json": json.dumps(_step(played), indent=2, ensure_ascii=False) + "\n",
        "journal.jsonl": "".join(lines),
        f"source.{form}": source_text(played.step.source, form),
        "stdout.txt": played.ended.stdout,
        "stderr.txt": played.ended.stderr,
    }


def _step(played: Played) -> dict[str, Any]:
    step, ended = played.step, played.ended
    return {
        "step": played.number,
        "title": step.title,
        "credentials": step.credentials.value,
        "aim": step.aim.value,
        "exit": step.exit.value,
        "faults": [dict(rule) for rule in step.faults],
        "status": ended.status,
        "seconds": ended.seconds,
        "trouble": ended.trouble,
    }


def _clear(folder: Path) -> None:
    """What an earlier run left of this scenario is gone."""
    for where in folder.glob("step-*"):
        for name in FILES:
            (where / name).unlink(missing_ok=True)
