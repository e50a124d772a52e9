"""Defects of creates and replaces."""

from __future__ import annotations

import json
from typing import Any

import requests

from tests.connectors.correct import GROUPS, USERS, Connector
from tests.connectors.defective.registry import defect
from tests.connectors.mapping import ENTERPRISE, USER, Json
from tests.connectors.source import Entry

NOISE = ("nickName", "profileUrl", "locale", "timezone", "addresses", "photos", "userType")


@defect(
    "somebody-elses-change",
    "rename",
    clauses=("CON-STATE-08",),
    trips={
        "state.others_are_as_they_were",
    },
)
class PutsAwayAttributes(Connector):
    """A change is a PUT of what the source knows; what others entered is gone."""

    def update(self, path: str, found: Json, operations: list[Json]) -> Json:
        if path != USERS:
            return super().update(path, found, operations)
        person = next(each for each in self.people if each["userName"] == changed(found, operations, "userName"))
        return self.ask("PUT", self.address(f"{path}/{found['id']}"), {**self.new_user(person), "id": found["id"]})


def changed(found: Json, operations: list[Json], path: str) -> Any:
    """The value of an attribute after the operations."""
    return next((each["value"] for each in operations if each["path"] == path), found[path])


@defect(
    "rename",
    clauses=("7644-3.5.1-C02",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "state.people_are_as_the_source_says",
        "writing.sends_required_attributes",
    },
)
class PutsOnlyWhatChanged(Connector):
    """A change is a PUT of the changed attributes, as if it were a PATCH."""

    def update(self, path: str, found: Json, operations: list[Json]) -> Json:
        simple = {each["path"]: each["value"] for each in operations if each["path"].isalpha() and "value" in each}
        simple.pop("userName", None)
        body = {"schemas": [USER], **simple}
        return self.ask("PUT", self.address(f"{path}/{found['id']}"), body) if path == USERS else found


@defect(
    "first-sync",
    clauses=("7644-3.5.1-C03",),
    trips={
        "addressing.uses_ids_it_was_given",
        "ending.tells_by_its_status_how_it_went",
        "state.people_are_as_the_source_says",
        "writing.replaces_what_is_there",
    },
)
class PutsToCreate(Connector):
    """A new user is PUT under an id of the connector's own."""

    def create(self, path: str, resource: Json) -> Json:
        if path == USERS:
            return self.ask("PUT", self.address(f"{path}/{self.encoded(resource['externalId'])}"), resource)
        return super().create(path, resource)


@defect(
    "first-sync",
    clauses=("CON-QUIET-04",),
    trips={
        "quiet.leaves_out_what_is_empty",
        "quiet.sends_no_password",
    },
)
class NullsForEverything(Connector):
    """Every attribute that the source lacks is sent as null."""

    def new_user(self, person: Entry) -> Json:
        return {**dict.fromkeys(NOISE), "title": None, "password": None, **super().new_user(person)}


@defect(
    "first-sync",
    clauses=("CON-QUIET-03",),
    trips={
        "quiet.sends_no_password",
    },
    noted={"values.sends_what_the_source_holds"},
)
class SendsAPassword(Connector):
    """A new user gets a password that nobody asked for."""

    def new_user(self, person: Entry) -> Json:
        return {**super().new_user(person), "password": "Initial-4711"}


@defect(
    "first-sync",
    clauses=("7643-2.1-C02",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "state.groups_are_as_the_source_says",
        "state.people_are_as_the_source_says",
        "writing.names_the_schemas",
    },
)
class CreatesWithoutSchemas(Connector):
    """A new resource does not say what it is."""

    def create(self, path: str, resource: Json) -> Json:
        return super().create(path, {name: value for name, value in resource.items() if name != "schemas"})


@defect(
    "first-sync",
    clauses=("7643-2.1-C02",),
    trips={
        "writing.names_the_schemas",
    },
)
class CoreSchemaOnly(Connector):
    """The schema of the extension is not named where the extension is sent."""

    def new_user(self, person: Entry) -> Json:
        return {**super().new_user(person), "schemas": [USER]}


@defect(
    "first-sync",
    clauses=("7643-3-C02",),
    trips={
        "writing.names_the_schemas",
    },
)
class SchemaOfItsOwn(Connector):
    """A schema that the tenant does not know is named."""

    def new_user(self, person: Entry) -> Json:
        made = super().new_user(person)
        return {**made, "schemas": [*made["schemas"], "urn:example:connector:2.0:User"]}


@defect(
    "first-sync",
    clauses=("7643-3-C02",),
    trips={
        "writing.names_the_schemas",
    },
)
class SameSchemaTwice(Connector):
    """The schema of users is named twice."""

    def new_user(self, person: Entry) -> Json:
        made = super().new_user(person)
        return {**made, "schemas": [*made["schemas"], USER]}


@defect(
    "first-sync",
    clauses=("7644-8.1-C01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "state.groups_are_as_the_source_says",
        "state.people_are_as_the_source_says",
        "writing.declares_its_media_type",
    },
)
class WrongContentType(Connector):
    """JSON is sent as a form."""

    def once(self, method: str, url: str, body: Json | None) -> requests.Response:
        headers = {} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}
        data = None if body is None else json.dumps(body).encode()
        return self.session.request(
            method, url, data=data, headers=headers, timeout=self.patience, allow_redirects=False
        )


