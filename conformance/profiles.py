"""Profiles: which clauses are required, which are observed; the format stands in tables/README.md."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from conformance.clauses import Catalogue, load_toml
from conformance.errors import CatalogueError, UsageFault

DEFAULT = ("rfc", "entra")
TENANT, CONNECTOR = "tenant", "connector"


@dataclass(frozen=True, slots=True)
class Selection:
    """The clauses of the selected profiles, and the readings of ambiguities they insist on.

    A breach of what is `noted` is told as an observation; it is among `observed` too, never among `required`.
    """

    names: tuple[str, ...]
    required: frozenset[str] = frozenset()
    observed: frozenset[str] = frozenset()
    variants: Mapping[str, Collection[str]] = field(default_factory=dict)
    noted: frozenset[str] = frozenset()

    def holds(self, clause: str) -> bool:
        """Whether the clause is in a selected profile."""
        return clause in self.required or clause in self.observed


def profiles_folder() -> Traversable:
    """The folder of the shipped profiles."""
    return files("conformance") / "profiles"


def available(folder: Traversable | Path | None = None, *, subject: str = TENANT) -> list[str]:
    """The names of the profiles in a folder that judge such a subject, sorted."""
    where = folder or profiles_folder()
    tables = [entry for entry in where.iterdir() if entry.name.endswith(".toml")]
    fitting = [entry for entry in tables if load_toml(entry).get("subject", TENANT) == subject]
    return sorted(entry.name.removesuffix(".toml") for entry in fitting)


def select(
    names: Iterable[str],
    catalogue: Catalogue,
    folder: Traversable | Path | None = None,
    *,
    subject: str = TENANT,
) -> Selection:
    """What the named profiles hold together; raises UsageFault for an unknown name, CatalogueError for a bad file."""
    where = folder or profiles_folder()
    chosen = tuple(dict.fromkeys(names))
    known = available(where, subject=subject)
    if unknown := [name for name in chosen if name not in known]:
        raise UsageFault(f"no profile {', '.join(unknown)}; there are: {', '.join(known) or 'none'}")
    required: set[str] = set()
    observed: set[str] = set()
    noted: set[str] = set()
    variants: dict[str, set[str]] = {}
    for name in chosen:
        document = load_toml(where / f"{name}.toml")
        without = _named(document.get("without", []), catalogue, name)
        required |= _named(document.get("require", []), catalogue, name) - without
        observed |= _named(document.get("observe", []), catalogue, name) - without
        noted |= _named(document.get("note", []), catalogue, name) - without
        for entry in document.get("expect", []):
            variants.setdefault(entry["ambiguity"], set()).add(entry["variant"])
    required -= noted
    return Selection(chosen, frozenset(required), frozenset((observed | noted) - required), variants, frozenset(noted))


def _named(entries: Iterable[str], catalogue: Catalogue, profile: str) -> set[str]:
    found: set[str] = set()
    for entry in entries:
        if entry in catalogue.clauses:
            mine = {entry}
        elif set(entry) & set("*?["):
            mine = {name for name in catalogue.clauses if fnmatchcase(name, entry)}
        else:
            mine = {clause.id for clause in catalogue.of_group(entry)}
        if not mine:
            raise CatalogueError(f"profile {profile}: {entry!r} names no clause and no group")
        found |= mine
    return found
