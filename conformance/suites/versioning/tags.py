"""Entity-tags as text, and a user whose tag is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from conformance.client import Answer
from conformance.population import Document, Users
from conformance.suites.states import whole

ENTITY_TAG: Final = re.compile(r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"')
NOBODY: Final = '"no-such-version"'


def tag_of(answer: Answer) -> str:
    """The entity-tag of an answer, empty where there is none."""
    return answer.headers.get("ETag", "")


def is_weak(tag: str) -> bool:
    """Whether the tag is a weak validator."""
    return tag.startswith("W/")


def other_form(tag: str) -> str:
    """The same tag as the other kind of validator: what is weak as strong, what is strong as weak."""
    return tag.removeprefix("W/") if is_weak(tag) else f"W/{tag}"


@dataclass(slots=True)
class Versioned:
    """One user whose title is written over and over."""

    users: Users
    made: Document

    @property
    def path(self) -> str:
        """The path of the user."""
        return self.users.path(self.made)

    def get(self, if_none_match: str | None = None, **fields: str) -> Answer:
        """The answer to reading the user, with these header fields (If_Match is If-Match)."""
        return self.users.client.get(self.path, headers={"If-None-Match": if_none_match, **_named(fields)})

    def tag(self) -> str:
        """The present tag."""
        return tag_of(self.get())

    def now(self) -> tuple[Any, str]:
        """The title and the tag the user has now; no title and no tag once the user is gone."""
        answer = self.get()
        return (answer.resource.get("title"), tag_of(answer)) if answer.ok else (None, "")

    def put(self, title: str, **fields: str) -> Answer:
        """The answer to replacing the user's title."""
        body = whole(self.users, self.made, title=title)
        return self.users.client.put(self.path, body, headers=_named(fields))

    def patch(self, title: str, **fields: str) -> Answer:
        """The answer to modifying the user's title."""
        operation = {"op": "replace", "path": "title", "value": title}
        return self.users.client.patch(self.path, [operation], headers=_named(fields))

    def delete(self, **fields: str) -> Answer:
        """The answer to deleting the user."""
        return self.users.client.delete(self.path, headers=_named(fields))


def _named(fields: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in fields.items()}


def versioned(users: Users) -> Versioned:
    """A new user."""
    return Versioned(users, users.create(title="Planner"))