@defect(
    "first-sync",
    clauses=("7644-8.1-C01",),
    trips={
        "writing.declares_its_media_type",
    },
)
class PlainJson(Connector):
    """The media type of SCIM is not used."""

    def once(self, method: str, url: str, body: Json | None) -> requests.Response:
        self.session.headers["Accept"] = "application/json"
        return self.session.request(method, url, json=body, timeout=self.patience, allow_redirects=False)


@defect(
    "first-sync",
    clauses=("7643-2.3.2-C01",),
    trips={
        "values.sends_values_of_the_right_type",
    },
)
class BooleansAsText(Connector):
    """`active` is sent as a text."""

    def new_user(self, person: Entry) -> Json:
        return {**super().new_user(person), "active": str(person["active"])}


@defect(
    "first-sync",
    clauses=("7643-2.4-C01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "state.people_are_as_the_source_says",
        "values.uses_the_parts_of_lists",
    },
)
class TwoPrimaries(Connector):
    """Two e-mail addresses are the primary one."""

    def new_user(self, person: Entry) -> Json:
        made = super().new_user(person)
        if "emails" in made:
            made["emails"] = [*made["emails"], {"value": f"home.{person['email']}", "type": "home", "primary": True}]
        return made


@defect(
    "first-sync",
    clauses=("7643-3.3-C01",),
    trips={
        "values.keeps_extensions_in_their_object",
    },
)
class FlatExtension(Connector):
    """The department stands at the top of a new user, under a key with the URN in it."""

    def new_user(self, person: Entry) -> Json:
        made = super().new_user(person)
        if ENTERPRISE in made:
            made[f"{ENTERPRISE}:department"] = made.pop(ENTERPRISE)["department"]
        return made


@defect(
    "first-sync",
    clauses=("7643-4.1.2-C01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "patching.leaves_read_only_attributes",
        "state.groups_have_the_members_of_the_source",
        "writing.changes_members_through_groups",
    },
)
class MembershipThroughUsers(Connector):
    """Groups of a user are written to the user, and the group stays empty."""

    def group(self, team: Entry) -> None:
        super().group({**team, "members": []})
        made = self.linked[GROUPS][team["id"]]
        for member in team.get("members", []):
            value = [{"value": made["id"]}]
            self.update(USERS, self.linked[USERS][member], [{"op": "add", "path": "groups", "value": value}])


@defect(
    "nothing-changed",
    clauses=("CON-QUIET-01",),
    trips={
        "quiet.patches_what_differs",
        "quiet.writes_nothing_when_nothing_changed",
    },
)
class WritesEverythingEachRun(Connector):
    """Every run replaces every name, changed or not."""

    def user_changes(self, person: Entry, found: Json) -> list[Json]:
        always = [{"op": "replace", "path": "userName", "value": person["userName"]}]
        return super().user_changes(person, found) or always


@defect(
    "first-sync",
    clauses=("7644-3.3-C01",),
    trips={
        "addressing.creates_at_the_endpoint",
        "ending.tells_by_its_status_how_it_went",
        "state.groups_are_as_the_source_says",
        "state.people_are_as_the_source_says",
    },
)
class PostsToTheRoot(Connector):
    """A new user is POSTed to the base URL."""

    def create(self, path: str, resource: Json) -> Json:  # noqa: ARG002 everything goes to the root
        return self.ask("POST", self.address("/"), resource)


@defect(
    "first-sync",
    clauses=("CON-STATE-01",),
    trips={
        "state.people_are_as_the_source_says",
    },
)
class ForgetsTheTitle(Connector):
    """A title of the source never reaches the tenant."""

    def new_user(self, person: Entry) -> Json:
        return super().new_user({**person, "title": ""})

    def user_changes(self, person: Entry, found: Json) -> list[Json]:
        return super().user_changes({**person, "title": found.get("title")}, found)


@defect(
    "first-sync",
    clauses=("7643-2.3.7-C01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "state.people_are_as_the_source_says",
        "values.refers_by_uris",
    },
)
class PathForAUri(Connector):
    """The profile of a user is named by a path of a file system."""

    def new_user(self, person: Entry) -> Json:
        return {**super().new_user(person), "profileUrl": f"C:\\People\\{person['id']} profile.html"}


@defect(
    "first-sync",
    clauses=("7643-4.1.2-C02",),
    trips={
        "values.codes_what_has_a_code",
    },
)
class CountryByName(Connector):
    """A country is sent by its name."""

    def new_user(self, person: Entry) -> Json:
        return {**super().new_user(person), "addresses": [{"type": "work", "country": "Germany"}]}


@defect(
    "first-sync",
    clauses=("7644-7.1-C01",),
    trips={
        "addressing.keeps_credentials_out_of_uris",
    },
)
class PasswordInAUri(Connector):
    """The profile of a user is named by a URI with a user name and a password."""

    def new_user(self, person: Entry) -> Json:
        return {**super().new_user(person), "profileUrl": f"https://reader:4711@people.example/{person['id']}"}


@defect(
    "first-sync",
    clauses=("CON-AUTH-04",),
    trips={
        "credentials.keeps_credentials_out_of_bodies",
    },
)
class TokenInTheBody(Connector):
    """The token is sent in the body of each creation."""

    def create(self, path: str, resource: Json) -> Json:
        return super().create(path, {**resource, "token": self.environ["SAMANAGE_TOKEN"]})
