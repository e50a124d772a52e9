"""PATCH operations on two texts, the name and the e-mail addresses of a user, as data and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

Value = Any
TYPES: Final = ("work", "home", "other")
NAMES: Final = ("givenName", "familyName", "middleName")
SEEN: Final = ("eq", "ne", "sw", "ew", "co")
_LABELS: Final = ("Desk", "Home", "Main line")
_TEXTS: Final = st.sampled_from(["Analyst", "Lead", "Senior Lead"])


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison of a value filter: sub-attribute, operator, literal; `pr` has none."""

    part: str
    op: str
    literal: str | bool = ""

    def __str__(self) -> str:
        if self.op == "pr":
            return f"{self.part} pr"
        text = str(self.literal).lower() if isinstance(self.literal, bool) else f'"{self.literal}"'
        return f"{self.part} {self.op} {text}"


@dataclass(frozen=True, slots=True)
class Selection:
    """A value filter: tests, all of which hold (`and`) or any of them (`or`), or not."""

    tests: tuple[Term, ...]
    joint: str = "and"
    negated: bool = False

    def __str__(self) -> str:
        text = f" {self.joint} ".join(map(str, self.tests))
        return f"not ({text})" if self.negated else text


@dataclass(frozen=True, slots=True)
class Write:
    """One operation: what it does to an attribute, to the elements selected, to a part; `bare` has no path."""

    op: str
    attribute: str
    value: Value = None
    selection: Selection | None = None
    part: str | None = None
    bare: bool = False

    @property
    def path(self) -> str:
        """The path that names the target."""
        chosen = "" if self.selection is None else f"[{self.selection}]"
        return f"{self.attribute}{chosen}" + (f".{self.part}" if self.part else "")

    def operation(self) -> dict[str, Value]:
        """The operation as JSON."""
        if self.op == "remove":
            return {"op": "remove", "path": self.path}
        if self.bare:
            return {"op": self.op, "value": {self.attribute: self.value}}
        return {"op": self.op, "path": self.path, "value": self.value}


def sequences(words: Sequence[str], addresses: Sequence[str], *, most: int) -> st.SearchStrategy[list[Write]]:
    """One to `most` operations on the texts `words`, the name, and e-mail addresses out of a few."""
    lists = st.one_of(_lists(addresses), _selected(addresses))
    return st.lists(st.one_of(_singles(words), lists, lists), min_size=1, max_size=most)


def _singles(words: Sequence[str]) -> st.SearchStrategy[Write]:
    word, ops, part = st.sampled_from(words), st.sampled_from(["add", "replace"]), st.sampled_from(NAMES)
    names = st.dictionaries(part, _TEXTS, min_size=1)
    return st.one_of(
        st.builds(Write, ops, word, _TEXTS, bare=st.booleans()),
        st.builds(Write, st.just("remove"), word),
        st.builds(Write, ops, st.just("name"), names, bare=st.booleans()),
        st.builds(Write, ops, st.just("name"), _TEXTS, part=part),
        st.builds(Write, st.just("remove"), st.just("name"), part=st.none() | part),
    )


def _lists(addresses: Sequence[str]) -> st.SearchStrategy[Write]:
    element = st.fixed_dictionaries(
        {"type": st.sampled_from(TYPES), "value": st.sampled_from(addresses)},
        optional={"display": st.sampled_from(_LABELS), "primary": st.just(True)},
    )
    emails = st.just("emails")
    return st.one_of(
        st.builds(Write, st.just("add"), emails, st.lists(element, min_size=1, max_size=2), bare=st.booleans()),
        st.builds(Write, st.just("replace"), emails, st.lists(element, max_size=3), bare=st.booleans()),
        st.builds(Write, st.just("remove"), emails),
    )


def _selected(addresses: Sequence[str]) -> st.SearchStrategy[Write]:
    some, emails = selections(addresses), st.just("emails")
    ops = st.sampled_from(["replace", "add"])
    parts = st.fixed_dictionaries(
        {"type": st.sampled_from(TYPES), "value": st.sampled_from(addresses), "display": st.sampled_from(_LABELS)}
    )
    return st.one_of(
        st.builds(Write, st.just("remove"), emails, st.none(), some),
        st.builds(Write, st.just("remove"), emails, st.none(), some, st.just("display")),
        st.builds(Write, ops, emails, st.sampled_from(_LABELS), some, st.just("display")),
        st.builds(Write, ops, emails, st.sampled_from(addresses), some, st.just("value")),
        st.builds(Write, ops, emails, st.just(True), some, st.just("primary")),
        st.builds(Write, st.just("replace"), emails, parts, some),
    )


def selections(addresses: Sequence[str]) -> st.SearchStrategy[Selection]:
    """Value filters over type, value, display and primary, of one test or two."""
    sorts = st.builds(Term, st.just("type"), st.sampled_from(("eq", "ne")), st.sampled_from(TYPES))
    exact = st.builds(Term, st.just("value"), st.sampled_from(SEEN), st.sampled_from(addresses))
    begins = st.builds(Term, st.just("value"), st.just("sw"), st.sampled_from([text[:1] for text in addresses]))
    others = st.sampled_from([Term("display", "pr"), Term("primary", "eq", True)])
    tests = st.one_of(sorts, sorts, exact, begins, others)
    joined = st.lists(tests, min_size=1, max_size=2, unique=True).map(tuple)
    return st.builds(Selection, joined, st.sampled_from(("and", "or")), st.sampled_from([False, False, True]))
