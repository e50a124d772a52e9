"""Defects of queries: another filter than the one that was sent, or another page than the one that was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mock_samanage.scim.bound import BoundAnd, BoundCompare, BoundFilter, BoundNot, BoundOr, BoundValuePath
from mock_samanage.scim.filter import And, Compare, Filter, Not, Or, Present, ValuePath
from mock_samanage.scim.parser import Parser
from mock_samanage.store import querying
from mock_samanage.store.model import Page
from tests.mutants.mutant import Defect

MANY = 1_000_000
"""More resources than any test makes."""

Node = Callable[[Any], BoundFilter]
Term = Callable[[Any], Filter]
Finds = Callable[..., Page]


def rebound(defect: Defect, change: Node) -> None:
    """Changes every node of every filter after names and values were understood, the innermost first."""

    def bind(*arguments: Any, **options: Any) -> BoundFilter:
        return _walked(old(*arguments, **options), change)

    old = defect.replace(querying, "bind", bind)


def _walked(tree: BoundFilter, change: Node) -> BoundFilter:
    match tree:
        case BoundAnd(terms) | BoundOr(terms):
            tree = replace(tree, terms=tuple(_walked(term, change) for term in terms))
        case BoundNot(term):
            tree = BoundNot(_walked(term, change))
        case BoundValuePath():
            tree = replace(tree, filter=_walked(tree.filter, change))
    return change(tree)


def compared(defect: Defect, change: Callable[[BoundCompare], BoundFilter]) -> None:
    """Changes every comparison of every filter."""
    rebound(defect, lambda node: change(node) if isinstance(node, BoundCompare) else node)


def names(tree: Filter) -> list[str]:
    """The attributes a filter names, without URN and sub-attribute, in lower case."""
    match tree:
        case And(terms) | Or(terms):
            return [name for term in terms for name in names(term)]
        case Not(term):
            return names(term)
        case Compare(path) | Present(path) | ValuePath(path):
            return [path.name.lower()]


def term(defect: Defect, read: Callable[[Parser, Callable[[], Filter]], Filter]) -> None:
    """Reads a term of a filter otherwise: `read` gets the parser and its sound way."""
    old: Callable[[Parser], Filter] = Parser._term
    defect.replace(Parser, "_term", lambda parser: read(parser, lambda: old(parser)))
