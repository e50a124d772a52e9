"""Faults in the JSON of an answer: each takes the document and gives the changed one, or None if there is none."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mock_samanage.scim.messages import LIST_RESPONSE_URN

Document = dict[str, Any]
Change = Callable[[Document, random.Random], Document | None]


def _is_list(document: Document) -> bool:
    return LIST_RESPONSE_URN in document.get("schemas", ())


def _listed(document: Document) -> list[Document]:
    resources: list[Document] = document.get("Resources", []) if _is_list(document) else []
    return resources


def _resources(document: Document) -> Iterator[Document]:
    """The resources of a list, or the one resource that the document is."""
    if _is_list(document):
        yield from _listed(document)
    elif "id" in document:
        yield document


def _each(document: Document, changed: Callable[[Document], Document]) -> Document | None:
    """The document with every resource changed; None if it has none."""
    if not any(True for _ in _resources(document)):
        return None
    if _is_list(document):
        return {**document, "Resources": [changed(resource) for resource in _listed(document)]}
    return changed(document)


def _another_id(id_: str) -> str:
    """An id of the same form that leads nowhere."""
    try:
        return str(uuid.UUID(int=uuid.UUID(id_).int ^ 1))
    except ValueError:
        return f"99999{id_}"


def _duplicate(document: Document, _draws: random.Random) -> Document | None:
    resources = _listed(document)
    if not resources or "id" not in resources[0]:
        return None
    first = resources[0]
    twin = {**first, "id": _another_id(first["id"])}
    if "location" in twin.get("meta", {}):
        location = twin["meta"]["location"].removesuffix(first["id"]) + twin["id"]
        twin["meta"] = {**twin["meta"], "location": location}
    counted: Document = {name: document[name] + 1 for name in ("totalResults", "itemsPerPage") if name in document}
    return {**document, **counted, "Resources": [first, twin, *resources[1:]]}


def _short_page(document: Document, _draws: random.Random) -> Document | None:
    resources = _listed(document)
    if len(resources) < 2 or "startIndex" not in document:  # behind a cursor nobody could ask for the rest
        return None
    kept = resources[: len(resources) // 2]
    return {**document, "itemsPerPage": len(kept), "Resources": kept}


def _no_resources(document: Document, _draws: random.Random) -> Document | None:
    if not _is_list(document) or "Resources" not in document or document["Resources"]:
        return None
    return {name: value for name, value in document.items() if name != "Resources"}


def _without_id(document: Document, _draws: random.Random) -> Document | None:
    return _each(document, lambda resource: {name: value for name, value in resource.items() if name != "id"})


def _shuffle(document: Document, draws: random.Random) -> Document | None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, list):
            return [shuffled(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        members = [(name, shuffled(entry)) for name, entry in value.items()]
        draws.shuffle(members)
        return dict(members)

    found: Document = shuffled(document)
    return found


def _extra(document: Document, _draws: random.Random) -> Document | None:
    return _each(document, lambda resource: {**resource, "unheardOf": {"value": "new in this version", "count": 7}})


CHANGES: Mapping[str, Change] = {
    "duplicate": _duplicate,
    "short-page": _short_page,
    "no-resources": _no_resources,
    "without-id": _without_id,
    "shuffle": _shuffle,
    "extra": _extra,
}
"""Kinds that change the document of the handler's answer."""
