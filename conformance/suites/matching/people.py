"""Users with a value of their own in every attribute that can be matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zlib import crc32

from conformance.client import Answer, ScimClient
from conformance.judging import holds
from conformance.population import Users
from conformance.run import Run
from conformance.strategies.lists import ids
from conformance.strategies.trees import CORE, ENTERPRISE, literal
from conformance.strategies.vocabulary import values
from conformance.suites.filtering.asking import shown
from conformance.target import Target

PATHS: Final = (
    "userName",
    "externalId",
    "emails.value",
    "displayName",
    "title",
    "name.familyName",
    "name.givenName",
    "name.formatted",
    "name.middleName",
    "nickName",
    "userType",
    "phoneNumbers.value",
    f"{ENTERPRISE}:department",
    f"{ENTERPRISE}:employeeNumber",
    f"{ENTERPRISE}:costCenter",
    f"{ENTERPRISE}:organization",
    f"{ENTERPRISE}:division",
)
"""The attributes that tenants are matched by, the usual ones first."""
OWN: Final = frozenset({"userName", "externalId"})
"""Attributes that two users need not be able to share."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A user, and the value each attribute was given."""

    user: Mapping[str, Any]
    given: Mapping[str, str]

    @property
    def id(self) -> str:
        """The id the target gave."""
        return str(self.user["id"])


def paths_of(target: Target) -> list[str]:
    """The matched attributes that the target's schemas have."""
    return [path for path in PATHS if path == "externalId" or target.has(f"attribute:User.{path.rpartition(':')[2]}")]


def value_for(run: Run, path: str, tag: str) -> str:
    """A value no other user has, of the form the attribute is used with."""
    name = path.rpartition(":")[2]
    if name in {"userName", "emails.value"}:
        return f"{tag}.{name.partition('.')[0].lower()}@{run.domain}"
    if name == "phoneNumbers.value":
        return f"+1 555 {crc32(tag.encode()) % 10**7:07}"
    return f"{tag} {name.rpartition('.')[2]}"


def put(document: dict[str, Any], path: str, value: str) -> None:
    """The document holds the value there; a list gets one element of type work."""
    uri, _, name = path.rpartition(":")
    holder = document.setdefault(uri, {}) if uri else document
    first, _, sub = name.partition(".")
    if first in {"emails", "phoneNumbers"}:
        holder[first] = [{"type": "work", "value": value, "primary": True}]
    elif sub:
        holder.setdefault(first, {})[sub] = value
    else:
        holder[first] = value


def document(given: Mapping[str, str]) -> dict[str, Any]:
    """The attributes of a user with these values."""
    found: dict[str, Any] = {"name": {}}
    for path, value in given.items():
        put(found, path, value)
    found["schemas"] = [CORE, ENTERPRISE] if ENTERPRISE in found else [CORE]
    return found


def make(users: Users, paths: Sequence[str], *, shared: Mapping[str, str] | None = None) -> Matched:
    """A user with a value of its own in every attribute, or with the shared one where two users can share it."""
    tag = users.run.name("match")
    own = {path: value_for(users.run, path, tag) for path in paths}
    given = {path: (shared or {}).get(path, value) for path, value in own.items()}
    made = users.create(**document(given))
    return Matched(made, {path: value for path, value in given.items() if value in values(made, path)})


def eq(path: str, value: str) -> str:
    """The filter that matches a value."""
    return f"{path} eq {literal(value)}"


def matches(clause_id: str, scim: ScimClient, path: str, text: str, wanted: Sequence[str]) -> None:
    """Judge that a filter, sent as it is, finds exactly the resources with these ids."""
    answer = scim.query(path, text)
    found = found_ids(answer)
    told = f"{text}: {'nobody' if not wanted else f'{len(wanted)} resources'}"
    right = found == sorted(wanted)
    holds(
        clause_id, right, expected=told, observed=found if isinstance(found, str) else f"{text}: {found}", answer=answer
    )


def found_ids(answer: Answer) -> list[str] | str:
    """The ids of a whole list, sorted; else what is wrong with the answer."""
    if answer.status != 200:
        return shown(answer)
    found = sorted(ids(answer.resources))
    return found if len(found) == answer.total else f"{len(found)} entries of {answer.total}"
