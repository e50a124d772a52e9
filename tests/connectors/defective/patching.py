"""Defects of PATCH."""

from __future__ import annotations

from tests.connectors.correct import GROUPS, USERS, Connector
from tests.connectors.defective.registry import defect
from tests.connectors.mapping import ENTERPRISE, Json
from tests.connectors.source import Entry


@defect(
    "rename",
    clauses=("7644-3.5.2-C01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "patching.sends_a_patch_message",
        "state.people_are_as_the_source_says",
    },
)
class PatchWithoutSchemas(Connector):
    """A PATCH does not say that it is one."""

    def message(self, operations: list[Json]) -> Json:
        return {"Operations": operations}


@defect("rename", clauses=("7644-3.5.2-C03",), noted={"patching.spells_operations_and_paths"})
class CapitalOperations(Connector):
    """The operations are called Add, Remove and Replace."""

    def message(self, operations: list[Json]) -> Json:
        return super().message([{**each, "op": each["op"].capitalize()} for each in operations])


@defect(
    "group-moves",
    clauses=("7644-3.5.2.2-C02",),
    trips={
        "patching.says_what_to_change",
    },
)
class RemovesMembersByValue(Connector):
    """Members are removed by a value beside the path, not by a filter in it."""

    def group_changes(self, team: Entry, members: list[str], found: Json) -> list[Json]:
        return [by_value(each) for each in super().group_changes(team, members, found)]


def by_value(operation: Json) -> Json:
    """A removal with the member in its value."""
    if operation["op"] != "remove" or not operation["path"].startswith("members["):
        return operation
    return {"op": "remove", "path": "members", "value": [{"value": operation["path"].split('"')[1]}]}


@defect(
    "group-moves",
    clauses=("7644-3.5.2.2-C01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "patching.says_what_to_change",
        "state.groups_have_the_members_of_the_source",
    },
)
class RemovesWithoutPath(Connector):
    """A removal has no path, but a value that names the member."""

    def group_changes(self, team: Entry, members: list[str], found: Json) -> list[Json]:
        changes = [by_value(each) for each in super().group_changes(team, members, found)]
        return [
            {"op": "remove", "value": {"members": each["value"]}} if each["op"] == "remove" else each
            for each in changes
        ]


@defect(
    "group-moves",
    clauses=("CON-STATE-06",),
    trips={
        "state.groups_have_the_members_of_the_source",
    },
)
class EmptiesTheGroup(Connector):
    """Who leaves a group takes all others along: members are replaced by an empty list."""

    def group_changes(self, team: Entry, members: list[str], found: Json) -> list[Json]:
        changes = super().group_changes(team, members, found)
        if not any(each["op"] == "remove" for each in changes):
            return changes
        kept = [each for each in changes if not each["path"].startswith("members")]
        return [*kept, {"op": "replace", "path": "members", "value": []}]


@defect(
    "manager-before-and-after",
    clauses=("CON-STATE-04",),
    trips={
        "state.people_have_the_manager_of_the_source",
    },
)
class ManagerByUserName(Connector):
    """The manager is named by userName instead of id."""

    def manager_changes(self, manager: str, found: Json) -> list[Json]:
        boss = next((each for each in self.linked[USERS].values() if each["id"] == manager), {})
        return super().manager_changes(boss.get("userName", ""), found)


@defect(
    "manager-before-and-after",
    clauses=("7644-3.5.2.1-C02",),
    trips={
        "patching.gives_complex_values_as_objects",
    },
)
class ManagerAsText(Connector):
    """The value of manager is the bare id."""

    def manager_changes(self, manager: str, found: Json) -> list[Json]:
        changes = super().manager_changes(manager, found)
        return [{**each, "value": manager} if "value" in each else each for each in changes]


