"""One user who is changed in every dialect, and what of the user changed.

A document is compared by its leaves: `userName`, `name.givenName`, `emails[work].value`, `urn:…:User:department`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from conformance.client import Answer
from conformance.judging import holds, not_applicable
from conformance.population import Document, Users
from conformance.rfc_schema import CORE_USER, ENTERPRISE_USER
from conformance.suites.filtering.asking import shown
from conformance.target import Target

USER_SCHEMAS: Final = [CORE_USER, ENTERPRISE_USER]
_ELEMENT = re.compile(r"(\w+)\[(\w*)\]\.(\w+)")
_APART: Final = frozenset({"schemas", "id", "meta", "groups", "roles"})
_KEYS: Final = frozenset({"$ref", "type"})
"""Parts of an element that name it."""
_DERIVED: Final = ("displayName", ".display", ".formatted", ".displayName")
"""Leaves a server may make of others; they count only where they were sent."""

Values = Mapping[str, Any]


def enterprise(name: str) -> str:
    """The leaf of an attribute of the enterprise extension."""
    return f"{ENTERPRISE_USER}:{name}"


def leaves(document: Mapping[str, Any]) -> dict[str, Any]:
    """The leaves of a user; a name that was stored as it came, dots and all, shows as `literal …`."""
    found: dict[str, Any] = {}
    for name, value in document.items():
        if name.lower() == ENTERPRISE_USER.lower() and isinstance(value, dict):
            for part, inner in value.items():
                found.update(_below(enterprise(part), inner))
        elif ":" in name or "." in name:
            found[f"literal {name}"] = value
        elif name not in _APART:
            found.update(_below(name, value))
    return found


def _below(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from ((f"{name}.{part}", inner) for part, inner in value.items() if part != "$ref")
    elif isinstance(value, list):
        yield from _elements(name, value)
    else:
        yield name, value


def _elements(name: str, elements: list[Any]) -> Iterator[tuple[str, Any]]:
    """The leaves of the elements by their type; a second one of the same type is marked."""
    seen: Counter[str] = Counter()
    for element in elements:
        kind = str(element.get("type", "")).lower() if isinstance(element, dict) else ""
        seen[kind] += 1
        mark = kind if seen[kind] == 1 else f"{kind}#{seen[kind]}"
        parts = element if isinstance(element, dict) else {"value": element}
        yield from ((f"{name}[{mark}].{part}", inner) for part, inner in parts.items() if part not in _KEYS)


def wire(leaf: str) -> str:
    """The path of a leaf, as Entra writes it."""
    match = _ELEMENT.fullmatch(leaf)
    return f'{match[1]}[type eq "{match[2]}"].{match[3]}' if match else leaf


def known(target: Target, values: Values) -> dict[str, Any]:
    """Those of the values whose attributes the target's schemas have; externalId needs no schema."""
    return {leaf: value for leaf, value in values.items() if _has(target, leaf)}


def _has(target: Target, leaf: str) -> bool:
    match = _ELEMENT.fullmatch(leaf)
    name = f"{match[1]}.{match[3]}" if match else leaf.rpartition(":")[2]
    return name == "externalId" or target.has(f"attribute:User.{name}")


def operations(op: str, values: Values) -> list[Document]:
    """One operation with a path for each value."""
    return [{"op": op, "path": wire(leaf), "value": value} for leaf, value in values.items()]


def compact(op: str, values: Values) -> list[Document]:
    """Operations of their own for value paths, and one without path whose keys are flat."""
    inside = {leaf: value for leaf, value in values.items() if _ELEMENT.fullmatch(leaf)}
    outside = {leaf: value for leaf, value in values.items() if leaf not in inside}
    return [*operations(op, inside), *([{"op": op, "value": outside}] if outside else [])]


