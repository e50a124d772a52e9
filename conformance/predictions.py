"""The named tests of vendors' tools, and what a run predicts for each; the format: predictions/README.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from conformance.clauses import Catalogue, load_toml
from conformance.errors import CatalogueError
from conformance.model import CheckResult, Verdict
from conformance.report.prediction import Forecast, Prediction
from conformance.verdicts import worst

BROKEN = frozenset({Verdict.FAIL, Verdict.WARN, Verdict.KNOWN})
NOT_JUDGED = "not judged in this run"
LONG = 160
CONFIDENCE = ("documented", "observed", "inferred", "described")
_NUMBER = re.compile(r"[1-9]\d*[a-z]?")
_TOOL: Mapping[str, type] = {"tool": str, "profile": str, "source": str, "test": list}
_TEST: Mapping[str, type] = {
    "name": str,
    "number": str,
    "sends": str,
    "clauses": list,
    "confidence": str,
    "part": str,
    "beyond": str,
    "optional": bool,
}
_NEEDED = ("name", "number", "sends", "clauses", "confidence")


@dataclass(frozen=True, slots=True)
class NamedTest:
    """One test of a tool: its name there, what it sends, and the clauses that decide it.

    `beyond` is what no SCIM request shows, "" if nothing; `part` the list of the tool it belongs to, "" for its own.
    """

    name: str
    number: str
    sends: str
    clauses: tuple[str, ...]
    confidence: str
    part: str = ""
    beyond: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """A vendor's tool and its tests, predicted under a profile."""

    name: str
    profile: str
    source: str
    tests: tuple[NamedTest, ...]


@cache
def shipped() -> tuple[Tool, ...]:
    """The tools that ship with the judge."""
    return tuple(read_tools(files("conformance") / "predictions"))


def read_tools(folder: Traversable | Path) -> list[Tool]:
    """The tools of a folder, by file name; raises CatalogueError naming the file and the test."""
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return [_tool(load_toml(entry), entry.name) for entry in found]


def check_tools(tools: Iterable[Tool], catalogue: Catalogue, profiles: Iterable[str]) -> None:
    """Nothing happens if every clause and profile exists; raises CatalogueError for the first that does not."""
    known = set(profiles)
    for tool in tools:
        if tool.profile not in known:
            raise CatalogueError(f"{tool.name}: there is no profile {tool.profile}")
        for test in tool.tests:
            if unknown := [clause for clause in test.clauses if clause not in catalogue.clauses]:
                raise CatalogueError(f"{tool.name}, {test.name}: there is no clause {', '.join(unknown)}")


def _tool(document: Mapping[str, Any], where: str) -> Tool:
    _check(document, _TOOL, tuple(_TOOL), where)
    tests = tuple(_test(entry, f"{where}, test {number}") for number, entry in enumerate(document["test"], 1))
    places = [(test.part, test.number) for test in tests]
    if doubles := {" ".join(place).strip() for place in places if places.count(place) > 1}:
        raise CatalogueError(f"{where}: numbers stand twice: {', '.join(sorted(doubles))}")
    return Tool(document["tool"], document["profile"], document["source"], tests)


def _test(entry: object, where: str) -> NamedTest:
    if not isinstance(entry, dict):
        raise CatalogueError(f"{where}: is no table")
    _check(entry, _TEST, _NEEDED, where)
    if not _NUMBER.fullmatch(entry["number"]):
        raise CatalogueError(f"{where}: number is digits and at most one letter, not {entry['number']!r}")
    if entry["confidence"] not in CONFIDENCE:
        raise CatalogueError(f"{where}: confidence is one of {', '.join(CONFIDENCE)}, not {entry['confidence']!r}")
    if not entry["clauses"] or not all(isinstance(clause, str) for clause in entry["clauses"]):
        raise CatalogueError(f"{where}: clauses is a list of clause ids, one at least")
    return NamedTest(**{**entry, "clauses": tuple(entry["clauses"])})


def _check(entry: Mapping[str, Any], fields: Mapping[str, type], needed: Sequence[str], where: str) -> None:
    if unknown := entry.keys() - fields.keys():
        raise CatalogueError(f"{where}: unknown field {', '.join(sorted(unknown))}")
    if lacking := [name for name in needed if name not in entry]:
        raise CatalogueError(f"{where}: lacks {', '.join(lacking)}")
    for name, value in entry.items():
        if not isinstance(value, fields[name]) or value == "":
            raise CatalogueError(f"{where}: {name} is a {fields[name].__name__} that is not empty")


def predict(
    tools: Iterable[Tool], profiles: Iterable[str], results: Iterable[CheckResult], catalogue: Catalogue
) -> Iterator[Prediction]:
    """What the results say of each test of the tools of these profiles."""
    judged: dict[str, list[CheckResult]] = {}
    for result in results:
        judged.setdefault(result.clause, []).append(result)
    chosen = set(profiles)
    for tool in tools:
        if tool.profile in chosen:
            yield from (_predicted(tool, test, judged, catalogue) for test in tool.tests)


def _predicted(
    tool: Tool, test: NamedTest, judged: Mapping[str, Sequence[CheckResult]], catalogue: Catalogue
) -> Prediction:
    found = {clause: _standing(judged.get(_judged_as(clause, catalogue), ())) for clause in test.clauses}
    broken = [f"{clause}: {text}" for clause, (verdict, text) in found.items() if verdict in BROKEN]
    unknown = [f"{clause}: {text}" for clause, (verdict, text) in found.items() if verdict in _UNDECIDED]
    absent = [f"{clause}: {text}" for clause, (verdict, text) in found.items() if verdict is Verdict.NOT_APPLICABLE]
    beyond = [test.beyond] if test.beyond else []
    if broken:
        forecast, reasons = Forecast.FAIL, broken
    elif unknown or beyond or len(absent) == len(found):
        forecast, reasons = Forecast.UNDECIDED, beyond or unknown or absent
    else:
        forecast, reasons = Forecast.PASS, []
    return Prediction(tool.name, test.part, test.number, test.name, forecast, tuple(reasons), test.optional)


_UNDECIDED = frozenset({Verdict.ERROR, Verdict.NOT_RUN})


def _judged_as(clause: str, catalogue: Catalogue) -> str:
    """The clause whose observation decides this one."""
    found = catalogue.clauses.get(clause)
    return found.same_as or clause if found else clause


def _standing(results: Sequence[CheckResult]) -> tuple[Verdict, str]:
    """The worst verdict on a clause, and what was seen."""
    verdict = worst(result.verdict for result in results)
    told = next((" ".join(result.observed.split()) for result in results if result.verdict is verdict), NOT_JUDGED)
    return verdict, told if len(told) <= LONG else told[:LONG] + " …"


def listing(profiles: Iterable[str] = ()) -> Iterator[str]:
    """The tests of the tools of these profiles, or of all, as lines of text."""
    chosen = set(profiles)
    for tool in shipped():
        if chosen and tool.profile not in chosen:
            continue
        yield f"{tool.name} (profile {tool.profile}; {tool.source})"
        for test in tool.tests:
            marks = [mark for mark in (test.part, "optional" if test.optional else "", test.confidence) if mark]
            yield f"  {test.number:>3}  {test.name}  ({', '.join(marks)})"
            yield f"       {test.sends}"
            yield f"       decided by {', '.join(test.clauses)}" + (
                f"; beyond a run: {test.beyond}" if test.beyond else ""
            )
