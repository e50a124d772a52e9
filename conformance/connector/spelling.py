"""The values of a source that connectors look for, and how they go wrong on their way into a URL."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from conformance.connector.model import Evidence, Source

_CUTS = "&#\"+%;'\\ ?"


def names(evidence: Evidence, step: int, kind: str) -> frozenset[str]:
    """The matching values of everybody, or of every group, that a source named up to a step."""
    sources = [played.step.source for played in evidence.played if played.number <= step]
    if kind == "User":
        return frozenset(person.user_name for source in sources for person in source.people)
    return frozenset(team.display_name for source in sources for team in source.teams)


def identity(source: Source, kind: str, value: str) -> frozenset[str]:
    """The texts by which a write is known to be about the person or group of this matching value."""
    found = {value}
    for person in source.people if kind == "User" else ():
        if person.user_name.lower() == value.lower():
            found |= {person.id, person.user_name, person.email, person.display_name, person.family_name}
    return frozenset(f'"{text}"' for text in found if text)


def garbled(value: str, wanted: frozenset[str]) -> str:
    """The value of the source that was spoilt into this one, "" for a value that resembles none."""
    return next((meant for meant in sorted(wanted) if value in set(_spoilt(meant))), "")


def _spoilt(meant: str) -> Iterator[str]:
    """What becomes of a value by an escape too many, one too few, or a cut at a character with a meaning."""
    yield from (quote(meant), quote(meant, safe=""), quote_plus(meant), unquote(meant), unquote_plus(meant))
    yield from (meant.replace("+", " "), meant.replace('"', ""), meant.replace("\\", ""), meant.replace("\\", "\\\\"))
    yield from (meant.replace("'", "''"), meant.replace("'", "\\'"), meant.replace('"', '\\"'))
    yield from (meant.encode(coding, "replace").decode(other, "replace") for coding, other in _CODINGS)
    yield from (meant[:at] for at, letter in enumerate(meant) if letter in _CUTS)


_CODINGS = (("utf-8", "latin-1"), ("latin-1", "utf-8"), ("ascii", "ascii"), ("utf-8", "cp1252"))
