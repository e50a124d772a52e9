"""What a filter finds among users the judge made itself: computed from its own tree, never from a text.

Where the RFCs leave a choice (AMB-03: `ne` without a value or with several; AMB-58: how far letters fold), the oracle
computes the answer of every reading. A user who matches in each of the readings still open must be found, one who
matches in none must not, any other may. An answer closes the readings that contradict it, so that a server is held
to one reading for the rest of the run.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from itertools import product, starmap
from typing import Any, Final, Literal

from conformance.strategies.trees import And, Compare, Element, Not, Operand, Or, Present, Tree, leaves, operators
from conformance.strategies.vocabulary import VOCABULARY, Attribute, elements, values

Many = Literal["all", "any"]
Folding = Literal["full", "simple", "lower", "upper"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read what is open: `ne` of no value holds, `ne` of several values needs one or all, the folding."""

    ne_unassigned: bool = True
    ne_many: Many = "all"
    folding: Folding = "full"


FOLDINGS: Final[tuple[Folding, ...]] = ("full", "simple", "lower", "upper")
MANY: Final[tuple[Many, ...]] = ("all", "any")
READINGS: Final = tuple(starmap(Reading, product((True, False), MANY, FOLDINGS)))
AMBIGUITY: Final = {"ne_unassigned": "AMB-03", "ne_many": "AMB-03", "folding": "AMB-58"}
"""Field of a reading -> the ambiguity that leaves it open."""


@cache
def fold(text: str, folding: Folding) -> str:
    """A text without its case, after NFC (RFC 7644, 7.8); letters that fold to several only under `full`."""
    text = unicodedata.normalize("NFC", text)
    match folding:
        case "full":
            folded = text.casefold()
        case "simple":
            folded = "".join(_one(letter, str.casefold) for letter in text)
        case "lower":
            folded = "".join(letter.lower() for letter in text)
        case "upper":
            folded = text.upper()
    return unicodedata.normalize("NFC", folded)


def _one(letter: str, fold_letter: Callable[[str], str]) -> str:
    folded = fold_letter(letter)
    if len(folded) > 1:
        folded = letter.lower()
    return folded if len(folded) == 1 else letter


@cache
def instant(text: str) -> datetime:
    """The moment an RFC 3339 text names; raises ValueError for another text."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} names no offset from UTC")
    return moment.astimezone(UTC)


TESTS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "eq": lambda value, operand: value == operand,
    "co": lambda value, operand: operand in value,
    "sw": lambda value, operand: value.startswith(operand),
    "ew": lambda value, operand: value.endswith(operand),
    "gt": lambda value, operand: value > operand,
    "ge": lambda value, operand: value >= operand,
    "lt": lambda value, operand: value < operand,
    "le": lambda value, operand: value <= operand,
}
"""Operator -> whether a value stands in that relation to an operand; `ne` follows from `eq`."""


def key(attribute: Attribute, value: Operand, reading: Reading) -> Any:
    """What is compared of a value: the text, the folded text, the moment, or the value itself."""
    if not isinstance(value, str):
        return value
    if attribute.kind == "instant":
        return instant(value)
    if attribute.case_exact or attribute.kind == "reference":
        return value
    return fold(value, reading.folding)


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Whether a resource matches a filter under one reading; an attribute no vocabulary tells of is a plain string."""

    reading: Reading
    attributes: Mapping[str, Attribute]

    def matches(self, tree: Tree, resource: Mapping[str, Any]) -> bool:
        """True or false, never unknown: the logic of filters has two values."""
        match tree:
            case And(terms):
                return all(self.matches(term, resource) for term in terms)
            case Or(terms):
                return any(self.matches(term, resource) for term in terms)
            case Not(term):
                return not self.matches(term, resource)
            case Element(path, inside):
                return any(self._element(path, inside, element) for element in elements(resource, path))
            case Present(path):
                return bool(values(resource, path))
            case Compare(path, op, operand):
                return self._compares(self._known(path), op, operand, values(resource, path))

    def _element(self, path: str, inside: Tree, element: Any) -> bool:
        subs = (known for known in self.attributes.values() if known.parent == path and known.sub)
        return Evaluator(self.reading, {known.sub: replace(known, many=False) for known in subs}).matches(
            inside, element
        )

    def _known(self, path: str) -> Attribute:
        return self.attributes.get(path) or Attribute(path)

    def _compares(self, attribute: Attribute, op: str, operand: Operand, found: list[Any]) -> bool:
        wanted = key(attribute, operand, self.reading)
        keys = [key(attribute, value, self.reading) for value in found]
        if op != "ne":
            return any(TESTS[op](value, wanted) for value in keys)
        if not keys:
            return self.reading.ne_unassigned
        differs = [value != wanted for value in keys]
        return any(differs) if self.reading.ne_many == "any" else all(differs)


class Finding(StrEnum):
    """What an answer is worth: right, right only by changing the reading, or wrong."""

    RIGHT = "right"
    SWITCHED = "switched"
    WRONG = "wrong"


