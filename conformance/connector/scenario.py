"""Scenarios are TOML files: read, checked, and every step's source worked out from the step before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from conformance.clauses import catalogue, load_toml
from conformance.connector.changes import changed
from conformance.connector.model import Aim, Credentials, Exit, Scenario, Source, Step
from conformance.connector.table import Table
from conformance.errors import UsageFault

SUFFIX = ".toml"
PHASES = ("", "basic", "transition", "token")
_Word = TypeVar("_Word", bound=StrEnum)


def scenarios_folder() -> Traversable:
    """The folder of the shipped scenarios."""
    return files("conformance.connector") / "scenarios"


def available() -> list[str]:
    """The names of the shipped scenarios, sorted."""
    return sorted(
        entry.name.removesuffix(SUFFIX) for entry in scenarios_folder().iterdir() if entry.name.endswith(SUFFIX)
    )


def read(name: str | Path) -> Scenario:
    """The shipped scenario of that name, or the one in a file of that path.

    Raises UsageFault naming the file, the step and the key that is wrong, or the names there are.
    """
    path = Path(name)
    if path.suffix == SUFFIX:
        return read_document(load_toml(path), path.stem, where=path.name)
    known = available()
    if name not in known:
        raise UsageFault(f"no scenario {name}; there are: {', '.join(known)}; a path of your own ends in {SUFFIX}")
    return read_document(load_toml(scenarios_folder() / f"{name}{SUFFIX}"), str(name), where=f"{name}{SUFFIX}")


def selected(names: Sequence[str | Path], *, every: bool = False) -> list[Scenario]:
    """The scenarios named; without a name, those played by default, or all. Raises UsageFault."""
    if names:
        return [read(name) for name in dict.fromkeys(names)]
    return [scenario for scenario in map(read, available()) if every or scenario.default]


def read_document(document: Mapping[str, Any], name: str, *, where: str) -> Scenario:
    """The scenario a TOML document tells; raises UsageFault beginning with `where`."""
    table = Table(where, document)
    table.only("title", "says", "clauses", "default", "settings", "strangers", "tenant", "step")
    steps = table.tables("step")
    if not steps:
        raise table.wrong("step", "a scenario has at least one [[step]]")
    return Scenario(
        name=name,
        title=table.text("title", needed=True),
        says=" ".join(table.text("says", needed=True).split()),
        steps=_steps(table, steps),
        clauses=_focus(table),
        tenant=(*strangers(table.number("strangers")), *table.tables("tenant")),
        settings=table.table("settings"),
        default=table.flag("default"),
    )


def _focus(table: Table) -> tuple[str, ...]:
    ids = table.texts("clauses")
    known = catalogue().clauses
    if unknown := [id_ for id_ in ids if id_ not in known]:
        raise table.wrong("clauses", f"there is no clause {unknown[0]!r}; right is an id such as CON-MATCH-01")
    return ids


def strangers(count: int) -> list[dict[str, Any]]:
    """So many people of the tenant whom no source names."""
    return [
        {
            "resource": "User",
            "userName": f"stranger{number:03}@elsewhere.example",
            "displayName": f"Stranger {number:03}",
            "emails": [{"value": f"stranger{number:03}@elsewhere.example", "type": "work", "primary": True}],
        }
        for number in range(1, count + 1)
    ]


def _steps(scenario: Table, steps: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    source = Source()
    found = []
    for number, content in enumerate(steps, 1):
        table = Table(f"{scenario.where}, step {number}", content)
        table.only("title", "credentials", "phase", "aim", "exit", "person", "team", "without", "fault", "before")
        source = changed(source, table)
        found.append(_step(table, source))
    return tuple(found)


def _step(table: Table, source: Source) -> Step:
    for number, rule in enumerate(table.tables("fault"), 1):
        Table(f"{table.where}, fault {number}", rule).text("kind", needed=True)
    for number, request in enumerate(table.tables("before"), 1):
        inner = Table(f"{table.where}, before {number}", request)
        inner.only("method", "path", "body")
        inner.text("method", needed=True)
        inner.text("path", needed=True)
    phase = table.text("phase")
    if phase not in PHASES:
        raise table.wrong("phase", f"{phase!r} is no phase; right would be {', '.join(PHASES[1:])}")
    return Step(
        title=table.text("title", needed=True),
        source=source,
        credentials=_word(table, "credentials", Credentials.TOKEN),
        phase=phase,
        faults=table.tables("fault"),
        before=table.tables("before"),
        aim=_word(table, "aim", Aim.SOURCE),
        exit=_word(table, "exit", Exit.ZERO),
    )


def _word(table: Table, key: str, default: _Word) -> _Word:
    text = table.text(key) or default.value
    try:
        return type(default)(text)
    except ValueError:
        raise table.wrong(key, f"{text!r} is unknown; right would be {', '.join(type(default))}") from None
