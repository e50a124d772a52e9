"""NormalizeDiacritics, by the table of FUNC; a letter that the table lacks stays."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from unicodedata import normalize

from conformance.entra.expressions.arguments import Arguments
from conformance.entra.expressions.functions.declaring import function
from conformance.entra.values import Value


@cache
def table() -> Mapping[str, str]:
    """What stands in place of a letter with its marks, composed where Unicode has it composed."""
    text = (files(__package__) / "diacritics.toml").read_text(encoding="utf-8")
    read: dict[str, str] = tomllib.loads(text)
    return {normalize("NFC", each): plain for plain, letters in read.items() for each in letters.split()}


@cache
def _letters() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(table(), key=len, reverse=True))))


@function("NormalizeDiacritics", "source")
def normalize_diacritics(given: Arguments) -> Value:
    """The source with plain letters in place of those with marks: ü becomes u, ø oe, ß ss."""
    source = given.text("source")
    return None if source is None else _letters().sub(lambda found: table()[found[0]], normalize("NFC", source))
