"""The condition language of `applies_when`; its words stand in tables/README.md."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

_FEATURES = frozenset({"patch", "bulk", "filter", "sort", "etag", "changePassword", "securityEvents", "async"})
_PAGING = frozenset({"", ".index", ".cursor", ".maxPageSize", ".defaultPageSize", ".cursorTimeout"})
_ACCESS = frozenset({"bearer", "basic", "oauth2", "protected", "remote", "search", "me"})
_PLAIN = (
    _FEATURES | _ACCESS | {f"pagination{member}" for member in _PAGING} | {"root query", "versioned base", "both bases"}
)
_KEYED = re.compile(r"(type|extension|attribute|some|hook|opt-in|uses):\S+")


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a condition, wanted true or false."""

    word: str
    wanted: bool


@cache
def parse_condition(text: str) -> tuple[Term, ...]:
    """The terms, all of which must hold; raises ValueError naming a word that is not in the language."""
    return tuple(_term(part) for part in text.split(" and ")) if text else ()


def check_condition(text: str) -> None:
    """Nothing happens for a condition of the language; raises ValueError for any other."""
    parse_condition(text)


def absent(text: str, true: Callable[[str], bool]) -> str | None:
    """Why the condition does not hold, None when it does; `true` tells each word."""
    for term in parse_condition(text):
        if true(term.word) is not term.wanted:
            return f"the target has {term.word}" if not term.wanted else f"the target lacks {term.word}"
    return None


def _term(part: str) -> Term:
    wanted = not part.startswith("not ")
    word = part.removeprefix("not ").strip()
    if word not in _PLAIN and not _KEYED.fullmatch(word):
        raise ValueError(f"{word!r} is no word of the condition language (tables/README.md)")
    return Term(word, wanted)
