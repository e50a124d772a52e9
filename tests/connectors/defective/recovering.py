"""Defects of recovery: what a connector does when it does not know what became of a write."""

from __future__ import annotations

import requests

from tests.connectors.correct import Connector
from tests.connectors.defective.registry import defect
from tests.connectors.mapping import Json
from tests.connectors.trouble import Refused, Unsure


@defect(
    "cut-after-write",
    clauses=("CON-FAIL-01",),
    trips={
        "recovering.asks_before_it_creates_again",
    },
)
class PostsAgainBlindly(Connector):
    """A create that was not answered is sent again as it was."""

    def harmless(self, method: str, answer: requests.Response | None) -> bool:  # noqa: ARG002 everything is
        return True


@defect(
    "cut-after-write",
    clauses=("CON-STATE-09",),
    trips={
        "ending.claims_success_truly",
        "matching.looks_before_it_creates",
        "recovering.asks_before_it_creates_again",
        "state.nobody_is_there_twice",
        "writing.gives_each_an_external_id",
    },
)
class DodgesAConflict(Connector):
    """A create that is refused as a duplicate is sent again under another userName."""

    def harmless(self, method: str, answer: requests.Response | None) -> bool:  # noqa: ARG002 everything is
        return True

    def create(self, path: str, resource: Json) -> Json:
        try:
            return super().create(path, resource)
        except Refused as error:
            if error.status != 409 or "userName" not in resource:
                raise
            return super().create(path, {**resource, "userName": f"1.{resource['userName']}"})


@defect(
    "time-out",
    clauses=("CON-FAIL-01",),
    trips={
        "recovering.asks_before_it_creates_again",
    },
)
class PostsAgainAfterATimeOut(Connector):
    """A create that timed out is sent again as it was, other writes are not."""

    def harmless(self, method: str, answer: requests.Response | None) -> bool:
        return super().harmless(method, answer) or answer is None


@defect(
    "cut-before-write",
    clauses=("CON-EXIT-03",),
    trips={
        "addressing.uses_ids_it_was_given",
        "ending.claims_success_truly",
    },
)
class TakesACutForDone(Connector):
    """A write that was not answered counts as done."""

    def ask(self, method: str, url: str, body: Json | None = None) -> Json:
        try:
            return super().ask(method, url, body)
        except Unsure:
            return {**(body or {}), "id": "unknown"} if method == "POST" else {}


@defect(
    "conflict",
    clauses=("7644-3.12-C01",),
    trips={
        "recovering.asks_before_it_creates_again",
    },
)
class CreatesAgainAfterAConflict(Connector):
    """A create that is refused as a duplicate is sent again, three times."""

    def create(self, path: str, resource: Json) -> Json:
        for _ in range(3):
            try:
                return super().create(path, resource)
            except Refused as error:
                if error.status != 409:
                    raise
        return super().create(path, resource)


@defect(
    "deleted-behind-its-back",
    clauses=("CON-STATE-01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "state.people_are_as_the_source_says",
    },
)
class BelievesItsState(Connector):
    """Who is in the state file is taken for there, and is not read."""

    def read(self, path: str, id: str) -> Json | None:
        try:
            found = super().read(path, id)
        except Refused:
            found = None
        return found or {"id": id, "externalId": self.by_id(path, id), "active": True}

    def update(self, path: str, found: Json, operations: list[Json]) -> Json:
        try:
            return super().update(path, found, operations)
        except Refused as error:
            if error.status != 404:
                raise
            return found

    def by_id(self, path: str, id: str) -> str:
        """The source's id of a resource."""
        return next((each for each, place in self.known[path].items() if place == id), "")


@defect(
    "deleted-behind-its-back",
    clauses=("7644-3.6-C01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "quiet.writes_nothing_when_nothing_changed",
        "recovering.accepts_that_something_is_gone",
    },
)
class DeletesWhatIsGone(Connector):
    """Who left is deleted without being read, and a 404 to that is answered by the same again."""

    def leave(self, path: str, id: str, place: str) -> None:
        for attempt in range(3):
            try:
                self.ask("DELETE", self.address(f"{path}/{place}"))
            except Refused as error:
                if error.status != 404 or attempt == 2:
                    raise
        del self.known[path][id]


@defect(
    "precondition",
    clauses=("7644-3.12-C02",),
    trips={
        "versioning.reads_again_after_412",
    },
)
class RepeatsAfterAPrecondition(Connector):
    """A change that is refused with 412 is sent again as it was, without reading."""

    def update(self, path: str, found: Json, operations: list[Json]) -> Json:
        try:
            return super().update(path, found, operations)
        except Refused as error:
            if error.status != 412:
                raise
            return super().update(path, found, operations)
