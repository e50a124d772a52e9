"""One resource of each type with a value for every attribute that the target describes as writable."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.client import Answer
from conformance.described import Described, attributes, document, every
from conformance.errors import Unusable
from conformance.population import Document, Resources
from conformance.target import Capabilities
from conformance.variety import Variety

MOST = 24
"""Requests that finding out what a target refuses may take."""


@dataclass(frozen=True, slots=True)
class Specimen:
    """A resource and what was sent to make it; `refused` are attributes whose value the target did not take.

    made: the answer to the POST; shown: the resource as a GET gives it; asked: the same with every attribute named.
    """

    kind: str
    resources: Resources
    attributes: Sequence[Described]
    sent: Document
    made: Answer
    shown: Document
    asked: Document
    refused: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The path of the resource."""
        return self.resources.path(self.shown)

    def every(self, **characteristics: Any) -> Iterator[Described]:
        """The attributes and their parts that were sent and have these characteristics."""
        for each in every(self.attributes):
            if each.values(self.sent) and all(each.says(name) == value for name, value in characteristics.items()):
                yield each


@dataclass(slots=True)
class Workshop:
    """Makes resources of one type from the target's own schema; what it makes is deleted with the others."""

    kind: str
    resources: Resources
    capabilities: Capabilities
    variety: Variety

    @property
    def attributes(self) -> list[Described]:
        """The attributes of the type."""
        return attributes(self.capabilities, self.kind)

    @property
    def schema(self) -> str:
        """The URN of the type's own schema."""
        return str((self.capabilities.resource_type(self.kind) or {}).get("schema"))

    @property
    def needed(self) -> frozenset[str]:
        """The extensions that every resource of the type has to have."""
        listed = self.capabilities.extensions(self.kind)
        return frozenset(str(entry.get("schema")) for entry in listed if entry.get("required") is True)

    def body(self, variant: int = 0, *, only: Collection[str] | None = None) -> Document:
        """A body with a value for every writable attribute, or for those of these paths and the required ones."""
        chosen = [each for each in self.attributes if only is None or each.path in only or _needed(each)]
        wanted = [each for each in chosen if each.writable]
        values = [(each, self.variety.value(each, variant)) for each in wanted]
        return document(self.schema, [(each, value) for each, value in values if value is not None])

    def plain(self) -> Document:
        """A body with the required attributes alone."""
        return self.body(only=())

    def specimen(self) -> Specimen:
        """A resource with every attribute the target takes; raises Unusable (set-up) where it takes none."""
        optional = [each for each in self.attributes if each.writable and not _needed(each)]
        sent, made, refused = self._settled(optional)
        found = made.json if made.ok and made.body else {}
        identifier = found.get("id") if isinstance(found, dict) else None
        if not isinstance(identifier, str):
            raise Unusable(f"{self.kind}: a resource cannot be created: {made}", made.exchange, setup=True)
        client, path = self.resources.client, self.resources.path(identifier)
        hidden = [each.path for each in every(self.attributes) if each.parent and each.says("returned") == "request"]
        named = ",".join([*(each.path for each in self.attributes), *hidden])
        return Specimen(
            kind=self.kind,
            resources=self.resources,
            attributes=self.attributes,
            sent=sent,
            made=made,
            shown=client.get(path).resource,
            asked=client.get(path, params={"attributes": named}).resource,
            refused=refused,
        )

    def _settled(self, optional: Sequence[Described]) -> tuple[Document, Answer, dict[str, Answer]]:
        """The body that is taken, its answer, and the attributes that had to be left out."""
        refused: dict[str, Answer] = {}
        asked = 0

        def posted(kept: Sequence[Described]) -> tuple[Document, Answer]:
            nonlocal asked
            asked += 1
            body = self.body(only={each.path for each in kept})
            body["externalId"] = self.variety.run.name("Ext-MiXed")
            return body, self.resources.post(body)

        def fitting(kept: Sequence[Described]) -> list[Described]:
            _, answer = posted(kept)
            if answer.ok:
                return list(kept)
            if len(kept) == 1 or asked > MOST:
                refused.update({each.path: answer for each in kept})
                return []
            half = len(kept) // 2
            return fitting(kept[:half]) + fitting(kept[half:])

        body, answer = posted(optional)
        if not answer.ok and optional:
            half = (len(optional) + 1) // 2
            body, answer = posted(fitting(optional[:half]) + (fitting(optional[half:]) if optional[half:] else []))
        return body, answer, refused


def _needed(each: Described) -> bool:
    return each.says("required") is True or (not each.extension and each.name.lower() in {"username", "displayname"})
