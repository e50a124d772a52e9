"""Every function of the language, by subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from conformance.entra.expressions.functions import (
    casing,
    chance,
    conversions,
    dates,
    diacritics,
    lists,
    logic,
    replace,
    roles,
    text,
)
from conformance.entra.expressions.tree import Function

_SUBJECTS: Final = (casing, chance, conversions, dates, diacritics, lists, logic, replace, roles, text)
_DECLARED = [each for subject in _SUBJECTS for each in vars(subject).values() if isinstance(each, Function)]

FUNCTIONS: Final[Mapping[str, Function]] = {
    each.name: each for each in sorted(_DECLARED, key=lambda each: each.name.lower())
}
"""The functions by their names, in alphabetical order."""
