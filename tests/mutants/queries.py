"""Defects of queries: another filter than the one that was sent, or another page than the one that was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from mock_samanage.scim.bound import BoundAnd, BoundCompare, BoundFilter, BoundNot, BoundOr, BoundValuePath
from mock_samanage.scim.filter import And, Compare, Filter, Not, Or, Present, ValuePath
from mock_samanage.scim.parser import Parser
from mock_samanage.store import querying
from mock_samanage.store.model import Page
from mock_samanage.store.querying import Queries
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Query
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


def reread(defect: Defect, change: Callable[[Filter], Filter]) -> None:
    """Changes every filter of a query as it was written."""

    def query(self: Directory, types: Sequence[str], asked: Query) -> Any:
        return old(self, types, asked if asked.filter is None else replace(asked, filter=change(asked.filter)))

    old = defect.replace(Directory, "query", query)


def names(tree: Filter) -> list[str]:
    """The attributes a filter names, without URN and sub-attribute, in lower case."""
    match tree:
        case And(terms) | Or(terms):
            return [name for term in terms for name in names(term)]
        case Not(term):
            return names(term)
        case Compare(path) | Present(path) | ValuePath(path):
            return [path.name.lower()]


def paged(defect: Defect, find: Callable[[Finds, int, int], Page], unless: Callable[..., bool] | None = None) -> None:
    """Answers a page otherwise: `find` gets the sound query, whose arguments may be changed, its start and its count.

    `unless` says, from the arguments of `Queries.query`, which queries stay sound.
    """

    def query(self: Queries, *arguments: Any, start: int = 1, count: int = 100, **options: Any) -> Page:
        def sound(start: int = start, count: int = count, **others: Any) -> Page:
            page: Page = old(self, *arguments, start=start, count=count, **{**options, **others})
            return page

        if unless is not None and unless(*arguments, **options):
            return sound()
        return find(sound, max(start, 1), max(count, 0))

    old = defect.replace(Queries, "query", query)


def term(defect: Defect, read: Callable[[Parser, Callable[[], Filter]], Filter]) -> None:
    """Reads a term of a filter otherwise: `read` gets the parser and its sound way."""
    old: Callable[[Parser], Filter] = Parser._term
    defect.replace(Parser, "_term", lambda parser: read(parser, lambda: old(parser)))