@defect(
    "manager-before-and-after",
    clauses=("CON-STATE-04",),
    trips={
        "state.people_have_the_manager_of_the_source",
    },
)
class ManagerOnlyIfAlreadyThere(Connector):
    """Managers are set while users are created, so that one who comes later is never set."""

    def manager(self, person: Entry) -> None:
        ids = [each["id"] for each in self.people]
        if ids.index(person["id"]) > ids.index(person["manager"] if person.get("manager") else person["id"]):
            super().manager(person)


@defect(
    "rename",
    clauses=("7644-3.5.2-C05",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "patching.leaves_read_only_attributes",
        "state.people_are_as_the_source_says",
    },
)
class PatchesReadOnly(Connector):
    """A change carries the id and the meta of what was read."""

    def message(self, operations: list[Json]) -> Json:
        return super().message([*operations, {"op": "replace", "path": "meta.resourceType", "value": "User"}])


@defect(
    "rename",
    clauses=("7644-3.5.2-C04",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "patching.spells_operations_and_paths",
        "state.groups_have_the_members_of_the_source",
        "state.people_are_as_the_source_says",
    },
)
class DottedValuePath(Connector):
    """The e-mail is addressed by its position."""

    def message(self, operations: list[Json]) -> Json:
        return super().message(
            [{**each, "path": each["path"].replace('emails[type eq "work"]', "emails[0]")} for each in operations]
        )


@defect(
    "rename",
    clauses=("7644-3.5.2-C02",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "patching.sends_a_patch_message",
    },
)
class EmptyPatch(Connector):
    """A PATCH goes out for everybody, without an operation where nothing differs."""

    def update(self, path: str, found: Json, operations: list[Json]) -> Json:
        if path == USERS:
            self.attempt("nothing", super().update, path, found, [])
        return super().update(path, found, operations)


@defect(
    "disable-and-return",
    clauses=("7643-2.3.2-C01",),
    trips={
        "values.sends_values_of_the_right_type",
    },
)
class DisablesByText(Connector):
    """`active` is replaced by the text False."""

    def user_changes(self, person: Entry, found: Json) -> list[Json]:
        changes = super().user_changes(person, found)
        return [{**each, "value": str(each["value"])} if each["path"] == "active" else each for each in changes]


@defect(
    "somebody-elses-change",
    clauses=("7644-3.10-C01",),
    trips={
        "querying.qualifies_extension_attributes",
    },
)
class ExtensionWithoutUrn(Connector):
    """The department is addressed without the schema it belongs to."""

    def message(self, operations: list[Json]) -> Json:
        return super().message([{**each, "path": each["path"].removeprefix(f"{ENTERPRISE}:")} for each in operations])


@defect(
    "group-moves",
    clauses=("CON-QUIET-02",),
    trips={
        "quiet.patches_what_differs",
    },
)
class WritesAllMembersEachTime(Connector):
    """Every run replaces the members of every group."""

    def group_changes(self, team: Entry, members: list[str], found: Json) -> list[Json]:
        kept = [each for each in super().group_changes(team, members, found) if not each["path"].startswith("members")]
        return [*kept, {"op": "replace", "path": "members", "value": [{"value": member} for member in members]}]


@defect(
    "group-moves",
    clauses=("CON-STATE-06",),
    trips={
        "state.groups_have_the_members_of_the_source",
    },
)
class OnlyAddsMembers(Connector):
    """Who leaves a group stays in it."""

    def update(self, path: str, found: Json, operations: list[Json]) -> Json:
        kept = [each for each in operations if path != GROUPS or each["op"] != "remove"]
        return super().update(path, found, kept) if kept else found


@defect(
    "rename",
    clauses=("7644-3.5.2-C06",),
    trips={
        "patching.reads_the_answer_to_a_patch",
    },
)
class PatchesTwice(Connector):
    """A PATCH that was answered is sent once more, to be sure."""

    def update(self, path: str, found: Json, operations: list[Json]) -> Json:
        super().update(path, found, operations)
        return super().update(path, found, operations)
