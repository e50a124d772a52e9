"""The tokens of an expression (FUNC)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from conformance.entra.errors import ExpressionError


class Sort(Enum):
    """What a token is; the values are how an error calls it."""

    TEXT = "a string"
    ATTRIBUTE = "an attribute"
    NUMBER = "a number"
    NAME = "a name"
    OPERATOR = "a comparison"
    OPEN = "an opening parenthesis"
    CLOSE = "a closing parenthesis"
    COMMA = "a comma"
    END = "the end"


@dataclass(frozen=True, slots=True)
class Token:
    """A token; `text` is what it means, `raw` how it is written, the column counts from 1."""

    sort: Sort
    text: str
    raw: str
    column: int


_TOKEN = re.compile(
    r"""(?P<BLANK>[ \t\r\n]+)
    | "(?P<TEXT>(?:[^"\\]|\\.)*)"
    | \[(?P<ATTRIBUTE>[^\[\]"]*)\]
    | (?P<NUMBER>-?[0-9]+|&H[0-9A-Fa-f]+)
    | (?P<NAME>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<OPERATOR><>|>=|<=|[=<>])
    | (?P<OPEN>\() | (?P<CLOSE>\)) | (?P<COMMA>,)""",
    re.VERBOSE | re.DOTALL,
)
_DIGITS: Final = 18
"""So many decimal digits always fit 64 bits."""
_STRAY: Final = {
    '"': "the string that begins here has no closing quotation mark",
    "[": "the attribute that begins here has no closing bracket, right is [mail]",
    "]": "there is no opening bracket for this one, right is [mail]",
    "'": 'a string stands in double quotation marks, "text"',
    "“": 'a string stands in straight quotation marks, "text"',
    "”": 'a string stands in straight quotation marks, "text"',
    "&": "texts are put together by Append or Join, and a hexadecimal number begins with &H",
    "+": "texts are put together by Append or Join",
    "{": "a parenthesis opens arguments, a bracket an attribute",
}


def tokens(text: str) -> Iterator[Token]:
    """The tokens in order, at last END; raises ExpressionError for what is none."""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            told = _STRAY.get(text[at], f"the character {text[at]!r} has no meaning here")
            raise ExpressionError(told, text, at + 1)
        if found.lastgroup != "BLANK":
            yield _token(found, text)
        at = found.end()
    yield Token(Sort.END, "", "", len(text) + 1)


def _token(found: re.Match[str], text: str) -> Token:
    sort = Sort[str(found.lastgroup)]
    inner, column = found[sort.name], found.start() + 1
    if sort is Sort.TEXT:
        inner = _unescaped(found, text)
    elif sort is Sort.ATTRIBUTE and (not inner or inner != inner.strip()):
        raise ExpressionError("an attribute has a name without blanks around it, right is [mail]", text, column)
    elif sort is Sort.NUMBER and len(inner.lstrip("-")) > _DIGITS:
        raise ExpressionError(f"a number has at most {_DIGITS} digits", text, column)
    return Token(sort, inner, found[0], column)


def _unescaped(found: re.Match[str], text: str) -> str:
    for escape in re.finditer(r"\\(.)", found["TEXT"], re.DOTALL):
        if escape[1] not in '"\\':
            column = found.start("TEXT") + escape.start() + 1
            raise ExpressionError("a backslash in a string is written twice, \\\\", text, column)
    return re.sub(r"\\(.)", r"\1", found["TEXT"])
