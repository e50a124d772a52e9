"""The judge's own reading of a filter (RFC 7644, 3.4.2.2), of a PATCH path, of attribute names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_NAME: Final = r"(?:\$ref|[A-Za-z][\w$-]*)"
_PATH: Final = rf"(?:[A-Za-z][\w.+%~-]*:[^\s\[\]()\"]*:)?{_NAME}(?:\.{_NAME})?"
_TOKEN: Final = re.compile(r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<mark>[()\[\]])|(?P<word>[^\s()\[\]"]+))')
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
OPERATORS: Final = frozenset({"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"})
_WORDS: Final = {"true": True, "false": False, "null": None}
_DEEPEST: Final = 40


class Ungrammatical(ValueError):
    """The text does not fit the grammar; the message says where."""


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison: path (with the attribute before the brackets, if it stands in some), operator, value."""

    path: str
    op: str
    value: object = None
    negated: bool = False


def attribute_path(text: str) -> bool:
    """Whether the text is an attribute in standard notation: `[URN:]name[.sub]`."""
    return re.fullmatch(_PATH, text) is not None


def patch_path(text: str) -> tuple[str, tuple[Term, ...], str]:
    """Attribute, terms in its brackets, sub-attribute behind them; raises Ungrammatical."""
    reader = _Reader(text)
    word = reader.take("an attribute")
    if not attribute_path(word):
        raise Ungrammatical(f"{word!r} is no attribute")
    if reader.peek() is None:
        return word, (), ""
    terms = tuple(reader.bracketed(word))
    sub = reader.take("a sub-attribute") if reader.peek() is not None else ""
    if (sub and not re.fullmatch(rf"\.{_NAME}", sub)) or reader.peek() is not None:
        raise Ungrammatical(f"{sub!r} stands behind the brackets")
    return word, terms, sub[1:]


def parse_filter(text: str) -> tuple[Term, ...]:
    """The comparisons of a filter in their order; raises Ungrammatical."""
    reader = _Reader(text)
    terms = tuple(reader.either(""))
    if reader.peek() is not None:
        raise Ungrammatical(f"{reader.peek()!r} stands behind the end of the filter")
    return terms


class _Reader:
    """The tokens of a text, read from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = self._depth = 0

    def peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def take(self, wanted: str) -> str:
        found = self.peek()
        if found is None:
            raise Ungrammatical(f"it ends where {wanted} is due")
        self._at += 1
        return found

    def close(self, mark: str) -> None:
        if (found := self.take(f"{mark!r}")) != mark:
            raise Ungrammatical(f"{found!r} stands where {mark!r} is due")

    def either(self, parent: str) -> Iterator[Term]:
        """`or` of `and` of terms; which connective joins them does not matter to the judge."""
        yield from self.one(parent)
        while (self.peek() or "").lower() in {"and", "or"}:
            self._at += 1
            yield from self.one(parent)

    def one(self, parent: str) -> list[Term]:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Ungrammatical(f"it is nested deeper than {_DEEPEST}")
        found = self._one(parent)
        self._depth -= 1
        return found

    def _one(self, parent: str) -> list[Term]:
        word = self.take("a comparison")
        negated = word.lower() == "not" and self.peek() == "("
        if negated:
            word = self.take("'('")
        if word == "(":
            inner = list(self.either(parent))
            self.close(")")
            return [Term(term.path, term.op, term.value, not term.negated) for term in inner] if negated else inner
        if not attribute_path(word):
            raise Ungrammatical(f"{word!r} is no attribute")
        if self.peek() == "[" and not parent:
            return list(self.bracketed(word))
        return [self._compared(f"{parent}.{word}" if parent else word)]

    def bracketed(self, parent: str) -> Iterator[Term]:
        self.close("[")
        yield from self.either(parent)
        self.close("]")

    def _compared(self, path: str) -> Term:
        op = self.take("an operator").lower()
        if op == "pr":
            return Term(path, op)
        if op not in OPERATORS:
            raise Ungrammatical(f"{op!r} is no operator")
        return Term(path, op, _literal(self.take("a value")))


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise Ungrammatical(f"a text is not closed: {text[at:].strip()[:40]}")
        yield found["text"] or found["mark"] or found["word"]
        at = found.end()


def _literal(token: str) -> object:
    if token.startswith('"'):
        try:
            return json.loads(token)
        except ValueError as error:
            raise Ungrammatical(f"{token} is no JSON text") from error
    if token in _WORDS:
        return _WORDS[token]
    if _NUMBER.fullmatch(token):
        return float(token)
    raise Ungrammatical(f"{token!r} is no value: a text stands in double quotes")