VARIANTS: Final[Mapping[str, Mapping[Any, str]]] = {
    "ne_unassigned": {True: "unassigned-matches", False: "unassigned-does-not"},
    "ne_many": {"any": "any-differs", "all": "none-equals"},
    "folding": {"full": "full", "upper": "full", "simple": "simple", "lower": "simple"},
}
"""Field of a reading -> its value -> the variant of the ambiguity it stands for."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """The ids that must be found and those that may; `open` names the ambiguities that make the difference."""

    must: frozenset[str]
    may: frozenset[str]
    open: tuple[str, ...] = ()


@dataclass(slots=True)
class Oracle:
    """The users a filter finds, in every reading still open.

    `population` maps ids to resources as the target showed them; `open` shrinks with the answers.
    """

    population: Mapping[str, Mapping[str, Any]]
    attributes: tuple[Attribute, ...] = VOCABULARY
    open: set[Reading] = field(default_factory=lambda: set(READINGS))
    _known: dict[Tree, dict[Reading, frozenset[str]]] = field(default_factory=dict)

    def found(self, tree: Tree) -> dict[Reading, frozenset[str]]:
        """Reading -> ids of the users that match; readings that cannot differ on this filter are computed once."""
        if tree not in self._known:
            fields_ = self._matters(tree)
            same: dict[tuple[object, ...], frozenset[str]] = {}
            for reading in READINGS:
                key_ = tuple(getattr(reading, name) for name in fields_)
                same[key_] = same[key_] if key_ in same else self._search(tree, reading)
                self._known.setdefault(tree, {})[reading] = same[key_]
        return self._known[tree]

    def _search(self, tree: Tree, reading: Reading) -> frozenset[str]:
        evaluator = Evaluator(reading, {attribute.path: attribute for attribute in self.attributes})
        return frozenset(id_ for id_, user in self.population.items() if evaluator.matches(tree, user))

    def _matters(self, tree: Tree) -> list[str]:
        """The fields of a reading that what a filter finds can hang on."""
        names = ["ne_unassigned", "ne_many"] if "ne" in operators(tree) else []
        texts = [leaf.operand for leaf in leaves(tree) if isinstance(leaf, Compare) and isinstance(leaf.operand, str)]
        shown = (
            str(value)
            for leaf in leaves(tree)
            for user in self.population.values()
            for value in values(user, leaf.path)
        )
        return names if all(map(str.isascii, (*texts, *shown))) else [*names, "folding"]

    def expect(self, tree: Tree) -> Expectation:
        """The three-valued answer over the readings still open."""
        found = {reading: ids for reading, ids in self.found(tree).items() if reading in self.open}
        must = frozenset.intersection(*found.values())
        return Expectation(must, frozenset.union(*found.values()) - must, disagreements(found))

    def judge(self, tree: Tree, seen: Collection[str]) -> Finding:
        """What the ids an answer holds are worth; a right answer closes the readings that contradict it."""
        agreeing = self._agreeing(tree, seen)
        if not agreeing:
            return Finding.WRONG
        if not agreeing & self.open:
            return Finding.SWITCHED
        self.open &= agreeing
        return Finding.RIGHT

    def variants(self, name: str) -> set[str]:
        """The variants of one field of a reading that no answer has contradicted."""
        return {VARIANTS[name][getattr(reading, name)] for reading in self.open}

    def switches(self, tree: Tree, seen: Collection[str]) -> dict[str, tuple[str, str]]:
        """Field of a reading -> the variant an answer shows, and the one that answers before showed."""
        agreeing = self._agreeing(tree, seen)
        changed = {}
        for name in AMBIGUITY:
            shown = {VARIANTS[name][getattr(reading, name)] for reading in agreeing}
            if shown and not shown & self.variants(name):
                changed[name] = min(shown), min(self.variants(name))
        return changed

    def _agreeing(self, tree: Tree, seen: Collection[str]) -> set[Reading]:
        wanted = frozenset(seen)
        return {reading for reading, found in self.found(tree).items() if found == wanted}

    def forget(self) -> None:
        """Every reading is open again."""
        self.open = set(READINGS)

    def could_match(self, tree: Tree, resource: Mapping[str, Any]) -> bool:
        """True when a resource outside of the population matches in some reading."""
        known = {attribute.path: attribute for attribute in self.attributes}
        return any(Evaluator(reading, known).matches(tree, resource) for reading in READINGS)

    def informative(self, tree: Tree) -> bool:
        """True when the first reading finds neither nobody nor everybody."""
        found = self.found(tree)[READINGS[0]]
        return 0 < len(found) < len(self.population)


def disagreements(found: Mapping[Reading, frozenset[str]]) -> tuple[str, ...]:
    """The ambiguities whose readings differ in what they find."""
    names = set()
    for reading, ids in found.items():
        for name in (item.name for item in fields(Reading)):
            others = (other for other in found if _differ_in(reading, other, name))
            if any(found[other] != ids for other in others):
                names.add(AMBIGUITY[name])
    return tuple(sorted(names))


def _differ_in(one: Reading, other: Reading, name: str) -> bool:
    return one != other and replace(one, **{name: getattr(other, name)}) == other
