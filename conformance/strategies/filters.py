"""Syntax trees of filters over a known population, and spellings to write them down in.

Operands come from the values the target showed, cut, with other case, or absent. An operand is only taken when what
it finds hangs on nothing the RFCs leave open beyond the oracle's readings: normal forms, collation, and fractions of
a second have checks of their own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from itertools import pairwise
from typing import Any, Final

from hypothesis import strategies as st

from conformance.oracle import TESTS, fold, instant
from conformance.strategies.trees import And, Compare, Element, Not, Operand, Or, Present, Spelling, Tree
from conformance.strategies.vocabulary import Attribute, values

EQUALITY: Final = ("eq", "ne")
SUBSTRING: Final = ("co", "sw", "ew")
ORDER: Final = ("gt", "ge", "lt", "le")
OPERATORS: Final = (*EQUALITY, *SUBSTRING, *ORDER, "pr")
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "string": OPERATORS,
    "reference": ("eq", "ne", "pr"),
    "boolean": ("eq", "ne", "pr"),
    "instant": (*ORDER, "pr"),
}
"""Kind of an attribute -> operators whose meaning the RFCs give."""
ABSENT: Final = ("zzz nowhere", "0")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Attributes with the values a population shows for them; `refused` pairs (path, operator) are not asked."""

    attributes: tuple[Attribute, ...]
    values: Mapping[str, tuple[Any, ...]]
    refused: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(
        cls,
        attributes: Sequence[Attribute],
        population: Sequence[Mapping[str, Any]],
        refused: frozenset[tuple[str, str]] = frozenset(),
    ) -> Vocabulary:
        """The vocabulary of users as they were read back; attributes nobody shows are left out."""
        shown = {
            attribute.path: tuple(dict.fromkeys(value for user in population for value in values(user, attribute.path)))
            for attribute in attributes
        }
        return cls(tuple(attribute for attribute in attributes if shown[attribute.path]), shown, refused)

    def admits(self, attribute: Attribute, op: str) -> bool:
        """Whether a comparison with that operator can be asked."""
        return op in KINDS[attribute.kind] and (attribute.path, op) not in self.refused

    def having(self, op: str) -> list[Attribute]:
        """The attributes that can be asked with an operator."""
        return [attribute for attribute in self.attributes if self.admits(attribute, op)]

    def brackets(self) -> list[str]:
        """Multi-valued attributes with sub-attributes."""
        return list(
            dict.fromkeys(attribute.parent for attribute in self.attributes if attribute.many and attribute.sub)
        )


@cache
def settled(attribute: Attribute, op: str, operand: str, shown: tuple[Any, ...]) -> bool:
    """True when no value's match hangs on its normal form or, for an order, on a collation."""
    texts = [value for value in shown if isinstance(value, str)]
    if op in ORDER:
        return all(plainly_ordered(value, operand, case_exact=attribute.case_exact) for value in texts)
    test = TESTS["eq" if op == "ne" else op]
    pairs = [*((text, operand) for text in texts), *((text.casefold(), operand.casefold()) for text in texts)]
    return all(test(value, wanted) == test(_composed(value), _composed(wanted)) for value, wanted in pairs)


@cache
def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def plainly_ordered(one: str, other: str, *, case_exact: bool) -> bool:
    """True when the first difference of two texts is one that code points and dictionaries order alike."""
    if case_exact and one != other and one.lower() == other.lower():
        return False
    one, other = fold(one, "full"), fold(other, "full")
    pair = next(((left, right) for left, right in zip(one, other, strict=False) if left != right), None)
    return pair is None or all(letter.isascii() and letter.isalnum() for letter in pair)


def operands(vocabulary: Vocabulary, attribute: Attribute, op: str) -> st.SearchStrategy[Operand]:
    """Literals for one attribute and operator."""
    shown = vocabulary.values[attribute.path]
    match attribute.kind:
        case "boolean":
            return st.booleans()
        case "instant":
            return st.sampled_from(moments([value for value in shown if isinstance(value, str)]))
        case "reference":
            return st.sampled_from([*shown, *ABSENT])
    return _texts([value for value in shown if isinstance(value, str)], attribute, op)


def _texts(shown: list[str], attribute: Attribute, op: str) -> st.SearchStrategy[str]:
    whole = st.sampled_from(shown)
    spelled = whole if attribute.case_exact else st.one_of(whole, whole.map(str.swapcase), whole.map(str.upper))
    candidates = st.one_of(spelled, st.sampled_from(ABSENT))
    if op in SUBSTRING:
        candidates = st.one_of(spelled.flatmap(partial(_cut, op)), candidates)
    return candidates.filter(lambda operand: bool(operand) and settled(attribute, op, operand, tuple(shown)))


