""".NET regular expressions, translated to Python's; what has no counterpart is refused."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final
from unicodedata import category

CATEGORIES: Final = frozenset({"L", "M", "N", "P", "S", "Z", "C"} | {category(chr(code)) for code in range(0x10000)})
_GROUP = re.compile(r"\((?:\?<(?P<angle>[^<>=!)]*)>|\?'(?P<quote>[^')]*)'|(?!\?))")
_REFERENCE = re.compile(r"\$(?:\$|(?P<number>[0-9]+)|\{(?P<name>\w+)\}|(?P<sign>[&`'_+]))")
_ESCAPES: Final[Mapping[str, str]] = {"z": r"\Z", "Z": r"(?=\n?\Z)", "e": r"\x1b"}


@dataclass(frozen=True, slots=True)
class Regex:
    """A compiled expression; `numbers` gives Python's number for .NET's, which counts named groups last."""

    compiled: re.Pattern[str]
    numbers: Mapping[int, int]

    def group(self, name: str) -> int | str | None:
        """What Python calls a group, by its name or its number in .NET; None if there is none."""
        if name.isdecimal():
            return self.numbers.get(int(name))
        return name if name in self.compiled.groupindex else None

    def replaced(self, source: str, replacement: str) -> str:
        """The source with every match replaced; `$1`, `${name}`, `$&` and so on stand for what matched."""
        return self.compiled.sub(lambda found: self._expanded(found, replacement), source)

    def _expanded(self, found: re.Match[str], replacement: str) -> str:
        return _REFERENCE.sub(lambda reference: self._referenced(found, reference), replacement)

    def _referenced(self, found: re.Match[str], reference: re.Match[str]) -> str:
        if reference[0] == "$$":
            return "$"
        signs = {
            "&": found[0],
            "`": found.string[: found.start()],
            "'": found.string[found.end() :],
            "_": found.string,
            "+": found[self.numbers[max(self.numbers)]] or "",
        }
        if reference["sign"]:
            return signs[reference["sign"]]
        group = self.group(reference["number"] or reference["name"])
        return reference[0] if group is None else found[group] or ""


@cache
def regex(pattern: str) -> Regex:
    """The translated expression; raises ValueError, whose text says what is wrong with it."""
    numbers = _numbers(pattern)
    try:
        compiled = re.compile(_Translation(pattern, numbers).text())
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    return Regex(compiled, numbers)


def _numbers(pattern: str) -> dict[int, int]:
    named = [bool(found["angle"] or found["quote"]) for found in _GROUP.finditer(_without_literals(pattern))]
    order = [at for at, is_named in enumerate(named, 1) if not is_named]
    order += [at for at, is_named in enumerate(named, 1) if is_named]
    return {0: 0, **dict(enumerate(order, 1))}


def _without_literals(pattern: str) -> str:
    """The pattern without escapes, classes and comments, in which parentheses open no group."""
    return re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?#[^)]*\)", "", pattern, flags=re.DOTALL)


class _Translation:
    def __init__(self, pattern: str, numbers: Mapping[int, int]) -> None:
        self._pattern, self._numbers = pattern, numbers
        self._at = 0

    def text(self) -> str:
        told = ""
        while self._at < len(self._pattern):
            told += self._outside(self._pattern[self._at])
        return told

    def _outside(self, here: str) -> str:
        if here == "\\":
            return self._escape(inside=False)
        if here == "[":
            return self._class()
        if here == "(" and (found := _GROUP.match(self._pattern, self._at)):
            return self._open(found)
        if self._pattern.startswith("(?P", self._at):
            raise ValueError(f"{self._pattern!r}: a group is named by (?<name>…), not by (?P")
        self._at += 1
        return here

    def _open(self, found: re.Match[str]) -> str:
        self._at = found.end()
        name = found["angle"] if found["angle"] is not None else found["quote"]
        if name is None:
            return "("
        if not name.isidentifier():
            raise ValueError(f"{self._pattern!r}: {name!r} names no group; balancing groups are not supported here")
        return f"(?P<{name}>"

    def _class(self) -> str:
        opening = re.compile(r"\[\^?\]?").match(self._pattern, self._at)
        assert opening is not None
        self._at = opening.end()
        told = opening[0]
        while self._at < len(self._pattern):
            here = self._pattern[self._at]
            if here == "]":
                self._at += 1
                return told + here
            told += self._inside(here)
        raise ValueError(f"{self._pattern!r}: a character class is not closed")

    def _inside(self, here: str) -> str:
        if here == "\\":
            return self._escape(inside=True)
        if self._pattern.startswith("-[", self._at):
            raise ValueError(f"{self._pattern!r}: subtraction in a character class is not supported here")
        doubled = self._pattern[self._at + 1 : self._at + 2] == here
        self._at += 1
        return f"\\{here}" if here == "[" or (here in "-&~|" and doubled) else here

    def _escape(self, *, inside: bool) -> str:
        letter = self._pattern[self._at + 1 : self._at + 2]
        rest = self._pattern[self._at :]
        if letter in {"p", "P"}:
            return self._category(rest, inside=inside)
        if found := re.match(r"\\k(?:<(\w+)>|'(\w+)')", rest):
            return self._back_reference(found[1] or found[2], found.end())
        if not inside and (found := re.match(r"\\([1-9][0-9]?)", rest)):
            return self._back_reference(found[1], found.end())
        if found := re.match(r"\\c([A-Za-z])", rest):
            self._at += found.end()
            return f"\\x{ord(found[1].upper()) - 64:02x}"
        self._at += 2
        return f"\\{letter}" if inside and letter != "e" else _ESCAPES.get(letter, f"\\{letter}")

    def _back_reference(self, name: str, length: int) -> str:
        self._at += length
        if not name.isdecimal():
            return f"(?P={name})"
        if int(name) not in self._numbers:
            raise ValueError(f"{self._pattern!r}: there is no group {name}")
        return f"(?:\\{self._numbers[int(name)]})"

    def _category(self, rest: str, *, inside: bool) -> str:
        found = re.match(r"\\[pP]\{(\w+)\}", rest)
        if found is None or found[1] not in CATEGORIES:
            raise ValueError(f"{self._pattern!r}: \\p takes a Unicode category such as {{L}} or {{Lu}}")
        self._at += found.end()
        ranges = _ranges(found[1], negated=rest[1] == "P")
        return ranges if inside else f"[{ranges}]"


@cache
def _ranges(name: str, *, negated: bool) -> str:
    """The characters of a Unicode category, as ranges of a character class."""
    told, start = [], -1
    for code in range(sys.maxunicode + 2):
        belongs = code <= sys.maxunicode and category(chr(code)).startswith(name) is not negated
        if belongs and start < 0:
            start = code
        elif not belongs and start >= 0:
            told.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = -1
    return "".join(told)
