"""The strict reader of reports: an empty, unfinished, double or misshapen one is refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.errors import ReportError
from conformance.model import CheckResult
from conformance.report.format import FORMAT, result_from_json


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report."""

    header: Mapping[str, Any]
    results: Sequence[CheckResult]
    footer: Mapping[str, Any]


def read_report(path: Path) -> Report:
    """The report in a file; raises ReportError saying what is wrong with it."""
    lines = _lines(path)
    if not lines:
        raise ReportError(f"{path} is empty")
    header, *middle = lines
    if header.get("kind") != "header" or header.get("format") != FORMAT:
        raise ReportError(f"{path} does not begin with a header of format {FORMAT}")
    if not middle or middle[-1].get("kind") != "footer":
        raise ReportError(f"{path} is unfinished: it has no footer")
    results = [_result(path, number, line) for number, line in enumerate(middle[:-1], 2)]
    _check(path, results, middle[-1])
    return Report(header, results, middle[-1])


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        texts = path.read_bytes().decode("utf-8").removesuffix("\n").split("\n")  # bodies may hold U+0085 and U+2028
    except (OSError, UnicodeDecodeError) as error:
        raise ReportError(f"{path} cannot be read: {error}") from error
    found = []
    for number, text in enumerate(texts if texts != [""] else [], 1):
        try:
            line = json.loads(text)
        except ValueError as error:
            raise ReportError(f"{path}, line {number} is no JSON: {error}") from error
        if not isinstance(line, dict):
            raise ReportError(f"{path}, line {number} is no JSON object")
        found.append(line)
    return found


def _result(path: Path, number: int, line: Mapping[str, Any]) -> CheckResult:
    if line.get("kind") != "result":
        raise ReportError(f"{path}, line {number} is no result")
    try:
        return result_from_json(line)
    except (KeyError, ValueError, TypeError) as error:
        raise ReportError(f"{path}, line {number} is no result of format {FORMAT}: {error!r}") from error


def _check(path: Path, results: Sequence[CheckResult], footer: Mapping[str, Any]) -> None:
    if not results:
        raise ReportError(f"{path} holds no result")
    keys = Counter((result.check, result.clause) for result in results)
    if doubles := [f"{check} {clause}" for (check, clause), count in keys.items() if count > 1]:
        raise ReportError(f"{path} holds results twice: {', '.join(doubles[:5])}")
    if footer.get("results") != len(results):
        raise ReportError(f"{path}: the footer counts {footer.get('results')} results, the file holds {len(results)}")
    counts = Counter(result.verdict.value for result in results)
    if {key: value for key, value in footer.get("counts", {}).items() if value} != dict(counts):
        raise ReportError(f"{path}: the footer's counts are not those of the file")
