"""A correct connector: a source of people and groups is brought into a Samanage tenant over SCIM.

`python -m tests.connectors.correct` reads its environment as `conformance connector` sets it.
"""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

from tests.connectors.mapping import Json, Mapped
from tests.connectors.source import Entry, read_source
from tests.connectors.trouble import Ambiguous, Refused, Trouble, Unauthorized, Unreachable, Unsure
from tests.connectors.wire import Wire

USERS, GROUPS = "/Users", "/Groups"
NAMED = {USERS: "userName", GROUPS: "displayName"}
"""The matching attribute of each type."""
GONE, CONFLICT, CHANGED = 404, 409, 412
MOVED = "moved"
"""The key of the state file under which stand the places that the tenant named for good."""


class Connector(Mapped, Wire):
    """One run: people, then managers, then groups, then who has left.

    `linked`: the resources of this run by type and the source's id. `known`: the same of the runs before, ids only;
    where an id leads is looked at before it is believed. `most`: objects in a row without an answer, after which the
    tenant is taken for down.
    """

    most = 2

    def __init__(self, environ: Mapping[str, str], told: TextIO | None = None) -> None:
        super().__init__(environ)
        self.told = told
        self.people, self.teams = read_source(environ)
        self.file = self.file_of("links.json")
        self.known: dict[str, dict[str, str]] = {USERS: {}, GROUPS: {}, MOVED: {}} | self.remembered()
        self.moved = self.known.pop(MOVED)
        self.linked: dict[str, dict[str, Json]] = {USERS: {}, GROUPS: {}}
        self.problems: list[str] = []
        self.silent = 0

    def run(self) -> int:
        """The exit status: 0 where everything was done."""
        try:
            self.synchronise()
        except (Unauthorized, Unreachable) as error:
            self.problems.append(f"given up: {error}")
        finally:
            self.remember()
        for problem in self.problems:
            print(problem, file=self.told or sys.stderr)
        return 1 if self.problems else 0

    def synchronise(self) -> None:
        """Everything in its order."""
        for person in self.people:
            self.attempt(f"user {person['id']}", self.user, person)
        for person in self.people:
            if person["id"] in self.linked[USERS]:
                self.attempt(f"manager of {person['id']}", self.manager, person)
        for team in self.teams:
            self.attempt(f"group {team['id']}", self.group, team)
        self.leavers()

    def attempt(self, what: str, do: Callable[..., object], *arguments: Any) -> None:
        """Does one thing; what goes wrong with it alone is a problem, and the next thing comes."""
        try:
            do(*arguments)
        except Unauthorized:
            raise
        except (Unreachable, Unsure) as error:
            self.silent += 1
            if self.silent >= self.most:
                raise Unreachable(str(error)) from error
            self.problems.append(f"{what}: {error}")
        except Trouble as error:
            self.problems.append(f"{what}: {error}")
        else:
            self.silent = 0

    def user(self, person: Entry) -> None:
        """The person is a user as the source says, but for the manager."""
        found = self.bring(USERS, person, lambda: self.new_user(person), lambda held: self.user_changes(person, held))
        self.linked[USERS][person["id"]] = found

    def manager(self, person: Entry) -> None:
        """The user has the manager that the source says."""
        boss = self.linked[USERS].get(person.get("manager", ""), {}).get("id", "")
        if person.get("manager") and not boss:
            raise Trouble(f"{person['manager']} is not in the tenant")
        held = self.linked[USERS][person["id"]]
        if self.manager_changes(boss, held):
            self.bring(USERS, person, lambda: self.new_user(person), lambda now: self.manager_changes(boss, now), held)

    def group(self, team: Entry) -> None:
        """The team is a group with its members."""
        wanted = team.get("members", [])
        members = [self.linked[USERS][each]["id"] for each in wanted if each in self.linked[USERS]]
        found = self.bring(
            GROUPS,
            team,
            lambda: self.new_group(team, members),
            lambda held: self.group_changes(team, members, held),
        )
        self.linked[GROUPS][team["id"]] = found
        if len(members) < len(wanted):
            raise Trouble("not every member is in the tenant")

    def bring(
        self,
        path: str,
        entry: Entry,
        make: Callable[[], Json],
        changes: Callable[[Json], list[Json]],
        found: Json | None = None,
    ) -> Json:
        """The resource, created or changed; after each write that may have failed it is looked for again."""
        found = found or self.match(path, entry)
        for _ in range(self.attempts):
            try:
                if found is None:
                    made = self.create(path, make())
                    found = made if "id" in made else self.match(path, entry)
                if found is None:
                    raise Trouble("it was created, but is not found")
                operations = changes(found)
                return self.update(path, found, operations) if operations else found
            except Unsure as error:
                told: Trouble = error
            except Refused as error:
                if error.status not in {GONE, CONFLICT, CHANGED}:
                    raise
                told = error
            found = self.match(path, entry)
            if found is None and isinstance(told, Refused) and told.status == CONFLICT:
                raise told
        raise told

    def match(self, path: str, entry: Entry) -> Json | None:
        """The resource of this entry: where it was before, by its name, by its externalId; None if there is none."""
        hint = self.known[path].get(entry["id"])
        if hint and (found := self.read(path, hint)) and self.is_same(path, entry, found):
            return found
        for attribute, value in ((NAMED[path], entry[NAMED[path]]), ("externalId", entry["id"])):
            if (found := self.search(path, attribute, value)) is not None:
                return found
        return None

    def is_same(self, path: str, entry: Entry, found: Json) -> bool:
        """Whether a resource is the one of an entry."""
        name = NAMED[path]
        return found.get("externalId") == entry["id"] or folded(found.get(name)) == folded(entry[name])

    def read(self, path: str, id: str) -> Json | None:
        """The resource with an id; None where it is gone."""
        try:
            return self.ask("GET", self.address(f"{path}/{self.encoded(id)}"))
        except Refused as error:
            if error.status != GONE:
                raise
            return None

    def search(self, path: str, attribute: str, value: str) -> Json | None:
        """The one resource with a value; whether it has it is looked at again. Raises Ambiguous."""
        hits = [
            each
            for each in self.listed(path, f"{attribute} eq {self.literal(value)}")
            if folded(each.get(attribute)) == folded(value)
        ]
        if len(hits) > 1 or any("id" not in hit for hit in hits):
            raise Ambiguous(f"{len(hits)} of {path} with {attribute} {value}, or one without id")
        return hits[0] if hits else None

    def create(self, path: str, resource: Json) -> Json:
        """The resource as the tenant made it."""
        return self.ask("POST", self.address(path), resource)

    def update(self, path: str, found: Json, operations: list[Json]) -> Json:
        """The resource after the operations."""
        made = self.ask("PATCH", self.address(f"{path}/{self.encoded(found['id'])}"), self.message(operations))
        return made if "id" in made else found

    def leavers(self) -> None:
        """Who was in the source once, and is no longer, is disabled; a group is deleted."""
        for path, entries in ((GROUPS, self.teams), (USERS, self.people)):
            present = {entry["id"] for entry in entries} | {found["id"] for found in self.linked[path].values()}
            for id, place in list(self.known[path].items()):
                if id not in present and place not in present:
                    self.attempt(f"{path} {id}", self.leave, path, id, place)

    def leave(self, path: str, id: str, place: str) -> None:
        """One that left is disabled or deleted, where it is still the one it was."""
        found = self.read(path, place)
        if found is not None and found.get("externalId") == id:
            self.disable(found) if path == USERS else self.delete(path, found)
        if found is None or path == GROUPS:
            del self.known[path][id]

    def disable(self, found: Json) -> None:
        """The user is inactive."""
        for _ in range(self.attempts):
            if not found.get("active", True):
                return
            try:
                self.update(USERS, found, [{"op": "replace", "path": "active", "value": False}])
            except (Unsure, Refused) as error:
                if isinstance(error, Refused) and error.status != GONE:
                    raise
                found = self.read(USERS, found["id"]) or {"active": False}
            else:
                return
        raise Unreachable(f"user {found['id']} could not be disabled")

    def delete(self, path: str, found: Json) -> None:
        """The resource is gone; that it was before is fine."""
        try:
            self.ask("DELETE", self.address(f"{path}/{self.encoded(found['id'])}"))
        except Refused as error:
            if error.status != GONE:
                raise

    def file_of(self, name: str) -> Path:
        """A file of the state directory."""
        return Path(self.environ["SAMANAGE_STATE"]) / name

    def remembered(self) -> dict[str, dict[str, str]]:
        """What the run before has left; nothing where that cannot be read."""
        try:
            found: dict[str, dict[str, str]] = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found

    def remember(self) -> None:
        """The ids stand in the state directory."""
        told = {path: self.known[path] | {id: found["id"] for id, found in self.linked[path].items()} for path in NAMED}
        self.file.write_text(json.dumps({**told, MOVED: self.moved}), encoding="utf-8")


def folded(text: str | None) -> str:
    """A text as it is compared where case does not matter."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text or "").casefold())


def main(environ: Mapping[str, str], told: TextIO | None = None, kind: type[Connector] = Connector) -> int:
    """The exit status of one run; what could not be done is told on `told`, standard error by default."""
    try:
        connector = kind(environ, told)
    except (KeyError, OSError, ValueError) as error:
        text = f"the environment or the source cannot be used: {type(error).__name__} {error}"
        print(text, file=told or sys.stderr)
        return 1
    return connector.run()


if __name__ == "__main__":
    sys.exit(main(os.environ))
