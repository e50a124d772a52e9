"""What the journal costs: the same reads at a server that keeps one and at a server that does not."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from tests.bench.load import Figure, measure
from tests.bench.rows import READ, Person, people
from tests.bench.servers import Served, tenant

BAR = 0.90
QUIET = [sys.executable, "-m", "tests.bench.quiet"]


def beside_off(
    served: Served, known: list[Person], folder: Path, seconds: float, rounds: int
) -> tuple[list[Figure], ...]:
    """The figures without and with a journal, in turn; the server that keeps none has as many users."""
    off: list[Figure] = []
    on: list[Figure] = []
    with tenant(folder / "quiet", users=len(known) - 1, command=QUIET) as (quiet, _started):
        sides = [
            (side, READ.requests(side, persons, random.Random(7)), kept)
            for side, persons, kept in ((quiet, people(quiet), off), (served, known, on))
        ]
        for _ in range(rounds):
            for side, requests, kept in sides:
                kept.append(measure(side.address, requests, seconds=seconds))
                if set(kept[-1].statuses) != {READ.status}:
                    raise SystemExit(f"{READ.title}: wanted only {READ.status}, got {kept[-1].statuses}")
    return off, on
