"""A correct connector that creates who is new in one bulk job, and does the rest as the other one."""

from __future__ import annotations

from tests.connectors.correct import GROUPS, USERS, Connector
from tests.connectors.mapping import Json
from tests.connectors.source import Entry

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


class Bulking(Connector):
    """Sends the job first; whoever it did not create is created afterwards, one by one."""

    def synchronise(self) -> None:
        """The job, if anybody is new, then everything."""
        self.attempt("bulk job", self.create_new)
        super().synchronise()

    def create_new(self) -> None:
        """People and groups that no question finds are created in one job."""
        people = [person for person in self.people if self.match(USERS, person) is None]
        teams = [team for team in self.teams if self.match(GROUPS, team) is None]
        if people or teams:
            self.ask("POST", self.address("/Bulk"), self.job(people, teams))

    def job(self, people: list[Entry], teams: list[Entry]) -> Json:
        """The body of the job; members that are in it are named by their bulkIds."""
        new = {person["id"] for person in people}
        operations = [self.operation(USERS, person, self.new_user(person)) for person in people]
        for team in teams:
            members = [self.reference(each) for each in team["members"] if each in new]
            operations.append(self.operation(GROUPS, team, self.new_group(team, members)))
        return {"schemas": [BULK], "Operations": operations}

    def reference(self, id: str) -> str:
        """What stands for the id of somebody whom the job creates."""
        return f"bulkId:{id}"

    def operation(self, path: str, entry: Entry, data: Json) -> Json:
        """A creation in the job."""
        return {"method": "POST", "path": path, "bulkId": entry["id"], "data": data}
