"""The nouns of a connector's judgement: source, scenario, step, sent request, evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from conformance.model import Exchange


@dataclass(frozen=True, slots=True)
class Person:
    """A person in the source; `id` is the source's own and becomes externalId, `manager` is another person's id.

    Empty text and None mean: the source has no value. `role` is the name of a Samanage role.
    """

    id: str
    user_name: str
    given_name: str = ""
    family_name: str = ""
    display_name: str = ""
    email: str = ""
    title: str = ""
    department: str = ""
    phone: str = ""
    manager: str = ""
    role: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Team:
    """A group in the source; `members` are ids of people."""

    id: str
    display_name: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """What a connector is to bring into the tenant, whole; who is no longer in it has left."""

    people: tuple[Person, ...] = ()
    teams: tuple[Team, ...] = ()

    def person(self, id_: str) -> Person | None:
        """The person with this id."""
        return next((person for person in self.people if person.id == id_), None)


class Credentials(StrEnum):
    """What a connector is given in a step, and what the tenant makes of it.

    TOKEN: the secret token. PASSWORD: username and password. BOTH: all three. NEW_TOKEN: another token, the one
    before is refused. EXPIRED: token, username and password, and the token is refused.
    """

    TOKEN = "token"  # noqa: S105 - a kind, no token
    PASSWORD = "password"  # noqa: S105 - a kind, no password
    BOTH = "both"
    NEW_TOKEN = "new-token"  # noqa: S105 - a kind, no token
    EXPIRED = "expired"


class Aim(StrEnum):
    """What the tenant's people and groups have to be after a step.

    SOURCE: as the source says. BETWEEN: each as the source says or as before the step, nobody twice, nobody else
    touched. UNTOUCHED: as before the step. ANY: nothing is judged.
    """

    SOURCE = "source"
    BETWEEN = "between"
    UNTOUCHED = "untouched"
    ANY = "any"


class Exit(StrEnum):
    """How the connector has to end a step: with status 0, with another one because it could not work, or either."""

    ZERO = "zero"
    NONZERO = "nonzero"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Step:
    """One run of the connector: the source, the faults the tenant plays, and what is expected.

    `faults`: rules of a fault plan, as the control API takes them. `before`: SCIM requests of somebody else, played
    before the step, each a mapping with method, path, body.
    """

    title: str
    source: Source
    credentials: Credentials = Credentials.TOKEN
    phase: str = ""
    faults: tuple[Mapping[str, Any], ...] = ()
    before: tuple[Mapping[str, Any], ...] = ()
    aim: Aim = Aim.SOURCE
    exit: Exit = Exit.ZERO


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story played to a connector in a fresh account.

    `tenant`: SCIM resources that are there at the start, with `resource` (User, Group) beside the attributes.
    `settings`: arguments of the hook account.create. `clauses`: those in focus. `default`: played unless others are
    asked for.
    """

    name: str
    title: str
    says: str
    steps: tuple[Step, ...]
    clauses: tuple[str, ...] = ()
    tenant: tuple[Mapping[str, Any], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    default: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """One request of the connector as the tenant's journal holds it, secrets redacted.

    `moment`: seconds since the epoch, when it arrived. `path`: below the mount, such as `/Users/7`, undecoded.
    `route`: the path with ids as `{id}`, such as `/Users/{id}`. `query`: decoded parameters. `credential`: `token`,
    `basic`, `none`, by what was presented. `fault`: the kind of the fault played on it, "" if none. `written`:
    whether a handler ran it. `delivered`: whether its answer was sent whole; the exchange's status and response are
    what was sent, None if nothing was.
    """

    number: int
    step: int
    moment: float
    path: str
    route: str
    query: Mapping[str, str]
    credential: str
    exchange: Exchange
    fault: str = ""
    written: bool = True
    delivered: bool = True

    @property
    def method(self) -> str:
        """The request's method."""
        return self.exchange.method

    @property
    def status(self) -> int | None:
        """The status the connector was sent; None when it was sent no answer, or not all of it."""
        return self.exchange.status if self.delivered else None

    @property
    def writes(self) -> bool:
        """Whether it asks for a change."""
        return self.method in {"POST", "PUT", "PATCH", "DELETE"} and not self.route.endswith("/.search")

    @property
    def header(self) -> Mapping[str, str]:
        """The request's fields by names in lower case."""
        return {name.lower(): value for name, value in self.exchange.request_headers.items()}

    @property
    def body(self) -> Any:
        """The JSON of the request's body; None where there is none or it is no JSON."""
        return _json(self.exchange.request_body)

    @property
    def answer(self) -> Any:
        """The JSON of the answer's body; None where there is none or it is no JSON."""
        return _json(self.exchange.response_body)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class State:
    """The tenant's people and groups at a moment, by id: SCIM resources with `id`, members as `{"value": id}`."""

    users: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """How the connector ended a step: its exit status (None: it was stopped), seconds, and the ends of what it printed.

    `trouble`: why it says nothing about the connector's conformance, "" if it does: not found, hanging, flooding,
    killed by a signal.
    """

    status: int | None
    seconds: float
    stdout: str = ""
    stderr: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Played:
    """A step as it was played; steps count from 1."""

    number: int
    step: Step
    sent: tuple[Sent, ...]
    before: State
    after: State
    ended: Ended


@dataclass(frozen=True, slots=True)
class Evidence:
    """All a check sees: a scenario and what came of its steps.

    `administrator`: the id of the user who owns the credentials.
    """

    scenario: Scenario
    played: tuple[Played, ...]
    administrator: str = ""

    def sent(self) -> Iterator[Sent]:
        """Every request of the scenario in its order."""
        for played in self.played:
            yield from played.sent
