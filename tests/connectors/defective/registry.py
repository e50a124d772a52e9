"""What a defective connector is: the correct one with one thing wrong, and the checks that say so."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tests.connectors.correct import Connector

Kind = TypeVar("Kind", bound=type[Connector])


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect: what is wrong in one sentence, the clauses it breaks, the scenarios that show it, what it trips.

    `trips` is the exact set of ids of checks that FAIL or WARN in these scenarios. Where the profile only notes the
    clause, nothing does, and `noted` are checks that say so.
    """

    name: str
    says: str
    clauses: tuple[str, ...]
    scenarios: tuple[str, ...]
    trips: frozenset[str]
    noted: frozenset[str]
    kind: type[Connector] = field(compare=False)


CATALOGUE: dict[str, Defect] = {}


def defect(
    *scenarios: str, clauses: Iterable[str], trips: Iterable[str] = (), noted: Iterable[str] = ()
) -> Callable[[Kind], Kind]:
    """Register a connector; its name is the defect's, its docstring says what is wrong."""

    def register(kind: Kind) -> Kind:
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=A)(?=[A-Z][a-z])", "-", kind.__name__).lower()
        if name in CATALOGUE:
            raise ValueError(f"two defects are called {name}")
        says = (kind.__doc__ or "").strip()
        CATALOGUE[name] = Defect(name, says, tuple(clauses), scenarios, frozenset(trips), frozenset(noted), kind)
        return kind

    return register


def defects() -> dict[str, Defect]:
    """Every defect of the files beside this one."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        importlib.import_module(f"tests.connectors.defective.{module.name}")
    return dict(sorted(CATALOGUE.items()))
