"""Immutable attributes: a first value is taken, another one is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.judging import budget, clause, not_applicable
from conformance.population import Groups, Users
from conformance.suites.patch.subject import Subject, changes, operation, refuses
from conformance.target import Target

FIRST, LATER = "7644-3.5.2-11", "7644-3.5.2-10"
PAIRS: Mapping[str, tuple[Any, Any]] = {
    "string": ("first", "second"),
    "boolean": (True, False),
    "integer": (1, 2),
    "decimal": (1.5, 2.5),
    "dateTime": ("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
    "binary": ("Zmlyc3Q=", "c2Vjb25k"),
    "reference": ("https://example.com/first", "https://example.com/second"),
}
"""Type -> two different values."""


def immutables(target: Target) -> Iterator[tuple[str | None, str, tuple[Any, Any]]]:
    """The optional immutable attributes of users: the extension that holds each, its name, two values."""
    for place, schema in enumerate(target.capabilities.schemas_of("User")):
        for entry in schema.get("attributes", []):
            pair = PAIRS.get(str(entry.get("type", "string")))
            listed = list(entry.get("canonicalValues") or [])
            values = (listed[0], listed[1]) if len(listed) > 1 else pair
            optional = entry.get("mutability") == "immutable" and entry.get("required") is not True
            if optional and values and entry.get("multiValued") is not True:
                yield (str(schema.get("id")) if place else None, str(entry.get("name")), values)


@clause(FIRST, LATER)
@budget(14)
def test_an_immutable_value_is_set_once(users: Users, groups: Groups, target: Target) -> None:
    """An immutable attribute takes a first value, and no other one afterwards."""
    found = list(immutables(target))[:2]
    for urn, name, values in found:
        _set_once(Subject(users, users.create()), urn, name, values)
    if found:
        return
    if (target.capabilities.attribute("Group", "members.value") or {}).get("mutability") == "immutable":
        _member_once(Subject(groups, groups.create()), [str(users.create()["id"]) for _ in range(2)])
        return
    for clause_id in (FIRST, LATER):
        not_applicable(clause_id, "users have no immutable attribute, nor have members")


def _set_once(subject: Subject, urn: str | None, name: str, values: tuple[Any, Any]) -> None:
    first, second = values
    path = f"{urn}:{name}" if urn else name
    step = subject.step(operation("add", path, first))
    changes(FIRST, step, **({urn: {**step.before.get(urn, {}), name: first}} if urn else {name: first}))
    writes = [operation("replace", path, second), operation("add", path, second), operation("remove", path)]
    refuses(LATER, subject, *writes, scim_type="mutability")


def _member_once(subject: Subject, ids: list[str]) -> None:
    member, other = ids
    changes(FIRST, subject.step(operation("add", "members", [{"value": member}])), members=[{"value": member}])
    path = f'members[value eq "{member}"].value'
    refuses(LATER, subject, operation("replace", path, other), scim_type=("mutability", "invalidValue"))
