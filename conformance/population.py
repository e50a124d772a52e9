"""Users and groups a check may make: bodies the target accepts, resources that are deleted afterwards."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from conformance.client import Answer, ScimClient
from conformance.errors import Interruption, Unusable
from conformance.ledger import creations
from conformance.rfc_schema import CORE_GROUP, CORE_USER
from conformance.run import Run
from conformance.samples import required_values

Document = dict[str, Any]


class _Omit:
    """The attribute is left out of the body."""


OMIT: Final = _Omit()


@dataclass(slots=True)
class Resources:
    """Resources of one type below one endpoint; those made here are deleted by `clear`.

    With `left` they stay until the end of the run, which deletes many by one request each job.
    """

    client: ScimClient
    run: Run
    endpoint: str
    template: Mapping[str, Any] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    left: bool = False

    def body(self, **attributes: Any) -> Document:
        """A body the target accepts; `attributes` replace its members, OMIT takes one away."""
        document = {**self._basis(), **attributes}
        return {name: value for name, value in document.items() if not isinstance(value, _Omit)}

    def post(self, document: Mapping[str, Any]) -> Answer:
        """The answer to creating exactly this document; what it creates is deleted afterwards."""
        answer = self.client.post(self.endpoint, document)
        self.adopt(answer)
        return answer

    def adopt(self, answer: Answer) -> None:
        """What the answer says was created below this endpoint, also by a bulk job, is deleted afterwards."""
        below = f"{self.client.url(self.endpoint)}/"
        self.made += [url.removeprefix(below) for url in creations(answer.exchange) if url.startswith(below)]

    def create(self, **attributes: Any) -> Document:
        """The created resource, whatever 2xx it came with; raises Unusable (set-up) when the target refuses it."""
        answer = self.post(self.body(**attributes))
        found = _object(answer)
        if not answer.ok or not isinstance(found.get("id"), str):
            raise Unusable(
                f"{self.endpoint}: a resource cannot be created: {answer} {answer.body[:200]!r}",
                answer.exchange,
                setup=True,
            )
        return found

    def path(self, resource: Mapping[str, Any] | str) -> str:
        """The path of a resource or of an id, relative to the base."""
        return f"{self.endpoint}/{resource if isinstance(resource, str) else resource['id']}"

    def read(self, resource: Mapping[str, Any] | str) -> Document:
        """The resource as the target returns it now."""
        return self.client.get(self.path(resource)).resource

    def gone(self, resource: Mapping[str, Any] | str) -> bool:
        """Whether the target answers 404 for the resource."""
        return self.client.get(self.path(resource)).status == 404

    def clear(self) -> None:
        """What was made here is deleted, unless it is left to the end; what refuses stays in the ledger."""
        while self.made and not self.left:
            try:
                self.client.delete(self.path(self.made.pop()))
            except (Interruption, Unusable):
                return

    def _basis(self) -> Document:
        return copy.deepcopy(dict(self.template))


@dataclass(slots=True)
class Users(Resources):
    """Users; a body has a unique userName that is its work e-mail address too."""

    def _basis(self) -> Document:
        address = self.run.email("user")
        usual: Document = {
            "schemas": [CORE_USER],
            "userName": address,
            "name": {"givenName": "Ada", "familyName": "Lovelace"},
            "displayName": "Ada Lovelace",
            "emails": [{"value": address, "type": "work", "primary": True}],
            "active": True,
        }
        return {**usual, **copy.deepcopy(dict(self.template)), "userName": address, "emails": usual["emails"]}


@dataclass(slots=True)
class Groups(Resources):
    """Groups; a body has a unique displayName."""

    def _basis(self) -> Document:
        usual: Document = {"schemas": [CORE_GROUP], "displayName": self.run.name("group")}
        return {**copy.deepcopy(dict(self.template)), **usual}


def users_template(
    definitions: Iterable[Mapping[str, Any]], template: Mapping[str, Any], samples: Mapping[str, Any]
) -> Document:
    """The user template: what the schema requires, then `--template`, then `--sample`."""
    return {**required_values(definitions), **template, **samples}


def _object(answer: Answer) -> Document:
    try:
        found = answer.json
    except Unusable:
        return {}
    return found if isinstance(found, dict) else {}
