"""Defects of matching: who asks wrongly, or reads the answer wrongly, creates twice or takes a stranger."""

from __future__ import annotations

from typing import Any

import requests

from tests.connectors.correct import NAMED, USERS, Connector
from tests.connectors.defective.registry import defect
from tests.connectors.mapping import Json
from tests.connectors.source import Entry
from tests.connectors.trouble import Refused


@defect(
    "match-existing",
    clauses=("CON-MATCH-01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "matching.looks_before_it_creates",
        "state.groups_are_as_the_source_says",
        "state.groups_have_the_members_of_the_source",
        "state.people_are_as_the_source_says",
    },
)
class CreatesWithoutMatching(Connector):
    """Whoever is not in the state file is created, without asking whether there is such a user."""

    def match(self, path: str, entry: Entry) -> Json | None:
        hint = self.known[path].get(entry["id"])
        return self.read(path, hint) if hint else None


@defect(
    "match-existing",
    clauses=("CON-MATCH-01",),
    trips={
        "matching.looks_before_it_creates",
        "state.groups_are_as_the_source_says",
        "state.groups_have_the_members_of_the_source",
        "state.people_are_as_the_source_says",
    },
)
class TakesAConflictForDone(Connector):
    """Everybody is created; that there is one already counts as success, and nothing is written to it."""

    def match(self, path: str, entry: Entry) -> Json | None:
        hint = self.known[path].get(entry["id"])
        return self.read(path, hint) if hint else None

    def create(self, path: str, resource: Json) -> Json:
        try:
            return super().create(path, resource)
        except Refused as error:
            if error.status != 409:
                raise
            found = self.search(path, NAMED[path], resource[NAMED[path]])
            return {**resource, "id": found["id"]} if found else {**resource, "id": ""}


@defect(
    "quotes-and-unicode",
    clauses=("7644-3.4.2.2-C01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "querying.writes_filters_by_the_grammar",
        "state.groups_are_as_the_source_says",
    },
)
class QuotesWithoutEscape(Connector):
    """A quote or a backslash of a name stands in the filter as it is."""

    def literal(self, text: str) -> str:
        return f'"{text}"'


@defect(
    "quotes-and-unicode",
    clauses=("CON-MATCH-03",),
    trips={
        "matching.asks_for_the_value_of_the_source",
        "matching.looks_before_it_creates",
    },
)
class PlusAsItIs(Connector):
    """A plus of a name stands in the query as it is, where it means a space."""

    def encoded(self, text: str) -> str:
        return super().encoded(text).replace("%2B", "+")


@defect(
    "quotes-and-unicode",
    clauses=("7644-3.4.2.2-C01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "querying.writes_filters_by_the_grammar",
        "state.groups_are_as_the_source_says",
        "state.people_are_as_the_source_says",
    },
)
class AmpersandAsItIs(Connector):
    """An ampersand of a name ends the filter."""

    def encoded(self, text: str) -> str:
        return super().encoded(text).replace("%26", "&")


@defect(
    "match-existing",
    clauses=("CON-MATCH-02",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "matching.looks_before_it_creates",
        "state.groups_have_the_members_of_the_source",
        "state.people_are_as_the_source_says",
    },
)
class MatchesByDisplayName(Connector):
    """Users are looked for by their displayName instead of their userName."""

    def search(self, path: str, attribute: str, value: str) -> Json | None:
        if path == USERS and attribute == "userName":
            person = next(each for each in self.people if each["userName"] == value)
            attribute, value = "displayName", person.get("displayName", "")
        return super().search(path, attribute, value)


@defect(
    "garbage-and-login-page",
    clauses=("CON-MATCH-07",),
    trips={
        "matching.looks_before_it_creates",
    },
)
class PageOfALoginIsAnEmptyList(Connector):
    """An answer that is no JSON is read as nothing found, and the user is created."""

    def passing(self, answer: requests.Response) -> bool:
        return answer.status_code == 429 or answer.status_code >= 500

    def listed(self, path: str, filter: str = "") -> Any:
        page = self.ask("GET", self.address(path, filter=filter))
        return iter(page.get("Resources") or [])


