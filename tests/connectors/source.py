"""The source that a connector is handed: people and groups, in a JSON or a CSV file."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Entry = Mapping[str, Any]
"""A person or a group; an attribute without a value is left out."""


def read_source(environ: Mapping[str, str]) -> tuple[list[Entry], list[Entry]]:
    """The people and the groups of the file that SAMANAGE_SOURCE names."""
    path = Path(environ["SAMANAGE_SOURCE"])
    if environ.get("SAMANAGE_SOURCE_FORMAT", "json") == "csv":
        return _from_csv(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    return document.get("users", []), document.get("groups", [])


def _from_csv(path: Path) -> tuple[list[Entry], list[Entry]]:
    found: dict[str, list[Entry]] = {"user": [], "group": []}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind = row.pop("kind")
            entry: dict[str, Any] = {name: value for name, value in row.items() if value}
            if kind == "group":
                entry["members"] = [each for each in row.get("members", "").split(";") if each]
            else:
                entry["active"] = entry.get("active") != "false"
            found[kind].append(entry)
    return found["user"], found["group"]
