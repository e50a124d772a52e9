"""Every kind of answer that shows a resource, gathered once, and the attributes in it beside their definitions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from conformance.client import Answer
from conformance.judging import holds
from conformance.population import Document, Groups, Users
from conformance.rfc_schema import CORE_USER, ENTERPRISE_USER
from conformance.suites.states import meta, whole
from conformance.target import Capabilities, Target

TICK_S = 1.05  # timestamps may have whole seconds
_META: Final = [{"name": name} for name in ("resourceType", "created", "lastModified", "location", "version")]
COMMON: Final[list[dict[str, Any]]] = [
    {"name": "schemas", "multiValued": True},
    {"name": "id"},
    {"name": "externalId"},
    {"name": "meta", "type": "complex", "subAttributes": _META},
]
"""Attributes of every resource, which schemas need not define (RFC 7643 section 3.1)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A resource as one answer shows it; `label` says which, `kind` is its resource type."""

    label: str
    kind: str
    resource: Document
    answer: Answer

    @property
    def entry(self) -> bool:
        """Whether it is an entry of a list, whose header fields are not its own."""
        return self.label.startswith("list")


@dataclass(frozen=True, slots=True)
class Part:
    """A member as it is spelled, with the definition of its attribute; `element`: it is part of a list's element."""

    path: str
    key: str
    value: Any
    definition: Mapping[str, Any]
    element: bool = False


def gather(users: Users, groups: Groups, target: Target) -> list[Shown]:
    """Two users and two groups by POST, one of each by GET and list, the first user by PUT and PATCH, as time went."""
    attributes: Document = {"title": "Planner", "phoneNumbers": [{"value": "+1-1", "type": "work"}]}
    if target.has("extension:enterprise"):
        attributes |= {ENTERPRISE_USER: {"costCenter": "C-7"}, "schemas": [CORE_USER, ENTERPRISE_USER]}
    created, plain = users.post(users.body(**attributes)), users.post(users.body())
    made = created.resource
    changes = [("POST", "User", created), ("POST plain", "User", plain), *_changes(users, made, attributes, target)]
    members = [{"value": str(made["id"])}]  # also where the id is no text, which a check tells
    crews = [groups.post(groups.body(**more)) for more in ({"members": members}, {})]
    found = [*changes, *(("POST", "Group", answer) for answer in crews)]
    for kind, resources, id_ in (("User", users, made["id"]), ("Group", groups, crews[0].resource["id"])):
        path = resources.path(str(id_))
        found += [(label, kind, resources.client.get(path)) for label in ("GET", "GET again")]
        found.append(("list", kind, resources.client.query(resources.endpoint, f'id eq "{id_}"')))
    return [shown for label, kind, answer in found for shown in _shown(label, kind, answer)]


def _changes(users: Users, made: Document, attributes: Document, target: Target) -> Iterator[tuple[str, str, Answer]]:
    path, address = users.path(made), users.run.email("renamed")
    _tick(made)
    body = whole(users, made, **attributes)
    answer = users.client.put(path, {**body, "title": "Director", "userName": address})
    yield "PUT", "User", answer if answer.body else users.client.get(path)
    if target.has("patch"):
        _tick(made)
        answer = users.client.patch(path, [{"op": "replace", "path": "title", "value": "Editor"}])
        yield "PATCH", "User", answer if answer.body else users.client.get(path)


def _tick(made: Document) -> None:
    time.sleep(0 if "." in str(meta(made, "lastModified")) else TICK_S)


def _shown(label: str, kind: str, answer: Answer) -> list[Shown]:
    if not answer.ok or not answer.body:
        return []
    entries = answer.resources if label == "list" else [answer.resource]
    return [Shown(label, kind, entry, answer) for entry in entries]


def parts(capabilities: Capabilities, shown: Shown) -> Iterator[Part]:
    """The members of a resource that a schema of its type defines, names in any case, sub-attributes after theirs."""
    base, *extensions = capabilities.schemas_of(shown.kind) or [{}]
    yield from _parts("", shown.resource, [*COMMON, *_entries(base, "attributes")])
    for extension in extensions:
        held = shown.resource.get(str(extension.get("id")))
        if isinstance(held, dict):
            yield from _parts(f"{extension['id']}:", held, _entries(extension, "attributes"))


def _parts(
    before: str, holder: Mapping[str, Any], definitions: list[dict[str, Any]], *, element: bool = False
) -> Iterator[Part]:
    known = {str(entry.get("name")).lower(): entry for entry in definitions}
    for key, value in holder.items():
        definition = known.get(key.lower())
        if definition is None or value is None:
            continue
        yield Part(before + key, key, value, definition, element)
        subs, plural = _entries(definition, "subAttributes"), isinstance(value, list)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield from _parts(f"{before}{key}.", item, subs, element=plural)


def _entries(holder: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = holder.get(name)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def every(clause_id: str, shown: list[Shown], sound: Callable[[Shown], bool], expected: str, observed: str) -> None:
    """Judge that each representation is sound; `observed` names the attribute that the evidence tells."""
    odd = next((each for each in shown if not sound(each)), None)
    told = f"{len(shown)} representations"
    if odd is not None:
        told = f"{odd.kind} by {odd.label}: {observed} {odd.resource.get(observed)!r}"
    answer = odd.answer if odd else None
    holds(clause_id, odd is None and bool(shown), expected=expected, observed=told, answer=answer)