@defect(
    "ignored-filter",
    clauses=("CON-MATCH-05",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "leaving.leaves_strangers_alone",
        "matching.compares_what_it_finds",
        "state.groups_are_as_the_source_says",
        "state.others_are_as_they_were",
        "state.people_are_as_the_source_says",
    },
)
class TakesTheFirstHit(Connector):
    """The first resource of the answer is the match, whoever it is."""

    def search(self, path: str, attribute: str, value: str) -> Json | None:
        return next(self.listed(path, f"{attribute} eq {self.literal(value)}"), None)


@defect(
    "duplicate-hits",
    clauses=("CON-MATCH-06",),
    trips={
        "matching.compares_what_it_finds",
    },
)
class TakesOneOfTwo(Connector):
    """Of several hits the last one is written to."""

    def search(self, path: str, attribute: str, value: str) -> Json | None:
        hits = list(self.listed(path, f"{attribute} eq {self.literal(value)}"))
        return hits[-1] if hits else None


@defect(
    "missing-id",
    clauses=("CON-EXIT-03",),
    trips={
        "ending.claims_success_truly",
    },
)
class SwallowsAMissingId(Connector):
    """A user whose creation was answered without an id counts as done, and is left out of groups."""

    def create(self, path: str, resource: Json) -> Json:
        return {"id": "", **super().create(path, resource)}

    def new_group(self, team: Entry, members: list[str]) -> Json:
        return super().new_group(team, [member for member in members if member])


@defect(
    "missing-id",
    clauses=("CON-STATE-09",),
    trips={
        "ending.claims_success_truly",
        "matching.looks_before_it_creates",
        "state.nobody_is_there_twice",
        "writing.gives_each_an_external_id",
    },
)
class CreatesAgainWithoutId(Connector):
    """A user whose creation was answered without an id is created again, under another name if that is refused."""

    def create(self, path: str, resource: Json) -> Json:
        made = super().create(path, resource)
        return made if "id" in made else super().create(path, {**resource, "userName": f"2.{resource['userName']}"})


@defect(
    "empty-lists",
    clauses=("CON-EXIT-01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "state.groups_are_as_the_source_says",
        "state.people_are_as_the_source_says",
    },
)
class NeedsResources(Connector):
    """A list without the key Resources is an error, since only the other form was seen."""

    def listed(self, path: str, filter: str = "") -> Any:
        page = self.ask("GET", self.address(path, filter=filter))
        if "Resources" not in page:
            raise Refused(f"{path}: no Resources in the answer", 0)
        return iter(page["Resources"])


@defect(
    "match-existing",
    clauses=("CON-MATCH-04",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "matching.creates_nobody_who_was_found",
        "state.groups_have_the_members_of_the_source",
        "state.people_are_as_the_source_says",
    },
)
class MindsTheCase(Connector):
    """A userName that differs in case only is another one."""

    def search(self, path: str, attribute: str, value: str) -> Json | None:
        found = super().search(path, attribute, value)
        return found if found and found.get(attribute) == value else None


@defect(
    "first-sync",
    clauses=("7643-3.1-C01",),
    trips={
        "state.people_are_as_the_source_says",
        "writing.chooses_no_id",
    },
)
class ChoosesTheId(Connector):
    """The source's id is sent as `id`, and there is no externalId."""

    def new_user(self, person: Entry) -> Json:
        made = super().new_user(person)
        made["id"] = made.pop("externalId")
        return made

    def user_changes(self, person: Entry, found: Json) -> list[Json]:
        return [each for each in super().user_changes(person, found) if each["path"] != "externalId"]


@defect(
    "first-sync",
    clauses=("7643-3.1-C03",),
    trips={
        "state.nobody_is_there_twice",
        "state.people_are_as_the_source_says",
        "writing.gives_each_an_external_id",
    },
)
class SameExternalIdForAll(Connector):
    """The externalId of everybody is the name of the connector."""

    def new_user(self, person: Entry) -> Json:
        return super().new_user({**person, "id": "connector"})

    def user_changes(self, person: Entry, found: Json) -> list[Json]:
        return super().user_changes({**person, "id": "connector"}, found)