def _cut(op: str, text: str) -> st.SearchStrategy[str]:
    """Pieces of a text that the operator finds in it, short ones first."""
    sizes = st.integers(1, min(len(text), 24))
    if op == "sw":
        return sizes.map(lambda size: text[:size])
    if op == "ew":
        return sizes.map(lambda size: text[-size:])
    return st.tuples(st.integers(0, len(text) - 1), sizes).map(lambda cut: text[cut[0] : cut[0] + cut[1]])


def moments(shown: Sequence[str]) -> list[str]:
    """Moments that lie at least a second and a half from every value shown, in two offsets."""
    points = sorted({instant(value) for value in shown})
    gaps = [early + (late - early) / 2 for early, late in pairwise(points)]
    far = [point for point in gaps if all(abs(point - known) > timedelta(seconds=1.5) for known in points)]
    chosen = [points[0] - timedelta(days=1), *far, points[-1] + timedelta(days=1)]
    return [point.strftime("%Y-%m-%dT%H:%M:%SZ") for point in chosen] + [
        (point + timedelta(hours=5, minutes=30)).strftime("%Y-%m-%dT%H:%M:%S+05:30") for point in chosen
    ]


def comparisons(vocabulary: Vocabulary, ops: Sequence[str] = OPERATORS) -> st.SearchStrategy[Tree]:
    """One comparison of any attribute with one of the operators."""
    pairs = [(attribute, op) for op in ops for attribute in vocabulary.having(op)]
    return st.one_of([_comparison(vocabulary, attribute, op) for attribute, op in pairs])


def _comparison(vocabulary: Vocabulary, attribute: Attribute, op: str) -> st.SearchStrategy[Tree]:
    if op == "pr":
        return st.just(Present(attribute.path))
    return st.builds(Compare, st.just(attribute.path), st.just(op), operands(vocabulary, attribute, op))


def brackets(vocabulary: Vocabulary, ops: Sequence[str] = OPERATORS) -> st.SearchStrategy[Tree]:
    """One to three conditions over one multi-valued attribute, in brackets."""
    return st.one_of([_bracket(vocabulary, parent, ops) for parent in vocabulary.brackets()])


def _bracket(vocabulary: Vocabulary, parent: str, ops: Sequence[str]) -> st.SearchStrategy[Tree]:
    subs = tuple(attribute for attribute in vocabulary.attributes if attribute.parent == parent)
    inner = comparisons(Vocabulary(subs, vocabulary.values, vocabulary.refused), ops).map(_inside)
    return st.builds(Element, st.just(parent), combined(inner, most=3))


def _inside(leaf: Tree) -> Tree:
    match leaf:
        case Compare(path, op, operand):
            return Compare(path.rpartition(".")[2], op, operand)
        case Present(path):
            return Present(path.rpartition(".")[2])
    return leaf


def combined(leaf: st.SearchStrategy[Any], *, most: int) -> st.SearchStrategy[Tree]:
    """Leaves joined by and, or, not."""

    def joined(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.one_of(several.map(And), several.map(Or), inner.map(Not))

    return st.recursive(leaf, joined, max_leaves=most)


def trees(vocabulary: Vocabulary, others: st.SearchStrategy[Tree], op: str) -> st.SearchStrategy[Tree]:
    """Filters that hold a comparison with that operator, alone, negated, or joined with others."""
    chosen = comparisons(vocabulary, (op,))
    return st.one_of(
        chosen,
        chosen.map(Not),
        st.tuples(chosen, others).map(And),
        st.tuples(others, chosen).map(Or),
        st.tuples(chosen, others.map(Not)).map(And),
    )


def company(vocabulary: Vocabulary, ops: Sequence[str] = OPERATORS) -> st.SearchStrategy[Tree]:
    """Filters of one to three comparisons and brackets."""
    leaf = comparisons(vocabulary, ops)
    return combined(st.one_of(leaf, brackets(vocabulary, ops)) if vocabulary.brackets() else leaf, most=3)


def spellings(*, negations: Sequence[str] = (" ", ""), gaps: Sequence[str] = (" ",)) -> st.SearchStrategy[Spelling]:
    """Spellings of one filter; only those the target was seen to understand where the grammar leaves it open."""
    cases = st.sampled_from(("as is", "upper", "lower", "swapped"))
    return st.builds(
        Spelling,
        names=cases,
        operators=cases,
        words=cases,
        negation=st.sampled_from(negations),
        urn=st.booleans(),
        escapes=st.sampled_from(("plain", "ascii", "every", "solidus")),
        groups=st.sampled_from((0, 0, 1, 2)),
        gap=st.sampled_from(gaps),
    )
