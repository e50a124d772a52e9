"""What a PATCH leaves, by a small model of its own: two texts, the name and the e-mail addresses of a user."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.strategies.operations import Selection, Term, Write

State = dict[str, Any]
Element = dict[str, Any]


class Open(Exception):
    """The outcome of an operation is not fixed by the text."""


@dataclass(slots=True)
class Model:
    """The attributes of one user, and the operations taken.

    `lenient` once an operation found nothing to remove, for which the whole request may be refused (AMB-24).
    """

    state: State
    lenient: bool = False
    taken: list[Write] = field(default_factory=list)

    def take(self, writes: Iterable[Write]) -> None:
        """Apply the operations in order; one whose outcome is open is left out."""
        for write in writes:
            try:
                self.state = self._after(write)
            except Open:
                continue
            self.taken.append(write)

    def _after(self, write: Write) -> State:
        present = self.state.get(write.attribute)
        if write.attribute == "emails":
            value: Any = self._emails(write, list(present or []))
        elif write.attribute == "name":
            value = self._name(write, dict(present or {}))
        else:
            value = self._text(write, present)
        rest = {name: kept for name, kept in self.state.items() if name != write.attribute}
        return {**rest, write.attribute: value} if value else rest

    def _text(self, write: Write, present: str | None) -> str | None:
        if write.op == "remove":
            self._found(present)
            return None
        return str(write.value)

    def _name(self, write: Write, present: State) -> State:
        if write.op != "remove":
            return {**present, **({write.part: write.value} if write.part else write.value)}
        self._found(present if write.part is None else present.get(write.part))
        return {} if write.part is None else {part: text for part, text in present.items() if part != write.part}

    def _emails(self, write: Write, present: list[Element]) -> list[Element]:
        if write.selection is not None:
            return distinct(self._selected(write, present, write.selection))
        if write.op == "remove":
            self._found(present)
            return []
        given = distinct([dict(element) for element in write.value])
        return given if write.op == "replace" else _added(present, given)

    def _selected(self, write: Write, present: list[Element], selection: Selection) -> list[Element]:
        chosen = [selects(selection, element) for element in present]
        if write.op == "remove" and write.part is None:
            self._found(any(chosen))
            return [element for element, hit in zip(present, chosen, strict=True) if not hit]
        if write.op == "remove":
            self._found(any(write.part in element for element, hit in zip(present, chosen, strict=True) if hit))
            return [
                _without(element, write.part) if hit else element for element, hit in zip(present, chosen, strict=True)
            ]
        parts = {write.part: write.value} if write.part else dict(write.value)
        return _set(present, chosen, parts, whole=write.part is None)

    def _found(self, what: object) -> None:
        self.lenient = self.lenient or not what


def selects(selection: Selection, element: Mapping[str, Any]) -> bool:
    """Whether a value filter selects an element."""
    found = [_true(test, element) for test in selection.tests]
    return (all(found) if selection.joint == "and" else any(found)) is not selection.negated


def _true(test: Term, element: Mapping[str, Any]) -> bool:
    value = element.get(test.part)
    if test.op == "pr" or value is None:
        return value is not None and test.op == "pr"
    one, other = str(value).lower(), str(test.literal).lower()
    return {
        "eq": one == other,
        "ne": one != other,
        "sw": one.startswith(other),
        "ew": one.endswith(other),
        "co": other in one,
    }[test.op]


def distinct(elements: list[Element]) -> list[Element]:
    """The elements; raises Open when two have one type and value, or two are primary."""
    keys = [(element["type"], element["value"]) for element in elements]
    if len(set(keys)) < len(keys) or sum(element.get("primary") is True for element in elements) > 1:
        raise Open
    return elements


def _added(present: Sequence[Element], given: Sequence[Element]) -> list[Element]:
    known = {(element["type"], element["value"]): element for element in present}
    fresh = []
    for element in given:
        twin = known.get((element["type"], element["value"]))
        if twin is not None and twin != element:
            raise Open
        if twin is None:
            fresh.append(element)
    yielding = any(element.get("primary") is True for element in fresh)
    return [*(_without(element, "primary") if yielding else element for element in present), *fresh]


def _set(present: Sequence[Element], chosen: Sequence[bool], parts: Element, *, whole: bool) -> list[Element]:
    hits = [element for element, hit in zip(present, chosen, strict=True) if hit]
    primary = parts.get("primary") is True
    if not hits or (primary and len(hits) > 1) or (whole and any(each.get("primary") is True for each in hits)):
        raise Open
    others = [_without(element, "primary") if primary else element for element in present]
    return [{**element, **parts} if hit else element for element, hit in zip(others, chosen, strict=True)]


def _without(element: Element, part: str | None) -> Element:
    return {name: value for name, value in element.items() if name != part}
