"""One group that is changed in every dialect, and who is in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from conformance.client import Answer
from conformance.judging import holds
from conformance.population import Document, Groups
from conformance.suites.dialects.subject import refusal


def members_of(group: Document) -> list[str]:
    """The ids of the members, sorted, repeated ones twice."""
    found = group.get("members")
    return sorted(str(each.get("value")) for each in found if isinstance(each, dict)) if isinstance(found, list) else []


def listed(ids: Iterable[str], **others: Any) -> list[Document]:
    """Members as a value of PATCH lists them."""
    return [{**others, "value": each} for each in ids]


def by_filter(id_: str) -> str:
    """The path of one member."""
    return f'members[value eq "{id_}"]'


@dataclass(slots=True)
class Club:
    """A group as it was last seen, and the ids of users who can join it."""

    groups: Groups
    group: Document
    people: tuple[str, ...]

    def send(self, *operations: Document) -> Answer:
        """The answer to one PATCH."""
        return self.groups.client.patch(self.groups.path(self.group), list(operations))

    def now(self) -> Document:
        """The group as it is."""
        self.group = self.groups.read(self.group)
        return self.group

    def begin(self, members: Collection[str]) -> None:
        """Exactly these are members; set-up, in the plainest form, where they are not when last seen."""
        if members_of(self.group) != sorted(members):
            self.send({"op": "replace", "path": "members", "value": listed(members)})
            self.now()

    def keeps(self, clauses: str, answer: Answer, members: Collection[str], **attributes: Any) -> bool:
        """Judge clauses by what is there afterwards: exactly these members, these attributes, the others as before."""
        kept = {name: self.group.get(name) for name in ("displayName", "externalId")}
        after = self.now() if answer.ok else {}
        seen = (answer.status, members_of(after), {name: after.get(name) for name in kept})
        wanted = {**kept, **attributes}
        fine = answer.ok and seen[1:] == (sorted(members), wanted)
        expected = f"2xx, the members {sorted(members)}, {wanted}"
        for each in clauses.split():
            holds(each, fine, expected=expected, observed=seen if answer.ok else refusal(answer), answer=answer)
        return fine
