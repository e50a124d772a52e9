"""A connector as a program: started for each step, watched, and ended with everything it started."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO

from conformance.connector.model import Ended, Step
from conformance.connector.signals import held_back
from conformance.connector.strays import end_strays

TAIL = 16_384
"""Bytes of each output that are kept, the last ones."""
FLOOD = 20_000_000
"""Bytes of output after which a connector is stopped."""
GRACE_S = 2.0  # between SIGTERM and SIGKILL
LOOK_S = 0.02  # between two looks at a running program
OURS = "SAMANAGE_"
POSIX = os.name == "posix"


@dataclass(slots=True)
class Tail:
    """Reads one output to its end in a thread of its own; keeps the last bytes and the count of all."""

    stream: IO[bytes]
    count: int = 0
    kept: bytes = b""
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._read, name="connector-output", daemon=True)
        self.thread.start()

    def _read(self) -> None:
        with suppress(OSError, ValueError):  # the pipe is closed under it when somebody out of reach holds it open
            while chunk := os.read(self.stream.fileno(), 65_536):
                self.count += len(chunk)
                self.kept = (self.kept + chunk)[-TAIL:]

    def text(self) -> str:
        """The end of the output; what was cut off before it is counted."""
        told = self.kept.decode("utf-8", "replace")
        lost = self.count - len(self.kept)
        return f"[… {lost} bytes before]\n{told}" if lost else told


@dataclass(slots=True)
class Program:
    """A running connector in a process group of its own; `started`: the monotonic moment just before it was."""

    process: subprocess.Popen[bytes]
    outputs: tuple[Tail, Tail]
    started: float

    @property
    def flooding(self) -> bool:
        """Whether it has printed too much."""
        return sum(output.count for output in self.outputs) > FLOOD

    @property
    def ended(self) -> bool:
        """Whether it has ended by itself."""
        return self.process.poll() is not None

    def stop(self) -> None:
        """Asks the group to end, and waits a little for the program."""
        self._signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE_S)

    def clear(self) -> None:
        """Whatever of the group still runs is killed, and the outputs are read to their ends."""
        self._signal(signal.SIGKILL if POSIX else signal.SIGTERM)
        self.process.wait()
        for output in self.outputs:
            output.thread.join(GRACE_S)
            if not output.thread.is_alive():
                output.stream.close()

    def signal(self, number: int) -> None:
        """Sends a signal to the program itself."""
        with suppress(ProcessLookupError):
            self.process.send_signal(number)

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):  # macOS refuses a group of which only zombies are left
            if POSIX:
                os.killpg(self.process.pid, number)
            else:
                self.process.terminate()

    def result(self, trouble: str = "", *, since: float | None = None) -> Ended:
        """How it ended; with `since`, the moment a step of it began, it goes on."""
        code = self.process.returncode
        if not trouble and since is None and code < 0:
            trouble = f"killed by {_signal_name(-code)}"
        status = None if trouble or since is not None else code
        seconds = time.monotonic() - (self.started if since is None else since)
        return Ended(status, round(seconds, 3), self.outputs[0].text(), self.outputs[1].text(), trouble)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def environment_of(given: Mapping[str, str]) -> dict[str, str]:
    """The judge's own environment with these variables, and no other of the contract."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | dict(given)


@contextmanager
def running(command: Sequence[str], given: Mapping[str, str]) -> Iterator[Program]:
    """The connector as a running program; at the end nothing of it is left. Raises OSError if it cannot be started."""
    with ExitStack() as stack:
        with held_back():
            program = _start(command, given)
            stack.callback(_end, program, given)
        yield program


def _start(command: Sequence[str], given: Mapping[str, str]) -> Program:
    started = time.monotonic()  # before, because this thread may wait long for its turn after
    process = subprocess.Popen(  # noqa: S603 - the user named the command on the command line
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment_of(given),
        start_new_session=POSIX,
    )
    assert process.stdout
    assert process.stderr
    return Program(process, (Tail(process.stdout), Tail(process.stderr)), started)


def _end(program: Program, given: Mapping[str, str]) -> None:
    with held_back():  # a second Ctrl-C does not stop the clean-up, which takes a few seconds at most
        if not program.ended:
            program.stop()
        end_strays(given)
        program.clear()


def not_started(command: Sequence[str], error: OSError) -> Ended:
    """How a command ended that cannot be started."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Ended(None, 0.0, trouble=f"not found: there is no command {command[0]!r}")
    return Ended(None, 0.0, trouble=f"not started: {command[0]!r}: {error.strerror}")


@dataclass(frozen=True, slots=True)
class CommandLauncher:
    """Starts the command once per step, with at most `timeout` seconds for each."""

    command: Sequence[str]
    timeout: float = 300.0

    def run(self, _step: Step, environment: Mapping[str, str]) -> Ended:
        """How the command ended."""
        try:
            with running(self.command, environment) as program:
                trouble = self._watch(program)
        except OSError as error:
            return not_started(self.command, error)
        return program.result(trouble)

    def _watch(self, program: Program) -> str:
        """Waits for the end; why the program has to be stopped, "" if it ended by itself."""
        while not program.ended:
            if program.flooding:
                return f"flooding: it printed more than {FLOOD:,} bytes and was stopped"
            left = program.started + self.timeout - time.monotonic()
            if left <= 0:
                return f"hanging: it had not ended after {self.timeout:g} s and was stopped"
            with suppress(subprocess.TimeoutExpired):
                program.process.wait(min(LOOK_S, left))
        return ""
