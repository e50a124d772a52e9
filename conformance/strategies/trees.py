"""The judge's own syntax tree of a filter, and the many ways to write one down (RFC 7644, 3.4.2.2)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

CORE: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
COMMON: Final = ("id", "externalId", "meta", "schemas")
"""Attributes that belong to no schema, so no URN is written before them (RFC 7643, 3.1)."""

Operand = str | bool | int | float | None
Case = Literal["as is", "upper", "lower", "swapped"]
Escapes = Literal["plain", "ascii", "every", "solidus"]


@dataclass(frozen=True, slots=True)
class Compare:
    """An attribute, an operator in lower case, and a JSON literal."""

    path: str
    op: str
    operand: Operand


@dataclass(frozen=True, slots=True)
class Present:
    """An attribute that has a value."""

    path: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a filter."""

    term: Tree


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more filters."""

    terms: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of two or more filters."""

    terms: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a multi-valued attribute meets a filter over its sub-attributes."""

    path: str
    inside: Tree


Tree = Compare | Present | Not | And | Or | Element


def both(*terms: Tree) -> And:
    """The conjunction of filters."""
    return And(terms)


def either_of(*terms: Tree) -> Or:
    """The disjunction of filters."""
    return Or(terms)


def leaves(tree: Tree) -> Iterator[Compare | Present]:
    """The comparisons of a filter, those inside brackets with their whole path, from left to right."""
    match tree:
        case And(terms) | Or(terms):
            for term in terms:
                yield from leaves(term)
        case Not(term):
            yield from leaves(term)
        case Element(path, inside):
            for leaf in leaves(inside):
                yield _below(path, leaf)
        case _:
            yield tree


def _below(parent: str, leaf: Compare | Present) -> Compare | Present:
    path = f"{parent}.{leaf.path}"
    return Compare(path, leaf.op, leaf.operand) if isinstance(leaf, Compare) else Present(path)


def operators(tree: Tree) -> tuple[str, ...]:
    """The operators of a filter, `pr` among them, from left to right."""
    return tuple(leaf.op if isinstance(leaf, Compare) else "pr" for leaf in leaves(tree))


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a filter; the default is the plainest.

    `urn` qualifies core attributes with their schema, `negation` follows the word `not`, `groups` redundant
    parentheses stand around every term, `gap` separates tokens.
    """

    names: Case = "as is"
    operators: Case = "as is"
    words: Case = "as is"
    negation: str = " "
    urn: bool = False
    escapes: Escapes = "plain"
    groups: int = 0
    gap: str = " "

    def joined(self, word: str, parts: Iterable[str]) -> str:
        """Texts with a connective between them."""
        return f"{self.gap}{cased(word, self.words)}{self.gap}".join(parts)


PLAINEST: Final = Spelling()


def render(tree: Tree, spelling: Spelling = PLAINEST) -> str:
    """The text of a filter; binds as the grammar does, so that parentheses stand only where needed or asked for."""
    return _text(tree, spelling, inside=False)


def _text(tree: Tree, how: Spelling, *, inside: bool) -> str:
    match tree:
        case Compare(path, op, operand):
            parts = (_name(path, how, inside=inside), cased(op, how.operators), literal(operand, how.escapes))
            text = how.gap.join(parts)
        case Present(path):
            text = how.gap.join((_name(path, how, inside=inside), cased("pr", how.operators)))
        case Not(term):
            text = f"{cased('not', how.words)}{how.negation}({_text(term, how, inside=inside)})"
        case Element(path, within):
            text = f"{_name(path, how, inside=inside)}[{_text(within, how, inside=True)}]"
        case And(terms):
            return how.joined("and", [_grouped(term, how, inside=inside) for term in terms])
        case Or(terms):
            return how.joined("or", [_text(term, how, inside=inside) for term in terms])
    return "(" * how.groups + text + ")" * how.groups


def _grouped(term: Tree, how: Spelling, *, inside: bool) -> str:
    text = _text(term, how, inside=inside)
    return f"({text})" if isinstance(term, Or) else text


def _name(path: str, how: Spelling, *, inside: bool) -> str:
    uri, colon, name = path.rpartition(":")
    if how.urn and not inside and not uri and name.partition(".")[0] not in COMMON:
        uri, colon = CORE, ":"
    return f"{uri}{colon}{cased(name, how.names)}"


def cased(word: str, case: Case) -> str:
    """A word in another case; words of the grammar are ASCII."""
    match case:
        case "upper":
            return word.upper()
        case "lower":
            return word.lower()
        case "swapped":
            return "".join(letter.upper() if index % 2 else letter.lower() for index, letter in enumerate(word))
    return word


def literal(operand: Operand, escapes: Escapes = "plain") -> str:
    r"""A JSON literal; `ascii` escapes what is not ASCII, `every` all characters, `solidus` writes `/` as `\/`."""
    if not isinstance(operand, str) or escapes == "ascii":
        return json.dumps(operand)
    if escapes == "every":
        units = operand.encode("utf-16-be").hex()
        return '"' + "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)) + '"'
    text = json.dumps(operand, ensure_ascii=False)
    return text.replace("/", "\\/") if escapes == "solidus" else text
