"""A job from its configuration: the file of its state, its source brought up to date, its channel, its clock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

from conformance.entra.application.credentials import authorization
from conformance.entra.application.notification import Mailer
from conformance.entra.clock import VirtualClock
from conformance.entra.config import Config
from conformance.entra.database import NAME, Database, held, open_database
from conformance.entra.directory.files import read_directory
from conformance.entra.directory.generate import Wish, generate
from conformance.entra.directory.snapshot import Snapshot, load
from conformance.entra.directory.store import Source
from conformance.entra.errors import ConfigError
from conformance.entra.job.engine import Job
from conformance.entra.job.state import State
from conformance.entra.wire.channel import HttpChannel

CLOCK: Final = "clock"
LOADED: Final = "source"
RUNS: Final = "runs"


@contextmanager
def open_job(config: Config, *, seed: int = 7, persistent: bool = True) -> Iterator[Job]:
    """The job of a configuration; what it knows is kept in its directory, or forgotten at the end.

    The clock goes on where the last run left it. Raises ConfigError, and ProvisioningError where another process runs
    the job.
    """
    path = _file(config.directory) if persistent else None
    with ExitStack() as stack:
        if path is not None:
            stack.enter_context(held(path))
        database = stack.enter_context(closing(open_database(path)))
        state, source = State(database), Source(database)
        clock, runs = _clock(state), int(state.setting(RUNS) or 0) + 1
        state.set_setting(RUNS, str(runs))  # first of all: after a kill, no id is made twice
        if persistent:
            bring_up_to_date(source, state, config.source, clock.now())
        channel = stack.enter_context(closing(channel_of(config)))
        stack.callback(lambda: state.set_setting(CLOCK, clock.now().isoformat()))
        yield Job(
            config.application,
            source,
            state,
            channel,
            clock,
            Random(f"{seed}/{runs}"),  # noqa: S311 - ids of events, no secrets
            base=channel.url.base,
            notify=_mailer(config).send,
        )


@contextmanager
def look_at(config: Config) -> Iterator[Job]:
    """The job of a configuration as it is, to look at: nothing is sent or changed, and it may run meanwhile.

    Raises ConfigError where there is none.
    """
    with closing(open_state(config.directory)) as database, closing(channel_of(config)) as channel:
        state = State(database)
        yield Job(config.application, Source(database), state, channel, _clock(state), base=channel.url.base)


def channel_of(config: Config) -> HttpChannel:
    """The channel to the target of a configuration."""
    found, settings = config.application, config.application.settings
    return HttpChannel(
        found.tenant_url,
        authorization(found.credentials),
        found.dialect,
        concurrency=settings.concurrency,
        rate=settings.rate,
        timeout=settings.timeout,
        ca_file=str(settings.ca_file) if settings.ca_file else None,
    )


def bring_up_to_date(source: Source, state: State, wanted: Path | Wish, at: datetime) -> bool:
    """Whether the source was loaded: it is where its file or wish is another than the one it was loaded from."""
    told = _mark(wanted)
    if state.setting(LOADED) == told:
        return False
    snapshot: Snapshot = generate(wanted) if isinstance(wanted, Wish) else read_directory(wanted)
    with source.database.transaction():
        load(source, snapshot, at)
        state.set_setting(LOADED, told)
    return True


def open_state(directory: Path) -> Database:
    """The file of a job that is there; raises ConfigError where there is none."""
    if not (directory / NAME).exists():
        raise ConfigError(f"{directory} holds no job yet; `conformance provision` begins one")
    return open_database(directory / NAME)


def _file(directory: Path) -> Path:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{directory} cannot be made for the job: {error.strerror}") from error
    return directory / NAME


def _clock(state: State) -> VirtualClock:
    told = state.setting(CLOCK)
    return VirtualClock(datetime.fromisoformat(told) if told else datetime.now(UTC).replace(microsecond=0))


def _mark(wanted: Path | Wish) -> str:
    if isinstance(wanted, Wish):
        return json.dumps(asdict(wanted), sort_keys=True)
    files = sorted(wanted.glob("*.csv")) if wanted.is_dir() else [wanted]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _mailer(config: Config) -> Mailer:
    found = config.application
    return Mailer(config.directory / "mail", found.email, found.notify)
