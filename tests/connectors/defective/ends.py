"""Defects of the exit status."""

from __future__ import annotations

from tests.connectors.correct import Connector
from tests.connectors.defective.registry import defect
from tests.connectors.trouble import Trouble


@defect("token-expired-mid-run", clauses=("CON-exit",))
class EndsWellAfterARefusal(Connector):
    """A refused credential is told, but the exit status is 0."""

    def run(self) -> int:
        super().run()
        return 0


@defect("first-sync", clauses=("CON-exit",))
class EndsBadlyAlways(Connector):
    """The exit status is 1 although everything was done."""

    def run(self) -> int:
        return super().run() or 1


@defect("token-expired-mid-run", clauses=("CON-exit",))
class SaysNothing(Connector):
    """What could not be done is not told; only the exit status is not 0."""

    def run(self) -> int:
        try:
            self.synchronise()
        except Trouble:
            return 1
        finally:
            self.remember()
        return 1 if self.problems else 0
