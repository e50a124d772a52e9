"""What a connector started and what left its process group, found by the state folder in its environment."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

MARK = "SAMANAGE_STATE"
PROC = Path("/proc")  # Linux; elsewhere the process group alone is ended


def end_strays(environment: Mapping[str, str]) -> list[int]:
    """Kills what was started with this environment and still runs; the folder it names is that of one scenario only."""
    if not environment.get(MARK):
        return []
    ended = list(_found(f"{MARK}={environment[MARK]}".encode()))
    for process in ended:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    return ended


def _found(mark: bytes) -> Iterator[int]:
    for place in PROC.glob("[0-9]*"):
        with suppress(OSError):  # ended meanwhile, or somebody else's
            if int(place.name) != os.getpid() and mark in (place / "environ").read_bytes().split(b"\0"):
                yield int(place.name)
