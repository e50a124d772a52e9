"""A job on a small target, with a clock that is told to move and people called by their first names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from conformance.entra.application.model import AdminCredentials, Application, JobSettings, QuarantineRules, SyncScope
from conformance.entra.clock import VirtualClock
from conformance.entra.database import Database, open_database
from conformance.entra.directory.model import Kind
from conformance.entra.directory.mutations import Editor, read_script
from conformance.entra.directory.store import Source
from conformance.entra.job.engine import Job
from conformance.entra.job.model import CycleResult
from conformance.entra.job.running import run_cycles
from conformance.entra.job.state import State
from conformance.entra.log.model import Event
from conformance.entra.mapping.model import (
    AttributeMapping,
    MappingType,
    ObjectMapping,
    Operator,
    Schema,
    ScopeClause,
    ScopingFilter,
)
from conformance.entra.values import AppRole
from conformance.entra.wire.paths import MANAGER
from tests.conformance.entra.job.target import Target, told

ACTIVE = AttributeMapping(
    "active", MappingType.EXPRESSION, 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'
)
USERS = (
    AttributeMapping("userName", source="userPrincipalName", matching=1),
    ACTIVE,
    AttributeMapping("displayName", source="displayName"),
    AttributeMapping("title", source="jobTitle"),
    AttributeMapping(MANAGER, source="manager", reference=True),
)
GROUPS = (
    AttributeMapping("displayName", source="displayName", matching=1),
    AttributeMapping("externalId", source="objectId"),
    AttributeMapping("members", source="members", reference=True, multi_valued=True),
)
ROLES = (
    AppRole("r-agent", "Agent", "Agent"),
    AppRole("r-boss", "Boss", "Boss"),
    AppRole("r-access", "", "Default Access", default_access=True),
)
SMALL = QuarantineRules(evaluated_from=4, share=0.4, failures=10, total=15)


def application(
    users: Sequence[AttributeMapping] = USERS,
    groups: Sequence[AttributeMapping] = GROUPS,
    *,
    settings: Mapping[str, Any] | None = None,
    user: Mapping[str, Any] | None = None,
    group: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Application:
    """An application; `settings`, `user` and `group` are fields of the job's settings and of the object mappings."""
    schema = Schema(
        {
            Kind.USER: ObjectMapping(Kind.USER, users, **(user or {})),
            Kind.GROUP: ObjectMapping(Kind.GROUP, groups, **(group or {})),
        }
    )
    found = Application(
        name="Planner",
        tenant_url="https://planner.example/scim",
        credentials=AdminCredentials(token="secret", migrated=True),
        schema=schema,
        settings=JobSettings(concurrency=1, **(settings or {})),
    )
    return replace(found, **fields)


def only(**wanted: str) -> tuple[ScopingFilter, ...]:
    """A scoping filter: these attributes have these values."""
    return (ScopingFilter("only", tuple(ScopeClause(name, Operator.EQUALS, value) for name, value in wanted.items())),)


@dataclass
class Stage:
    """One job and what is around it."""

    app: Application = field(default_factory=application)
    target: Target = field(default_factory=Target)
    database: Database = field(default_factory=lambda: open_database(None))
    clock: VirtualClock = field(default_factory=VirtualClock)
    random: Random = field(default_factory=lambda: Random(7))
    mails: list[tuple[str, str, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.source, self.state = Source(self.database), State(self.database)
        if not self.source.roles():
            for role in ROLES:
                self.source.put_role(role)

    @classmethod
    def of(cls, script: str = "", **wanted: Any) -> Stage:
        """A stage whose source a script made, with an application that differs so."""
        found = cls(application(**wanted))
        found.script(script)
        return found

    @classmethod
    def at(cls, path: Path, target: Target, **wanted: Any) -> Stage:
        """A stage whose job is in a file."""
        return cls(application(**wanted), target, open_database(path))

    @property
    def job(self) -> Job:
        """The job as a new process finds it."""
        return Job(
            self.app,
            self.source,
            self.state,
            self.target,
            self.clock,
            self.random,
            base="https://planner.example/scim",
            notify=lambda *mail: self.mails.append(mail),
        )

    def configure(self, **wanted: Any) -> None:
        """The administrator saves another configuration."""
        self.app = application(**wanted)

    def script(self, text: str) -> None:
        """The source changes; a person is called by the first name alone, and a role is Agent unless it is named."""
        editor = Editor(self.source, self.clock.now(), self.random)
        for mutation in read_script(text.replace(";", "\n")):
            words = tuple(self._full(mutation.verb, word) for word in mutation.words)
            if mutation.verb == "assign" and len(words) == 1:
                words = (*words, "Agent")
            editor.apply(replace(mutation, words=words))

    def _full(self, verb: str, word: str) -> str:
        person = word.isalpha() and word.islower() and word != "none" and verb != "group"
        return f"{word}@fabrik.example" if person else word

    def cycle(self, *, after: timedelta | None = None) -> CycleResult:
        """The next cycle, at the moment at which it is due, or so long after now."""
        if after is not None:
            self.clock.advance(after)
            result = self.job.run_cycle()
        else:
            (result,) = run_cycles(self.job) or (None,)
        assert result is not None
        return result

    def sent(self) -> list[str]:
        """The requests since the last time, ids replaced by names, in one line each."""
        lines = [told(request) for request in self.target.sent]
        self.target.sent.clear()
        for id in sorted(self.target.names, key=len, reverse=True):
            lines = [line.replace(id, self.target.names[id]) for line in lines]
        return [line.replace("@fabrik.example", "") for line in lines]

    def id(self, name: str) -> str:
        """The source id of somebody."""
        found = self.source.find(f"{name}@fabrik.example") or self.source.find(name)
        assert found is not None
        return found.id

    def events(self, who: str = "", **chosen: Any) -> list[Event]:
        """Events of the log."""
        return list(self.state.events(who=who, **chosen))

    def last(self, who: str = "") -> Event:
        """The newest event."""
        return self.events(who, last=1)[-1]

    def everyone(self) -> None:
        """All users and groups are in scope."""
        self.app = replace(self.app, scope=SyncScope.ALL)
