"""Defects of bulk jobs."""

from __future__ import annotations

from tests.connectors.bulking import Bulking
from tests.connectors.defective.registry import defect
from tests.connectors.mapping import Json
from tests.connectors.source import Entry


@defect(
    "first-sync",
    clauses=("7644-3.7-C01",),
    trips={
        "bulk.sends_whole_jobs",
        "ending.tells_by_its_status_how_it_went",
        "patching.sends_a_patch_message",
    },
)
class JobWithoutSchemas(Bulking):
    """A job does not say that it is one."""

    def job(self, people: list[Entry], teams: list[Entry]) -> Json:
        return {"Operations": super().job(people, teams)["Operations"]}


@defect(
    "first-sync",
    clauses=("7644-3.7-C04",),
    trips={
        "bulk.sends_whole_jobs",
    },
)
class OperationsWithoutPath(Bulking):
    """The operations of a job have no path."""

    def operation(self, path: str, entry: Entry, data: Json) -> Json:
        made = super().operation(path, entry, data)
        return {name: value for name, value in made.items() if name != "path"}


@defect(
    "first-sync",
    clauses=("7644-3.7-C02",),
    trips={
        "bulk.names_what_a_job_creates",
    },
)
class SameBulkIdForAll(Bulking):
    """Every operation of a job has the same bulkId."""

    def operation(self, path: str, entry: Entry, data: Json) -> Json:
        return {**super().operation(path, entry, data), "bulkId": "new"}


@defect(
    "first-sync",
    clauses=("7644-3.7.2-C01",),
    trips={
        "bulk.names_what_a_job_creates",
    },
)
class ReferencesWithoutPrefix(Bulking):
    """Members that a job creates are named by the bare bulkId."""

    def reference(self, id: str) -> str:
        return id


@defect(
    "match-existing",
    clauses=("7644-3.7.3-C01",),
    trips={
        "bulk.looks_at_each_result",
        "matching.looks_before_it_creates",
        "state.groups_are_as_the_source_says",
        "state.groups_have_the_members_of_the_source",
        "state.people_are_as_the_source_says",
    },
)
class LooksAtNoResult(Bulking):
    """Everybody goes into a job, and one that was answered 200 counts as done, whatever became of its operations."""

    def synchronise(self) -> None:
        self.attempt("bulk job", self.ask, "POST", self.address("/Bulk"), self.job(self.people, self.teams))