def whole(values: Values) -> Document:
    """The attributes that these leaves make up, as a resource holds them."""
    found: Document = {}
    for leaf, value in values.items():
        if match := _ELEMENT.fullmatch(leaf):
            elements = found.setdefault(match[1], [])
            if not any(each["type"] == match[2] for each in elements):
                elements.append({"type": match[2]})
            next(each for each in elements if each["type"] == match[2])[match[3]] = value
        elif leaf.startswith(ENTERPRISE_USER):
            found.setdefault(ENTERPRISE_USER, {})[leaf.rpartition(":")[2]] = value
        else:
            name, _, part = leaf.partition(".")
            found.update({name: {**found.get(name, {}), part: value} if part else value})
    return found


def plainly(values: Values) -> list[Document]:
    """Operations that set whole attributes, by paths without filter, as every server understands them."""
    inside = whole(values)
    extension = inside.pop(ENTERPRISE_USER, {})
    named = {**inside, **{enterprise(name): value for name, value in extension.items()}}
    return [{"op": "replace", "path": path, "value": value} for path, value in named.items()]


def faults(before: Values, after: Values, wanted: Values) -> list[str]:
    """What of the wanted is not there, and what changed although nobody asked; None wants no value."""
    wrong = [f"{leaf} is {after.get(leaf)!r}" for leaf, value in wanted.items() if not _same(after.get(leaf), value)]
    wrong += [f"{leaf} became {after.get(leaf)!r}" for leaf in touched(before, after, wanted)]
    fresh = [leaf for leaf in after if leaf not in before and leaf not in wanted]
    return wrong + [f"{leaf} appeared" for leaf in fresh if leaf.startswith("literal ") or "#" in leaf]


def touched(before: Values, after: Values, wanted: Values) -> list[str]:
    """The leaves that changed although nobody asked."""
    others = [leaf for leaf in before if leaf not in wanted and not leaf.endswith(_DERIVED)]
    return [leaf for leaf in others if after.get(leaf) != before[leaf]]


def _same(found: Any, wanted: Any) -> bool:
    if wanted is None:
        return found in (None, "", [], {})
    return bool(found == wanted) and isinstance(found, bool) is isinstance(wanted, bool)


def refusal(answer: Answer) -> str:
    """Status, keyword and detail of a refusal."""
    detail = (answer.error or {}).get("detail")
    return f"{shown(answer)}: {str(detail)[:120]}" if detail else shown(answer)


@dataclass(slots=True)
class Subject:
    """One user; `user` is the state last seen."""

    users: Users
    user: Document

    def send(self, *sent: Mapping[str, Any]) -> Answer:
        """The answer to one PATCH."""
        return self.users.client.patch(self.users.path(self.user), list(sent))

    def settle(self) -> None:
        """The state is read again."""
        self.user = self.users.read(self.user)

    def fill(self, values: Values, *sent: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the values that are there after the operations, which are sent as set-up."""
        self.shortfall(self.send(*sent), values)
        there = leaves(self.user)
        return {leaf: value for leaf, value in values.items() if _same(there.get(leaf), value)}

    def shortfall(self, answer: Answer, wanted: Values, *, afresh: bool = False) -> list[str]:
        """What is wrong after an answer: by its body, or by a read where it has none, looks wrong, or is not enough."""
        if not answer.ok:
            return [refusal(answer)]
        before = leaves(self.user)
        shows = answer.json if answer.body and not afresh else None
        if isinstance(shows, dict) and not faults(before, leaves(shows), wanted):
            self.user = {**shows, "id": self.user["id"]}
            return []
        self.settle()
        return faults(before, leaves(self.user), wanted)

    def lands(self, clause_id: str, wanted: Values, *sent: Mapping[str, Any], afresh: bool = False) -> bool:
        """Judge that the operations do what is wanted; another change does harm; without wanted leaves none applies."""
        if not wanted:
            not_applicable(clause_id, "the target has none of the attributes, or let none of them be set before")
            return True
        before, answer = leaves(self.user), self.send(*sent)
        wrong = self.shortfall(answer, wanted, afresh=afresh)
        harm = bool(touched(before, leaves(self.user), wanted))
        seen = "; ".join(wrong)[:400] if wrong else answer.status
        expected = f"2xx, then {dict(wanted)}"
        return holds(clause_id, not wrong, expected=expected, observed=seen, answer=answer, harm=harm)
