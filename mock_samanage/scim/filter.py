"""The filter language of SCIM: its syntax tree and `parse_filter` (RFC 7644 section 3.4.2.2)."""

from __future__ import annotations

from functools import lru_cache

from mock_samanage.scim.parser import parse
from mock_samanage.scim.syntax import (
    And,
    AttrPath,
    Compare,
    Filter,
    Literal,
    Not,
    Operator,
    Or,
    Present,
    ValuePath,
)

__all__ = [
    "And",
    "AttrPath",
    "Compare",
    "Filter",
    "Literal",
    "Not",
    "Operator",
    "Or",
    "Present",
    "ValuePath",
    "parse_filter",
]

_LONGEST_REMEMBERED = 1024  # characters; keeps the cache within a few megabytes

_remembered = lru_cache(maxsize=512)(parse)


def parse_filter(text: str) -> Filter:
    """The syntax tree of a filter; the same text gives the same tree.

    Raises InvalidFilter, whose detail names the position (the first character is 1), the offending
    token and what would be right; also for filters beyond the bounds of `parser`.
    """
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else parse(text)
