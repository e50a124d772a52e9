"""Plays a scenario to a connector, however it is launched, and keeps all that a check needs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from conformance.connector.account import Account
from conformance.connector.control import Control
from conformance.connector.journal import MICROSECOND, sent_from
from conformance.connector.model import Ended, Evidence, Exit, Played, Scenario, Sent, State, Step
from conformance.connector.source import SourceFormat, write_source
from conformance.errors import UsageFault

Say = Callable[[str], None]


class Launcher(Protocol):
    """What runs a connector for one step; `environment` holds the variables of the contract and no others.

    A launcher with a true attribute `lasting` keeps a connector that stays: how it ends is not judged.
    """

    def run(self, step: Step, environment: Mapping[str, str]) -> Ended:
        """How the connector ended."""


@dataclass(slots=True)
class Performance:
    """A scenario being played in its account: `begin` a step, run the connector, `end` the step.

    `counts` says whether a journal entry is the connector's.
    """

    scenario: Scenario
    account: Account
    folder: Path
    form: SourceFormat = SourceFormat.JSON
    lasting: bool = False
    counts: Callable[[Mapping[str, Any]], bool] = lambda _entry: True
    played: list[Played] = field(default_factory=list)
    _step: Step | None = None
    _before: State = field(default_factory=State)
    _since: float = 0.0

    @property
    def source(self) -> Path:
        """The source file, replaced before each step."""
        return self.folder / f"source.{self.form}"

    def begin(self, step: Step) -> dict[str, str]:
        """The environment of the connector, once tenant and source are as the step has them; raises UsageFault."""
        number = len(self.played) + 1
        self._late()
        with self._naming(number):
            self.account.set_phase(step.phase)
            given = self.account.given(step.credentials)
            for request in step.before:
                self.account.request(request["method"], request["path"], request.get("body"))
            self.account.set_faults(step.faults)
        self._step = replace(step, exit=Exit.ANY) if self.lasting else step
        self._before = self.account.state()
        write_source(step.source, self.source, self.form)
        self.account.forget()
        self._since = time.time()
        return {
            "SAMANAGE_URL": self.account.url,
            "SAMANAGE_SOURCE": str(self.source),
            "SAMANAGE_SOURCE_FORMAT": self.form.value,
            "SAMANAGE_STATE": str(self._state()),
            "SAMANAGE_SCENARIO": self.scenario.name,
            "SAMANAGE_STEP": str(number),
            **given,
        }

    @contextmanager
    def _naming(self, number: int) -> Iterator[None]:
        try:
            yield
        except UsageFault as fault:
            raise UsageFault(f"scenario {self.scenario.name}, step {number}: {fault}") from fault

    def _state(self) -> Path:
        folder = self.folder / "state"
        folder.mkdir(exist_ok=True)
        return folder

    def end(self, ended: Ended) -> Played:
        """What came of the step that was begun; its faults are over."""
        self.account.set_faults(())
        self.played.append(self.now(ended))
        self._step = None
        return self.played[-1]

    def now(self, ended: Ended) -> Played:
        """What is known of the step that was begun, as if it ended now."""
        assert self._step is not None
        tell = self.account.redactor.text
        ended = replace(ended, stdout=tell(ended.stdout), stderr=tell(ended.stderr))
        return Played(
            len(self.played) + 1, self._step, tuple(self._arrived()), self._before, self.account.state(), ended
        )

    def so_far(self) -> Evidence:
        """What came of all steps, the one that was begun among them as if it ended now."""
        evidence = self.evidence()
        if self._step is None:
            return evidence
        now = self.now(Ended(None, time.time() - self._since))
        return replace(evidence, played=(*evidence.played, now))

    def _arrived(self) -> Iterator[Sent]:
        """The requests that arrived since the connector was started, in this step."""
        for entry in self.account.entries():
            if entry["moment"] * MICROSECOND >= self._since and self.counts(entry):
                yield sent_from(entry, self._number(), self.account.origin)

    def _number(self) -> int:
        return len(self.played) + (self._step is not None)

    def _late(self) -> None:
        """Requests that were under way when the last step ended, and are written down since, belong to it."""
        if self.played:
            last = self.played[-1]
            known = {sent.number for sent in last.sent}
            late = [sent for sent in self._arrived() if sent.number not in known]
            self.played[-1] = replace(last, sent=(*last.sent, *late))

    def evidence(self) -> Evidence:
        """What came of the steps that have ended."""
        return Evidence(self.scenario, tuple(self.played), self.account.administrator)


@contextmanager
def performance(
    scenario: Scenario, control: Control, form: SourceFormat = SourceFormat.JSON, *, lasting: bool = False
) -> Iterator[Performance]:
    """A scenario about to be played; at the end the account and the files of the connector are gone."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="connector-"))
        try:
            account = Account.open(control, scenario)
        except UsageFault as fault:
            raise UsageFault(f"scenario {scenario.name}: {fault}") from fault
        stack.callback(account.close)
        yield Performance(scenario, account, Path(folder), form, lasting)


def play(
    scenario: Scenario,
    launcher: Launcher,
    control: Control,
    *,
    form: SourceFormat = SourceFormat.JSON,
    say: Say = lambda _text: None,
) -> Evidence:
    """What came of playing the scenario; a connector in trouble is not shown the steps after it. Raises UsageFault."""
    with performance(scenario, control, form, lasting=getattr(launcher, "lasting", False)) as playing:
        return perform(playing, launcher, say)


def perform(playing: Performance, launcher: Launcher, say: Say = lambda _text: None) -> Evidence:
    """What came of the steps of a performance."""
    count = len(playing.scenario.steps)
    for number, step in enumerate(playing.scenario.steps, 1):
        environment = playing.begin(step)
        played = playing.end(launcher.run(step, environment))
        say(f"  step {number} of {count}  {step.title}: {told(played)}")
        if played.ended.trouble:
            break
    return playing.evidence()


def told(played: Played) -> str:
    """How a step went, in a few words."""
    ended = played.ended
    status = ended.trouble or ("goes on" if ended.status is None else f"exit status {ended.status}")
    faults = sum(1 for sent in played.sent if sent.fault)
    met = f", {faults} met a fault" if faults else ""
    return f"{len(played.sent)} requests{met}, {ended.seconds:.1f} s, {status}"
