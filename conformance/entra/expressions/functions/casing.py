"""Upper, lower and title case as .NET has them: one character becomes one character."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final
from unicodedata import category

from conformance.entra.expressions.arguments import Arguments
from conformance.entra.expressions.context import EvaluationError
from conformance.entra.expressions.functions.declaring import function
from conformance.entra.expressions.tree import Call, Complaint, Text
from conformance.entra.values import Value

_CULTURE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
DOTLESS: Final = "\N{LATIN SMALL LETTER DOTLESS I}"
_TURKIC: Final = frozenset({"tr", "az"})
_SEPARATORS: Final = frozenset(
    ("Zs", "Zl", "Zp", "Cc", "Cf", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So")
)
"""Unicode categories that end a word (FUNC)."""


def _culture(call: Call) -> Iterable[Complaint]:
    argument = call.argument("culture")
    if isinstance(argument, Text) and not _is_culture(argument.value):
        yield Complaint(f"culture is a name such as en-US or tr-TR, not {argument.value!r}", argument.column)


def _is_culture(name: str) -> bool:
    return not name or _CULTURE.fullmatch(name) is not None


@function("ToLower", "source", "culture?", check=_culture)
def to_lower(given: Arguments) -> Value:
    """The source in small letters; without a culture by the rules of the invariant one."""
    return _mapped(given, lower, {"I": DOTLESS, "İ": "i"})


@function("ToUpper", "source", "culture?", check=_culture)
def to_upper(given: Arguments) -> Value:
    """The source in capitals; without a culture by the rules of the invariant one."""
    return _mapped(given, upper, {"i": "İ", DOTLESS: "I"})


def _mapped(given: Arguments, change: Callable[[str], str], turkic: dict[str, str]) -> Value:
    source, culture = given.text("source"), given.text("culture") or ""
    if not _is_culture(culture):
        raise EvaluationError(f"culture is a name such as en-US or tr-TR, not {culture!r}")
    own = turkic if culture.partition("-")[0] in _TURKIC else {}
    return None if source is None else "".join(own.get(each) or change(each) for each in source)


def lower(character: str) -> str:
    """The small letter, where it is one character."""
    found = character.lower()
    return found if len(found) == 1 else character


def upper(character: str) -> str:
    """The capital, where it is one character."""
    found = character.upper()
    return found if len(found) == 1 else character


def _title(character: str) -> str:
    found = character.title()
    return found if len(found) == 1 else character


@function("PCase", "source", "wordSeparators?")
def p_case(given: Arguments) -> Value:
    """Every word with a capital and small letters; the words are those of .NET's ToTitleCase, or as separated."""
    source = given.text("source")
    if source is None:
        return None
    small = "".join(map(lower, source))
    separators = given.text("wordSeparators")
    return _title_case(small) if separators is None else _separated(small, separators)


def _separated(small: str, separators: str) -> str:
    before = ["", *small]
    return "".join(
        upper(each) if not last or last in separators else each for last, each in zip(before, small, strict=False)
    )


def _title_case(small: str) -> str:
    """A word begins with its first letter; digits, marks and apostrophes do not end it."""
    told, inside = [], False
    for each in small:
        letter = category(each).startswith("L")
        told.append(_title(each) if letter and not inside else each)
        if letter:
            inside = True
        elif each != "'" and category(each) in _SEPARATORS:
            inside = False
    return "".join(told)
