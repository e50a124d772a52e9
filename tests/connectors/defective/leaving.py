"""Defects of leaving: who is disabled or deleted, and who should not be."""

from __future__ import annotations

from tests.connectors.correct import GROUPS, USERS, Connector
from tests.connectors.defective.registry import defect
from tests.connectors.mapping import Json


@defect(
    "leave",
    clauses=("CON-LEAVE-01",),
    trips={
        "leaving.disables_before_it_deletes",
    },
)
class DeletesAtOnce(Connector):
    """Who left is deleted without having been disabled."""

    def disable(self, found: Json) -> None:
        self.delete(USERS, found)


@defect(
    "leave",
    clauses=("CON-LEAVE-01",),
    trips={
        "leaving.disables_before_it_deletes",
    },
)
class DeletesBeforeDisabling(Connector):
    """Who left is deleted first and disabled then."""

    def disable(self, found: Json) -> None:
        self.delete(USERS, found)
        super().disable(found)


@defect(
    "leave",
    clauses=("CON-LEAVE-02",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "leaving.leaves_strangers_alone",
        "state.others_are_as_they_were",
        "state.those_who_left_are_gone",
    },
)
class DisablesStrangers(Connector):
    """Everybody who is not in the source is disabled, the administrator among them."""

    def leavers(self) -> None:
        super().leavers()
        for found in list(self.listed(USERS)):
            if found["id"] not in {each["id"] for each in self.linked[USERS].values()}:
                self.attempt(found["id"], self.disable, found)


@defect(
    "leave",
    clauses=("CON-LEAVE-02",),
    trips={
        "leaving.leaves_strangers_alone",
        "state.others_are_as_they_were",
    },
)
class DeletesOtherGroups(Connector):
    """Every group that is not in the source is deleted."""

    def leavers(self) -> None:
        super().leavers()
        for found in list(self.listed(GROUPS)):
            if found["id"] not in {each["id"] for each in self.linked[GROUPS].values()}:
                self.attempt(found["id"], self.delete, GROUPS, found)


@defect(
    "leave",
    clauses=("CON-STATE-07",),
    trips={
        "state.those_who_left_are_gone",
    },
)
class ForgetsWhoLeft(Connector):
    """Who left stays active."""

    def leavers(self) -> None:
        return


@defect(
    "leave",
    clauses=("CON-STATE-07",),
    trips={
        "quiet.patches_what_differs",
        "state.those_who_left_are_gone",
    },
)
class TakesATitleForDisabling(Connector):
    """Who left loses a title instead of being disabled."""

    def disable(self, found: Json) -> None:
        self.update(USERS, found, [{"op": "replace", "path": "title", "value": "left"}])


@defect(
    "disable-and-return",
    clauses=("CON-LEAVE-01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "leaving.disables_before_it_deletes",
        "state.people_are_as_the_source_says",
    },
)
class DeletesTheInactive(Connector):
    """Who is inactive in the source is deleted, and created again on return."""

    def synchronise(self) -> None:
        self.people = [person for person in self.people if person["active"]]
        super().synchronise()

    def disable(self, found: Json) -> None:
        self.delete(USERS, found)


@defect(
    "precondition",
    clauses=("CON-STATE-02",),
    trips={
        "state.groups_have_the_members_of_the_source",
        "state.people_are_active_as_the_source_says",
    },
)
class DisablesWhoFailed(Connector):
    """Who could not be written is taken for gone from the source."""

    attempts = 1

    def leavers(self) -> None:
        self.people = [each for each in self.people if each["id"] in self.linked[USERS]]
        super().leavers()
