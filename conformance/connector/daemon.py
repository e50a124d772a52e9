"""A connector that stays: started once, told of each step by SIGHUP and the changed source, done when it is quiet."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Self

from conformance.connector.model import Ended, Step
from conformance.connector.process import FLOOD, Program, not_started, running

LOOK_S = 0.1  # between two looks at the journal
STEP = "SAMANAGE_STEP"  # the one variable that may change under a daemon
HANGUP = getattr(signal, "SIGHUP", None)  # Windows has none; there the changed file alone tells


@dataclass(slots=True)
class DaemonLauncher:
    """Keeps the command running from step to step; to be used as a context manager.

    `traffic`: how many requests the tenant has had in this step. A step ends after `quiet` seconds without a new one.
    A daemon is started anew when its environment changes, SAMANAGE_STEP aside: another account, another credential.
    """

    command: Sequence[str]
    traffic: Callable[[], int]
    timeout: float = 300.0
    quiet: float = 5.0
    lasting: bool = field(default=True, init=False)
    _program: Program | None = field(default=None, init=False)
    _environment: Mapping[str, str] = field(default_factory=dict, init=False)
    _stack: ExitStack = field(default_factory=ExitStack, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Nothing of the daemon is left."""
        self._stack.close()
        self._program = None

    def run(self, _step: Step, environment: Mapping[str, str]) -> Ended:
        """What the daemon printed in the step, and why it is of no use, if it is not."""
        lasting = {name: value for name, value in environment.items() if name != STEP}
        started = time.monotonic()
        try:
            program = self._told(environment, lasting)
        except OSError as error:
            return not_started(self.command, error)
        trouble = self._watch(program, started)
        if trouble:
            self.stop()
        return program.result(trouble, since=started)

    def _told(self, environment: Mapping[str, str], lasting: Mapping[str, str]) -> Program:
        """The running daemon, which has been told that there is a step."""
        if self._program is not None and self._environment == lasting:
            if HANGUP is not None:
                self._program.signal(HANGUP)
            return self._program
        self.stop()
        self._program = self._stack.enter_context(running(self.command, environment))
        self._environment = lasting
        return self._program

    def _watch(self, program: Program, started: float) -> str:
        """Waits until the daemon is quiet; why it has to be stopped, "" if it goes on."""
        seen, since = self.traffic(), time.monotonic()
        while time.monotonic() - since < self.quiet:
            if program.ended:
                return f"ended: a daemon has to stay, and it ended with status {program.process.returncode}"
            if program.flooding:
                return f"flooding: it printed more than {FLOOD:,} bytes and was stopped"
            if time.monotonic() - started > self.timeout:
                return f"hanging: it was not quiet for {self.quiet:g} s within {self.timeout:g} s and was stopped"
            time.sleep(min(LOOK_S, self.quiet / 4))
            if (now := self.traffic()) != seen:
                seen, since = now, time.monotonic()
        return ""
