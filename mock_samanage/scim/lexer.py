"""The words of the filter language: tokens, attribute names and literals.

One regular expression with possessive quantifiers cuts the text, so that the work grows linearly
with its length. Names in brackets are productions of the RFC's grammar (RFC 7644 figure 1; JSON
literals: RFC 8259).

Tolerances towards real clients:
T1  spaces and tabs may be repeated, stand at either end or be missing beside a string or
    parenthesis (`userName eq"x"`; AMB-11); a space before "[" is refused.
T5  strings without quotes or in single or typographic quotes are refused.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import lru_cache

from mock_samanage.scim.syntax import AttrPath, Literal

LONGEST_NUMBER = 128  # characters of a number literal; more is no measurement but an attack
_LARGEST_EXPONENT = 10_000  # beyond it, decimal arithmetic overflows or texts become huge

_STRING = r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*+)*+'
# string | closing bracket, with the name after it | parenthesis | opening bracket (with a space
# before it, so that it can be refused) | word | a string that does not end, with all that follows
_TOKEN = re.compile(_STRING + r'"|\](?:\.[^ \t()\[\]"]*+)?|[()]|[ \t]?\[|[^ \t()\[\]"]++|"[\s\S]*+')
_CLOSED = re.compile(_STRING + '"')
_OPEN = re.compile(_STRING)

_NAME = r"(?:[A-Za-z][A-Za-z0-9_$-]*+|\$[Rr][Ee][Ff])"
_PATH = re.compile(rf"({_NAME})(?:\.({_NAME}))?")
_URI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*+:[^ \t"(),\[\]]++')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(\.[0-9]++)?([eE][+-]?[0-9]++)?")
_OTHER_QUOTES = frozenset("'`\u2018\u2019\u201c\u201d\u201e\u00ab")
_WORDS: dict[str, Literal] = {"true": True, "false": False, "null": None}


class Unreadable(ValueError):
    """A token is no literal; the message says what stands there or would be right."""


def tokens(text: str) -> list[str]:
    """The tokens of the text, the empty string behind the last.

    An opening bracket after white space comes as two characters, a closing bracket with a dotted
    name behind it as one token (`].value`), an unreadable string with everything that follows it.
    """
    found = _TOKEN.findall(text)
    found.append("")
    return found


def position(text: str, index: int) -> int:
    """The place of the token of that index in the text, the first character being 1."""
    for at, match in enumerate(_TOKEN.finditer(text)):
        if at == index:
            return match.end() if match.group()[0] in " \t" else match.start() + 1
    return len(text) + 1


def shown(token: str, longest: int = 40) -> str:
    """The token as an error message quotes it: short and printable."""
    if not token:
        return "the end"
    short = token if len(token) <= longest else f"{token[:longest]}…"
    return f"`{short}`" if short.isprintable() else f"`{ascii(short)[1:-1]}`"


def attr_path(word: str) -> AttrPath | None:
    """The attribute a word names [AttrPath], None if it is no such name.

    The URI ends at the last colon, because URNs hold dots themselves (`2.0`).
    """
    return _cached_attr_path(word) if len(word) <= 256 else _attr_path(word)


def _attr_path(word: str) -> AttrPath | None:
    uri, colon, rest = word.rpartition(":")
    match = _PATH.fullmatch(rest)
    if match is None or (colon and not _URI.fullmatch(uri)):
        return None
    return AttrPath(uri or None, match[1], match[2])


_cached_attr_path = lru_cache(maxsize=1024)(_attr_path)


def literal(token: str) -> Literal:
    """The value of a literal [Literal]: str, int, Decimal, bool or None.

    Escapes are those of JSON; a lone surrogate stays as it is. Raises Unreadable.
    """
    if token[:1] == '"':
        return _string(token)
    if token in _WORDS:
        return _WORDS[token]
    match = _NUMBER.fullmatch(token)
    if match is None:
        raise Unreadable(_advice(token))
    if len(token) > LONGEST_NUMBER:
        raise Unreadable(f"a number of at most {LONGEST_NUMBER} characters")
    return int(token) if match[1] is match[2] is None else _decimal(token)


def _decimal(token: str) -> Decimal:
    exponent = token.lower().partition("e")[2]
    if abs(int(exponent or "0")) > _LARGEST_EXPONENT:
        raise Unreadable(f"a number with an exponent of at most {_LARGEST_EXPONENT}")
    return Decimal(token)


def _string(token: str) -> str:
    if "\\" not in token and len(token) > 1 and token[-1] == '"' and token.isprintable():
        return token[1:-1]
    if _CLOSED.fullmatch(token):
        value: str = json.loads(token)
        return value
    match = _OPEN.match(token)
    assert match is not None
    rest = token[match.end() :]
    if not rest:
        raise Unreadable("a double quote that ends the string")
    if rest[0] == "\\":
        raise Unreadable(f"a JSON escape instead of {shown(rest[:2])}")
    raise Unreadable(f"a JSON escape instead of the control character {shown(rest[0])}")


def _advice(token: str) -> str:
    if token.lower() in _WORDS:
        return f"{token.lower()} in lower case, or a string in double quotes"
    if token[:1] in _OTHER_QUOTES:
        return 'a string in straight double quotes, such as "x"'
    return "a JSON string in double quotes, a JSON number, true, false or null"
