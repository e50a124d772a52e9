"""What a PUT does with immutable attributes and with members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.judging import budget, clause, holds, not_applicable, refused
from conformance.population import Document, Groups, Resources, Users
from conformance.samples import sample
from conformance.suites.states import blank, carries
from conformance.target import Capabilities, Target

OTHERS: Mapping[str, Any] = {
    "boolean": False,
    "integer": 2,
    "decimal": 2.5,
    "dateTime": "2025-02-02T00:00:00Z",
    "binary": "b3RoZXI=",
    "reference": "https://example.com/other",
}


@dataclass(frozen=True, slots=True)
class Immutable:
    """An immutable singular attribute of a resource type, below `container` in an extension, and two values of it."""

    kind: str
    container: str | None
    name: str
    first: Any
    second: Any

    def holding(self, value: Any) -> Document:
        """The part of a body that gives the attribute this value."""
        inner = {self.name: value}
        return {self.container: inner} if self.container else inner

    def of(self, resource: Mapping[str, Any]) -> Any:
        """The value a resource has."""
        return (resource.get(self.container) or {} if self.container else resource).get(self.name)


def immutables(capabilities: Capabilities) -> Iterator[Immutable]:
    """The immutable attributes a PUT can name by themselves; those inside list elements come and go with these."""
    for kind in ("User", "Group"):
        for at, schema in enumerate(capabilities.schemas_of(kind)):
            for entry in schema.get("attributes", []):
                plain = entry.get("type", "string") != "complex" and entry.get("multiValued") is not True
                if plain and entry.get("mutability") == "immutable":
                    first, second = values_of(entry)
                    yield Immutable(kind, str(schema["id"]) if at else None, str(entry["name"]), first, second)


def values_of(definition: Mapping[str, Any]) -> tuple[Any, Any]:
    """Two different values of an attribute's type."""
    canonical = definition.get("canonicalValues")
    if isinstance(canonical, list) and len(canonical) > 1:
        return canonical[0], canonical[1]
    return sample(definition), OTHERS.get(str(definition.get("type", "string")), "other")


def members(*people: Document) -> list[dict[str, str]]:
    """The members attribute that names these users."""
    return [{"value": person["id"]} for person in people]


def held(groups: Groups, group: Document) -> list[str]:
    """The ids of the members a group has, sorted."""
    return sorted(str(each.get("value")) for each in groups.read(group).get("members") or [])


@clause("7644-3.5.1-07")
@budget(4)
def test_an_immutable_value_cannot_be_replaced(users: Users, groups: Groups, target: Target) -> None:
    """A replace with another value of an immutable attribute is refused as a mutability error."""
    found = next(immutables(target.capabilities), None)
    if found is None:
        not_applicable("7644-3.5.1-07", "immutable attributes stand in list elements only, which a replace exchanges")
        return
    kind: Resources = users if found.kind == "User" else groups
    made = kind.create(**found.holding(found.first))
    sent = kind.body(**{**identity(made), **found.holding(found.second)})
    answer = kind.client.put(kind.path(made), sent)
    same = found.of(kind.read(made)) == found.of(made)
    refused("7644-3.5.1-07", answer, status=400, scim_type="mutability", unchanged=same)


def identity(made: Mapping[str, Any]) -> Document:
    """The names a resource keeps when it is replaced."""
    return {name: made[name] for name in ("userName", "displayName", "emails") if not blank(made.get(name))}


@clause("7644-3.5.1-08", "7644-3.5.1-09", "7644-3.5.1-14")
@budget(9)
def test_members_are_replaced(people: list[Document], groups: Groups, target: Target) -> None:
    """A replace takes first members, the same ones again, and others, and leaves exactly those it names."""
    group, (ann, bob, eve) = groups.create(), people
    told = {}
    for step, wanted in (("first", (ann, bob)), ("same", (ann, bob)), ("other", (bob, eve))):
        sent = groups.body(displayName=group["displayName"], members=members(*wanted))
        answer = groups.client.put(groups.path(group), sent)
        told[step] = answer.ok and held(groups, group) == sorted(each["id"] for each in wanted)
    expected = "2xx, exactly the members it names"
    holds("7644-3.5.1-14", all(told.values()), expected=expected, observed=told, answer=answer)
    fixed = (target.capabilities.attribute("Group", "members.value") or {}).get("mutability") == "immutable"
    for clause_id, step in (("7644-3.5.1-09", "first"), ("7644-3.5.1-08", "same")):
        if fixed:
            holds(clause_id, told[step], expected=expected, observed=told, answer=answer)
        else:
            not_applicable(clause_id, "members.value is not immutable")


@clause("7644-3.5.1-08", "7644-3.5.1-09")
@budget(6)
def test_an_immutable_value_can_be_given_once(users: Users, groups: Groups, target: Target) -> None:
    """A replace sets an immutable attribute that has no value, and takes the same value again."""
    found = next((each for each in immutables(target.capabilities)), None)
    if found is None:
        for clause_id in ("7644-3.5.1-08", "7644-3.5.1-09"):
            not_applicable(clause_id, "immutable attributes stand in list elements only")
        return
    kind: Resources = users if found.kind == "User" else groups
    made = kind.create()
    sent = kind.body(**{**identity(made), **found.holding(found.first)})
    for clause_id in ("7644-3.5.1-09", "7644-3.5.1-08"):
        answer = kind.client.put(kind.path(made), sent)
        shown = kind.read(made)
        stored = answer.ok and carries(shown, found.holding(found.first))
        holds(clause_id, stored, expected="2xx, the value stored", observed=found.of(shown), answer=answer)
