"""Attribute names and the paths of PATCH operations (RFC 7644 sections 3.5.2, 3.9 and 3.10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from mock_samanage.scim import lexer
from mock_samanage.scim.errors import InvalidPath
from mock_samanage.scim.parser import Parser
from mock_samanage.scim.syntax import AttrPath, Filter

_LONGEST_REMEMBERED = 1024


@dataclass(frozen=True, slots=True)
class PatchPath:
    """The target of a PATCH operation: an attribute, perhaps the elements of it that match, perhaps a part of these.

    Without a bracket `filter` and `sub` are None and a sub-attribute stands in `path.sub`. The
    URI of an extension reads as an attribute path too: `str(path)` gives it back unchanged.
    """

    path: AttrPath
    filter: Filter | None = None
    sub: str | None = None

    def __str__(self) -> str:
        bracket = "" if self.filter is None else "[…]"
        return f"{self.path}{bracket}" + (f".{self.sub}" if self.sub else "")


def parse_attr_path(text: str) -> AttrPath:
    """The attribute a name in standard notation means, white space around it ignored.

    Raises InvalidPath. Source: RFC 7644 section 3.10.
    """
    word = text.strip(" \t")
    path = lexer.attr_path(word)
    if path is None:
        raise InvalidPath(f"{lexer.shown(word)} is no attribute name; right forms: userName, name.familyName, URN:name")
    return path


def parse_name_list(names: str | Iterable[str]) -> tuple[AttrPath, ...]:
    """The attributes named by `attributes` or `excludedAttributes`, in the given order.

    A text holds names with commas between them (query parameter), an iterable holds one name each
    (SearchRequest). Empty entries count for nothing. Raises InvalidPath.
    """
    parts = names.split(",") if isinstance(names, str) else names
    return tuple(parse_attr_path(part) for part in parts if part.strip(" \t"))


def parse_patch_path(text: str) -> PatchPath:
    """The target the `path` of a PATCH operation names.

    Raises InvalidPath, and InvalidFilter for what is wrong inside the brackets; the detail names
    position, token and what would be right. Source: RFC 7644 section 3.5.2, figure 7.
    """
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _parse(text)


def _parse(text: str) -> PatchPath:
    parser = Parser(text, InvalidPath, "path")
    path = lexer.attr_path(parser.tokens[0])
    if path is None:
        parser.fail(0, "an attribute name")
    if parser.tokens[1] != "[":
        if parser.tokens[1]:
            parser.fail(1, "[ or the end")
        return PatchPath(path)
    condition, sub = parser.bracket(path)
    if parser.tokens[parser.index]:
        parser.fail(parser.index, "the end")
    return PatchPath(path, condition, sub)


_remembered = lru_cache(maxsize=512)(_parse)
