"""The clause catalogue: every table of tables/*.toml, read once and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, TypeVar

from conformance.conditions import check_condition
from conformance.errors import CatalogueError
from conformance.model import Clause, Level

UNCHECKED = frozenset({"questionnaire", "information only", "not observable over HTTP"})
FIXED = frozenset({"status", "keyword"})
_FIELDS = frozenset(entry.name for entry in fields(Clause)) - {"page"}
_T = TypeVar("_T")
_REQUIRED = ("id", "source", "section", "level", "group", "says")


@dataclass(frozen=True, slots=True)
class Group:
    """A group of clauses; `open` while no check judges it, `subject` is what it is about: tenant or connector."""

    id: str
    title: str
    open: bool = False
    subject: str = "tenant"


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Where a text is open: its row, as the table holds it."""

    id: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Clauses, groups and ambiguities by id, in the order of the tables."""

    clauses: Mapping[str, Clause]
    groups: Mapping[str, Group]
    ambiguities: Mapping[str, Ambiguity]

    def subject(self, clause: Clause) -> str:
        """What a clause is about: tenant or connector."""
        group = self.groups.get(clause.group)
        return group.subject if group else "tenant"

    def of_group(self, group: str) -> list[Clause]:
        """The clauses of one group."""
        return [clause for clause in self.clauses.values() if clause.group == group]


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return read(files("conformance") / "tables")


def read(folder: Traversable | Path) -> Catalogue:
    """The catalogue in a folder; raises CatalogueError naming the file and the entry."""
    clauses: dict[str, Clause] = {}
    groups: dict[str, Group] = {}
    sources: dict[str, str] = {}
    ambiguities: dict[str, Ambiguity] = {}
    for kind, entry, where in _entries(folder):
        if kind == "clause":
            clause = _clause(entry, where)
            _put(clauses, clause.id, clause, where)
        elif kind == "group":
            group = Group(entry["id"], entry["title"], entry.get("open", False), entry.get("subject", "tenant"))
            _put(groups, group.id, group, where)
        elif kind == "source":
            _put(sources, entry["id"], entry["title"], where)
        else:
            _put(ambiguities, entry["id"], Ambiguity(entry["id"], entry), where)
    _check_references(clauses, ambiguities)
    told = {id_: replace(clause, page=sources.get(clause.source, "")) for id_, clause in clauses.items()}
    return Catalogue(told, groups, ambiguities)


def _entries(folder: Traversable | Path) -> Iterator[tuple[str, dict[str, Any], str]]:
    tables = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    for table in tables:
        document = load_toml(table)
        for kind in ("clause", "group", "source", "ambiguity"):
            for number, entry in enumerate(document.get(kind, []), 1):
                where = f"{table.name}, {kind} {entry.get('id', number)}"
                if not isinstance(entry.get("id"), str):
                    raise CatalogueError(f"{where}: has no id")
                yield kind, entry, where


def load_toml(path: Traversable | Path) -> dict[str, Any]:
    """A TOML document; raises CatalogueError with the file's name."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{path}: cannot be read as TOML: {error}") from error


def _put(into: dict[str, _T], key: str, value: _T, where: str) -> None:
    if key in into:
        raise CatalogueError(f"{where}: the id exists twice")
    into[key] = value


def _clause(entry: dict[str, Any], where: str) -> Clause:
    if unknown := entry.keys() - _FIELDS:
        raise CatalogueError(f"{where}: unknown field {', '.join(sorted(unknown))}")
    if missing := [name for name in _REQUIRED if not entry.get(name)]:
        raise CatalogueError(f"{where}: lacks {', '.join(missing)}")
    try:
        level = Level(entry["level"])
        check_condition(entry.get("applies_when", ""))
    except ValueError as error:
        raise CatalogueError(f"{where}: {error}") from error
    if set(entry.get("fixed", "").split()) - FIXED:
        raise CatalogueError(f"{where}: fixed holds status, keyword or both, not {entry['fixed']!r}")
    if entry.get("unchecked") and entry["unchecked"] not in UNCHECKED:
        raise CatalogueError(f"{where}: unchecked is one of {', '.join(sorted(UNCHECKED))}")
    return Clause(**{**entry, "level": level, "ambiguities": tuple(entry.get("ambiguities", ()))})


def _check_references(clauses: Mapping[str, Clause], ambiguities: Mapping[str, Ambiguity]) -> None:
    for clause in clauses.values():
        if clause.same_as and (clause.unchecked or clause.same_as not in clauses):
            raise CatalogueError(f"{clause.id}: same_as {clause.same_as} is no clause, or stands beside unchecked")
        if clause.same_as and (clauses[clause.same_as].same_as or clauses[clause.same_as].unchecked):
            raise CatalogueError(f"{clause.id}: same_as {clause.same_as} names a clause that is not checked itself")
        if unknown := set(clause.ambiguities) - ambiguities.keys():
            raise CatalogueError(f"{clause.id}: {', '.join(sorted(unknown))} is no ambiguity")


Standing = Literal["checked", "same", "unchecked", "open", "missing"]


def standing(clause: Clause, checked: set[str], catalogue: Catalogue) -> Standing:
    """How a clause is covered, given the ids some check judges; one with the observation of an open clause is open."""
    if clause.id in checked:
        return "checked"
    if clause.same_as:
        return "same" if clause.same_as in checked else standing(catalogue.clauses[clause.same_as], checked, catalogue)
    if clause.unchecked:
        return "unchecked"
    return "open" if clause.group in catalogue.groups and catalogue.groups[clause.group].open else "missing"
