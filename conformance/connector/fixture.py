"""The judge of connectors in somebody else's tests: what the tenant's fixture finds by its entry point."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance.clauses import catalogue
from conformance.connector.account import Account
from conformance.connector.complaint import complaint
from conformance.connector.control import Control
from conformance.connector.credentials import PASSWORD, TOKEN, USERNAME, AccountCredentials
from conformance.connector.journal import sent_from
from conformance.connector.judging import judge
from conformance.connector.model import Aim, Ended, Evidence, Exit, Played, Scenario, Source, State, Step
from conformance.connector.playing import Performance, performance
from conformance.connector.scenario import read
from conformance.connector.source import SourceFormat
from conformance.model import Verdict

SO_FAR = "the test so far"


@dataclass(frozen=True, slots=True)
class FixtureStep:
    """A step that the connector is to be run for now; `environment` is what a program would get."""

    number: int
    title: str
    source_path: Path
    environment: Mapping[str, str]
    source: Source

    @property
    def token(self) -> str:
        """The secret token, "" where the step gives none."""
        return self.environment.get(TOKEN, "")

    @property
    def username(self) -> str:
        """The administrator's e-mail, "" where the step gives none."""
        return self.environment.get(USERNAME, "")

    @property
    def password(self) -> str:
        """The administrator's password, "" where the step gives none."""
        return self.environment.get(PASSWORD, "")


@dataclass(slots=True)
class FixtureJudge:
    """Judges what reaches one server of the tenant; `place` is how its ready file describes the server.

    `guise` holds what stands in the place of url, account and credentials while a scenario's account is used.
    """

    place: Mapping[str, Any]
    guise: dict[str, Any] = field(default_factory=dict, init=False)
    _playing: Performance | None = field(default=None, init=False)
    _stack: ExitStack = field(default_factory=ExitStack, init=False)

    def scenario(self, name: str | Path, source_format: str = "json") -> Iterator[FixtureStep]:
        """The steps of a scenario, each once the tenant is as it has it; going on ends the step before.

        The account stays after the last step, until `close` or another scenario. Raises UsageFault.
        """
        self.close()
        control = self._stack.enter_context(self._control())
        form = SourceFormat(source_format)
        playing = self._stack.enter_context(performance(read(name), control, form, lasting=True))
        self._playing = playing
        playing.counts = _over_the_network
        for number, step in enumerate(playing.scenario.steps, 1):
            environment = playing.begin(step)
            self.guise = _guise(playing.account)
            started = time.monotonic()
            yield FixtureStep(number, step.title, playing.source, environment, step.source)
            playing.end(Ended(None, time.monotonic() - started))

    def complaint(self, *, strict: bool = False) -> str:
        """What is wrong with the requests of the scenario that is played, else with all so far; "" if nothing is."""
        evidence = self._playing.so_far() if self._playing else self._so_far()
        bad = {Verdict.FAIL, Verdict.ERROR, *([Verdict.WARN] if strict else ())}
        tables = catalogue()
        return complaint([each for each in judge([evidence], tables) if each.verdict in bad], evidence, tables)

    def close(self) -> None:
        """The account of a scenario is gone."""
        self.guise = {}
        self._playing = None
        self._stack.close()

    def _control(self) -> Control:
        return Control(self.place["control"], self.place.get("control_token"))

    def _so_far(self) -> Evidence:
        """The journal of the server's default account, as a scenario of one step that aims at nothing."""
        step = Step(SO_FAR, Source(), aim=Aim.ANY, exit=Exit.ANY)
        with self._control() as control:
            credentials = AccountCredentials(
                control, self.place["account"], self.place["username"], self.place["password"] or ""
            )
            account = Account(control, self.place["account"], self.place["url"], credentials)
            entries = filter(_over_the_network, account.entries())
            sent = tuple(sent_from(entry, 1, account.origin) for entry in entries)
            after = account.state()
        played = Played(1, step, sent, State(), after, Ended(None, 0.0))
        return Evidence(Scenario("test", SO_FAR, SO_FAR, (step,)), (played,), next(iter(after.users), ""))


def _guise(account: Account) -> dict[str, Any]:
    credentials = account.credentials
    secrets = {"token": credentials.token or None, "username": credentials.username, "password": credentials.password}
    return {"account": account.name, "url": account.url, **secrets}


def _over_the_network(entry: Mapping[str, Any]) -> bool:
    """Whether the request came over the network; the fixture's own are made in the process, to a name of no host."""
    return not str(entry["request"]["headers"].get("host", "")).endswith(".invalid")
