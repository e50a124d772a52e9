"""A small source directory and the job that provisions it; everybody has names that nobody else has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Final

from conformance.entra.application.model import AdminCredentials, Application, JobSettings
from conformance.entra.clock import VirtualClock
from conformance.entra.database import open_database
from conformance.entra.directory.model import Kind
from conformance.entra.directory.mutations import Editor, read_script
from conformance.entra.directory.store import Source
from conformance.entra.job.engine import Job
from conformance.entra.job.model import CycleResult
from conformance.entra.job.running import run_cycles
from conformance.entra.job.state import State
from conformance.entra.log.model import Event
from conformance.entra.mapping.defaults import custom_schema
from conformance.entra.mapping.model import Apply, AttributeMapping, MappingType, ObjectMapping, Schema
from conformance.entra.values import AppRole
from conformance.entra.wire.paths import parse_target
from conformance.errors import Unusable
from conformance.population import Document, Groups, Users
from conformance.suites.dialects.subject import enterprise, known
from conformance.suites.provisioning.channel import ScimChannel
from conformance.target import Target

FLAG: Final = "?aadOptscim062020"
MEMBER: Final = AppRole("5b1d7c1e-0000-4000-8000-000000000001", "Member", "Member")
PERSON: Final = "givenName=Ada surname=Lovelace jobTitle=Planner department=Sales"
_PORTRAIT: Final = {
    "userName": "userPrincipalName",
    "displayName": "displayName",
    "title": "jobTitle",
    "emails[work].value": "mail",
    "name.givenName": "givenName",
    "name.familyName": "surname",
    "externalId": "mailNickname",
    enterprise("department"): "department",
}
"""Where the values of a user come from, as the page SCIM lists the usual mappings."""

Mapped = Callable[[Schema], Schema]


@dataclass(slots=True)
class Office:
    """People and groups by short names, `ids` their ids in the source; `job` is what provisions them."""

    target: Target
    users: Users
    groups: Groups
    channel: ScimChannel
    job: Job
    ids: dict[str, str] = field(default_factory=dict)

    def hire(self, *names: str, assigned: bool = True, attributes: str = PERSON) -> None:
        """These people are in the source, and assigned to the application."""
        for name in names:
            account = self.users.run.email(name)
            self._new(name, f"hire {account} {attributes}", account, assigned=assigned)

    def found(self, name: str, *members: str) -> None:
        """A group is in the source with these members, and assigned to the application."""
        title = self.users.run.name(name)
        self._new(name, f"group {title}", title, assigned=True)
        for member in members:
            self.change(f"join {{{name}}} {{{member}}}")

    def change(self, script: str) -> None:
        """The source changes; names stand in braces."""
        editor = Editor(self.job.source, self.job.clock.now(), self.job.random)
        for mutation in read_script(script.format(**self.ids)):
            editor.apply(mutation)

    def cycle(self) -> CycleResult:
        """The end of the next cycle; time goes on until it is due. Raises Unusable where none runs."""
        found = run_cycles(self.job, 1)
        if not found:
            raise Unusable(f"the job runs no cycle; its status is {self.job.state.status}")
        return found[0]

    def cycles(self, most: int) -> list[CycleResult]:
        """The ends of the next cycles, until one is quiet."""
        return run_cycles(self.job, most, until_quiet=True)

    def settings(self, **others: Any) -> None:
        """The application has other job settings."""
        application = self.job.application
        self.job.application = replace(application, settings=replace(application.settings, **others))

    def remap(self, change: Mapped) -> None:
        """The application has other mappings."""
        self.job.application = replace(self.job.application, schema=change(self.job.application.schema))

    def events(self, result: CycleResult, name: str) -> list[Event]:
        """What the log tells of somebody in a cycle."""
        return list(self.job.state.events(cycle=result.id, who=self.ids[name]))

    def target_id(self, name: str) -> str:
        """The id of the resource somebody is linked to, "" for nobody."""
        link = self.job.state.link(self.ids[name])
        return link.target_id if link else ""

    def portrait(self, name: str) -> dict[str, Any]:
        """The leaves that the target's user is to have, those of attributes that the target knows."""
        found = self.job.source.get(self.ids[name])
        attributes = found.attributes if found else {}
        values = {leaf: attributes[name] for leaf, name in _PORTRAIT.items() if name in attributes}
        return known(self.target, values)

    def title(self, name: str) -> str:
        """The displayName of a group in the source."""
        found = self.job.source.get(self.ids[name])
        return found.name if found else ""

    def seen(self, name: str) -> list[Document]:
        """The users of the target with somebody's userName."""
        return self.users.client.query("/Users", f'userName eq "{self.portrait(name)["userName"]}"').resources

    def seen_group(self, name: str) -> list[Document]:
        """The groups of the target with the name of this one."""
        return self.groups.client.query("/Groups", f'displayName eq "{self.title(name)}"').resources

    def _new(self, name: str, script: str, told: str, *, assigned: bool) -> None:
        self.change(script)
        found = self.job.source.find(told)
        assert found is not None
        self.ids[name] = found.id
        if assigned:
            self.change(f"assign {{{name}}} {MEMBER.value}")


@contextmanager
def opened(target: Target, users: Users, groups: Groups, *, flagged: bool = False) -> Iterator[Office]:
    """An office with nobody in it; the job is kept in memory and runs on a clock of its own."""
    database = open_database(None)
    channel = ScimChannel(users.client, (users, groups))
    application = Application(
        name=users.run.prefix,
        tenant_url=users.client.base + (FLAG if flagged else ""),
        credentials=AdminCredentials(),
        schema=_schema(target, users),
        settings=JobSettings(concurrency=1),
    )
    random = Random(f"{users.run.seed}/{users.run.name()}")  # noqa: S311 - ids in the source, no secrets
    source, state = Source(database), State(database)
    source.put_role(MEMBER)
    try:
        job = Job(application, source, state, channel, VirtualClock(), random, base=users.client.base)
        yield Office(target, users, groups, channel, job)
    finally:
        database.close()


def _schema(target: Target, users: Users) -> Schema:
    """The usual mappings, of attributes that the target knows, and what every user it takes needs."""
    usual = custom_schema()
    people, crews = usual.objects[Kind.USER], usual.objects[Kind.GROUP]
    kept = [each for each in people.attributes if _known(target, each)]
    needed = [
        AttributeMapping(name, MappingType.CONSTANT, str(value), apply=Apply.ON_CREATE)
        for name, value in users.template.items()
        if isinstance(value, str | int)
    ]
    mapped = replace(people, attributes=_only(kept, needed))
    return Schema({Kind.USER: mapped, Kind.GROUP: replace(crews, enabled=target.has("type:Group"))})


def _only(kept: Sequence[AttributeMapping], needed: Sequence[AttributeMapping]) -> list[AttributeMapping]:
    names = {each.target for each in needed}
    return [*(each for each in kept if each.target not in names), *needed]


def _known(target: Target, mapping: AttributeMapping) -> bool:
    path = parse_target(mapping.target)
    name = f"{path.name}.{path.sub}" if path.sub else path.name
    return name == "externalId" or target.has(f"attribute:User.{name}")


def people(change: Callable[[ObjectMapping], ObjectMapping]) -> Mapped:
    """A change of the mappings of users."""
    return lambda schema: Schema({**schema.objects, Kind.USER: change(schema.objects[Kind.USER])})


def matched_by(target: str) -> Mapped:
    """Users are matched by this attribute."""
    return people(
        lambda found: replace(
            found, attributes=[replace(each, matching=int(each.target == target)) for each in found.attributes]
        )
    )
