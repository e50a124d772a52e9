"""The resource that operations change, and what a PATCH did to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.client import Answer
from conformance.errors import Unusable
from conformance.judging import holds, refused
from conformance.population import Document, Resources
from conformance.suites.filtering.asking import shown
from conformance.target import Target

WORDS = ("title", "nickName", "displayName", "userType")
"""Attributes that hold one text; at least two of them are declared by most servers."""
_SERVED = frozenset({"id", "schemas", "meta", "groups"})
_DERIVED = frozenset({"$ref", "formatted"})
_LINKS = ("members", "manager")
SYNTAX = ("invalidSyntax", "invalidValue")
Bodies = Mapping[str, tuple[Sequence[Any], tuple[str, ...]]]
"""Clause -> the bodies that it has refused, and the keywords of that refusal."""


@dataclass(frozen=True, slots=True)
class Step:
    """One PATCH: the resource before it, the answer, and the resource as GET shows it afterwards."""

    before: Document
    answer: Answer
    after: Document

    def differences(self, **changes: Any) -> dict[str, Any]:
        """What is not as these changes of attributes (None takes one away) leave it: name -> what is there."""
        wanted, found = plain({**self.before, **changes}), plain(self.after)
        return {name: found.get(name) for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)}

    def made(self, **changes: Any) -> bool:
        """Whether the PATCH succeeded, made these changes, and no other."""
        return self.answer.ok and not self.differences(**changes)

    def declined(self, *keywords: str) -> bool:
        """Whether the PATCH was refused with 400 and, if any, one of these keywords, and changed nothing."""
        known = self.answer.scim_type in {None, *keywords}
        return self.answer.status == 400 and known and self.traceless

    @property
    def traceless(self) -> bool:
        """Whether the resource is as before, its version and time of change included."""
        return same(self.before, self.after)

    def told(self, *names: str) -> str:
        """The answer, and the attributes named as they are now, for a report."""
        found = {name: self.after.get(name) for name in names}
        return f"{shown(self.answer)}; {found}" if names else shown(self.answer)


@dataclass(slots=True)
class Subject:
    """One resource, and its state as it was last read."""

    resources: Resources
    state: Document

    @property
    def path(self) -> str:
        """Where the resource is."""
        return self.resources.path(str(self.state["id"]))

    def send(self, *operations: Mapping[str, Any], **options: Any) -> Answer:
        """The answer to a PATCH with these operations; the state is not read."""
        return self.resources.client.patch(self.path, list(operations), **options)

    def read(self) -> Document:
        """The resource as it is now."""
        self.state = self.resources.client.get(self.path).resource
        return self.state

    def step(self, *operations: Mapping[str, Any], **options: Any) -> Step:
        """A PATCH with these operations, and what it did."""
        before, answer = self.state, self.send(*operations, **options)
        return Step(before, answer, self.read())


def operation(op: str, path: str | None = None, value: Any = ...) -> Document:
    """One operation; without a path, or without a value (null is one), the member is left out."""
    members = {"op": op, "path": path, "value": value}
    return {
        name: given for name, given in members.items() if given is not ... and (name != "path" or given is not None)
    }


def changes(clause_id: str, step: Step, **attributes: Any) -> bool:
    """Judge that the PATCH succeeded, left these attributes as given, and every other as it was."""
    wrong = step.differences(**attributes)
    told = step.told() + (f"; not as expected: {wrong}" if wrong else "")
    expected = f"2xx; {attributes or 'nothing'} changed, the rest as before"
    fine = step.answer.ok and not wrong
    return holds(clause_id, fine, expected=expected, observed=told, answer=step.answer)


def refuses(
    clause_id: str, subject: Subject, *operations: Mapping[str, Any], scim_type: str | tuple[str, ...]
) -> list[Answer]:
    """Judge that each operation, sent by itself, is refused with 400 and a keyword, and that all leave no trace."""
    keywords = (scim_type,) if isinstance(scim_type, str) else scim_type
    return refuse_all(subject, {clause_id: ([[each] for each in operations], keywords)})[clause_id]


def refuse_all(subject: Subject, bodies: Bodies) -> dict[str, list[Answer]]:
    """Judge that the bodies of each clause (a list is the Operations of one) are refused, and leave no trace.

    Where one of them is accepted, a change of the resource is put down to that one alone.
    """
    before, client = subject.state, subject.resources.client
    answers = {name: [client.patch(subject.path, body) for body in listed] for name, (listed, _) in bodies.items()}
    traceless = same(before, subject.read()) or any(answer.ok for each in answers.values() for answer in each)
    for name, (_, keywords) in bodies.items():
        for answer in answers[name]:
            refused(name, answer, status=400, scim_type=keywords, unchanged=traceless)
    return answers


def words_of(target: Target) -> list[str]:
    """The optional single texts that the schema of users declares; raises Unusable (set-up) below two."""
    declared = {name: target.capabilities.attribute("User", name) for name in WORDS}
    found = [name for name, entry in declared.items() if entry and _free(entry)]
    if len(found) < 2:
        raise Unusable(f"the schema of users declares fewer than two of {', '.join(WORDS)}", setup=True)
    return found


def _free(entry: Mapping[str, Any]) -> bool:
    writable = entry.get("mutability", "readWrite") == "readWrite" and entry.get("required") is not True
    return writable and entry.get("type", "string") == "string" and entry.get("multiValued") is not True


def same(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether two readings show one state of a resource; what only one of them tells of `meta` does not count."""
    metas = [resource.get("meta") or {} for resource in (before, after)]
    stamps = [{name: meta[name] for name in metas[0].keys() & metas[1].keys()} for meta in metas]
    urns = [sorted(resource.get("schemas") or []) for resource in (before, after)]
    return plain(before) == plain(after) and stamps[0] == stamps[1] and urns[0] == urns[1]


def plain(resource: Mapping[str, Any]) -> Document:
    """The attributes that clients write, in a form that compares: no empty values, lists in one order.

    `primary: false` counts as absent, a link is its `value`, and references and `name.formatted` are the server's.
    """
    kept = {name: _plain(value, name) for name, value in resource.items() if name not in _SERVED}
    return {name: value for name, value in kept.items() if value not in (None, "", [], {})}


def _plain(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return sorted((_plain(item, name) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    if not isinstance(value, dict):
        return value
    if name in _LINKS:
        return {"value": value.get("value")}
    parts = {part: _plain(item, part) for part, item in value.items() if part not in _DERIVED}
    return {
        part: item
        for part, item in parts.items()
        if item not in (None, "", [], {}) and (part, item) != ("primary", False)
    }
