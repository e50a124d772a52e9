"""The report: JSON Lines, a header, one object per result, a footer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

NAME = "report.jsonl"


def write_report(
    path: Path, header: Mapping[str, Any], results: Iterable[Mapping[str, Any]], footer: Mapping[str, Any]
) -> None:
    """The report stands at `path`; a file there is replaced in one step."""
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as file:
        for document in (header, *results, footer):
            file.write(
                json.dumps(document, ensure_ascii=False, sort_keys=False).encode("utf-8", "replace").decode() + "\n"
            )
    unfinished.replace(path)
