"""Generated filters in many spellings, judged by the oracle, and the rules that hold between filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from conformance.errors import SuiteFault
from conformance.judging import budget, clause, holds, not_applicable, observe
from conformance.run import Run
from conformance.strategies.filters import OPERATORS, Vocabulary, company, comparisons, spellings, trees
from conformance.strategies.population import Population
from conformance.strategies.settings import bounded, searching
from conformance.strategies.trees import And, Compare, Not, Or, Present, Spelling, Tree, operators, render
from conformance.suites.filtering.asking import worth

pytestmark = budget(4, 5)

QUALITY = {"quick": (25, 1), "standard": (100, 5), "deep": (400, 20)}
"""Effort -> the least number of distinct filters, and of uses of each operator, that make a search worth its name."""


@dataclass(slots=True)
class Census:
    """What a search asked: distinct texts, how often each operator, and how many filters told users apart."""

    texts: set[str] = field(default_factory=set)
    uses: Counter[str] = field(default_factory=Counter)
    telling: int = 0

    def add(self, text: str, tree: Tree, *, telling: bool) -> None:
        """One more filter; a text that was asked before counts once."""
        if text not in self.texts:
            self.texts.add(text)
            self.uses.update(operators(tree))
            self.telling += telling

    def demand(self, filters: int, uses: int, asked: Sequence[str]) -> None:
        """Raises SuiteFault when the search was too small or too dull to prove anything."""
        rare = [op for op in asked if self.uses[op] < uses]
        if len(self.texts) < filters or self.telling * 2 < len(self.texts) or rare:
            raise SuiteFault(
                f"{len(self.texts)} filters, {self.telling} telling, too few of {', '.join(rare) or 'none'}"
            )


def vocabulary_of(population: Population) -> Vocabulary:
    """The attributes and values of the population, without the pairs the target is known to refuse."""
    return Vocabulary.of(population.attributes, list(population.users.values()), frozenset(population.refused))


@clause("7644-3.4.2.2-04")
@budget(75, 230, 1200)
def test_generated_filters_find_exactly_the_matching_users(population: Population, run: Run) -> None:
    """Generated filters, however they are spelled, find exactly the matching users."""
    asked = working(population)
    if not asked:
        not_applicable("7644-3.4.2.2-04", "the target supports no operator on userName or title")
        return
    vocabulary, census = vocabulary_of(population), Census()
    others, how = company(vocabulary, asked), spellings(negations=population.negation)
    for op in asked:
        _search(population, run, census, trees(vocabulary, others, op), how)
    if population.dropped:
        observe("7644-3.4.2.2-04", f"users the target refused: {', '.join(population.dropped)}")
    filters, uses = QUALITY[run.effort]
    census.demand(filters * len(asked) // len(OPERATORS), uses, asked)


def working(population: Population, ops: Sequence[str] = OPERATORS) -> list[str]:
    """The operators that the target supports for userName or title; refusing one is AMB-73."""
    return [op for op in ops if _works(population, op)]


def _works(population: Population, op: str) -> bool:
    operand = str(population.user("ann.lee")["userName"])
    leaves = (Present(path) if op == "pr" else Compare(path, op, operand) for path in ("userName", "title"))
    return any(population.lacks(leaf) is None for leaf in leaves)


def _search(
    population: Population, run: Run, census: Census, filters: SearchStrategy[Tree], spelled: SearchStrategy[Spelling]
) -> None:
    @searching(run, quick=5, standard=13, deep=80)
    @given(filters, spelled, st.booleans(), st.integers(0, 3))
    @bounded(run)
    def search(tree: Tree, how: Spelling, first: bool, dull: int) -> None:  # noqa: FBT001 - drawn by Hypothesis
        telling = population.oracle.informative(tree)
        assume(telling or dull == 0)
        assume(not any(pair in population.refused for pair, _ in population.pairs(tree)))
        asked = population.ask(tree, how, first=first)
        assume(not (asked.refused and population.lacks(tree)))
        census.add(asked.text, tree, telling=telling)
        worth("7644-3.4.2.2-04", population, tree, asked)

    search()


def _found(population: Population, tree: Tree) -> set[str]:
    """The ids a filter finds; a filter with a pair the target does not support is no example (AMB-73)."""
    asked = population.ask(tree)
    assume(not (asked.refused and population.lacks(tree)))
    return population.seen(asked)


@clause("7644-3.4.2.2-38")
@budget(20, 40, 100)
def test_a_filter_or_its_negation_finds_everyone(population: Population, run: Run) -> None:
    """Every user matches a filter or its negation, and never both."""
    leaf = comparisons(vocabulary_of(population), working(population))

    @searching(run, quick=3, standard=10, deep=40)
    @given(leaf, leaf)
    @bounded(run, requests=2)
    def search(one: Tree, other: Tree) -> None:
        tree = Or((one, other))
        found = _found(population, Or((tree, Not(tree))))
        missing = population.names(set(population.users) - found)
        holds(
            "7644-3.4.2.2-38", missing == "nobody", expected=f"everyone for {render(tree)}", observed=f"not {missing}"
        )
        both = population.names(_found(population, And((tree, Not(tree)))))
        holds("7644-3.4.2.2-38", both == "nobody", expected=f"nobody for both of {render(tree)}", observed=both)

    search()


@clause("7644-3.4.2.2-36", "7644-3.4.2.2-37")
@budget(20, 45, 150)
def test_and_intersects_and_or_unites(population: Population, run: Run) -> None:
    """and finds the intersection of what its sides find, or their union."""
    leaf = comparisons(vocabulary_of(population), working(population))

    @searching(run, quick=2, standard=6, deep=30)
    @given(leaf, leaf)
    @bounded(run, requests=4)
    def search(one: Tree, other: Tree) -> None:
        left, right = _found(population, one), _found(population, other)
        met, joined = _found(population, And((one, other))), _found(population, Or((one, other)))
        text = f"{render(one)} | {render(other)}"
        holds(
            "7644-3.4.2.2-36", met == left & right, expected=f"the intersection: {text}", observed=population.names(met)
        )
        holds(
            "7644-3.4.2.2-37", joined == left | right, expected=f"the union: {text}", observed=population.names(joined)
        )

    search()


@clause("7644-3.4.2.2-41")
@budget(20, 40, 80)
def test_de_morgan_holds(population: Population, run: Run) -> None:
    """The negation of a conjunction finds what the disjunction of the negations finds."""
    leaf = comparisons(vocabulary_of(population), working(population))

    @searching(run, quick=2, standard=8, deep=30)
    @given(leaf, leaf)
    @bounded(run, requests=2)
    def search(one: Tree, other: Tree) -> None:
        whole = _found(population, Not(And((one, other))))
        parts = _found(population, Or((Not(one), Not(other))))
        told = f"the same users for both, of {render(one)} and {render(other)}"
        holds("7644-3.4.2.2-41", whole == parts, expected=told, observed=population.names(whole ^ parts))

    search()


@clause("7644-3.4.2.2-15")
@budget(20, 40, 80)
def test_ge_is_gt_or_eq(population: Population, run: Run) -> None:
    """ge finds what gt or eq finds, and le what lt or eq finds."""
    vocabulary, ops = vocabulary_of(population), working(population, ("ge", "le", "gt", "lt"))
    if len(ops) < 4:
        observe("7644-3.4.2.2-15", f"the target supports only {', '.join(ops) or 'no order'}")
        return
    texts = Vocabulary(
        tuple(known for known in vocabulary.attributes if known.kind == "string" and not known.many), vocabulary.values
    )

    @searching(run, quick=2, standard=8, deep=30)
    @given(comparisons(texts, ("ge", "le")))
    @bounded(run, requests=2)
    def search(tree: Tree) -> None:
        parts = _strict_or_equal(tree)
        whole, joined = _found(population, tree), _found(population, parts)
        told = f"the same users for {render(tree)} and {render(parts)}"
        holds("7644-3.4.2.2-15", whole == joined, expected=told, observed=population.names(whole ^ joined))

    search()


def _strict_or_equal(tree: Tree) -> Tree:
    """`a gt x or a eq x` for `a ge x`, and likewise for le."""
    assert isinstance(tree, Compare)
    return Or((Compare(tree.path, f"{tree.op[0]}t", tree.operand), Compare(tree.path, "eq", tree.operand)))
