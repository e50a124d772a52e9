"""Defects of the exit status."""

from __future__ import annotations

from tests.connectors.correct import Connector
from tests.connectors.defective.registry import defect


@defect(
    "token-expired-mid-run",
    clauses=("CON-EXIT-02",),
    trips={
        "ending.tells_by_its_status_how_it_went",
    },
)
class EndsWellAfterARefusal(Connector):
    """A refused credential is told, but the exit status is 0."""

    def run(self) -> int:
        super().run()
        return 0


@defect(
    "first-sync",
    clauses=("CON-EXIT-01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
    },
)
class EndsBadlyAlways(Connector):
    """The exit status is 1 although everything was done."""

    def run(self) -> int:
        return super().run() or 1
