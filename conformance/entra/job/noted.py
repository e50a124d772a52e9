"""How far a cycle is, as the file of the job says it (WHEN)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from conformance.entra.job.state import State

PAGE: Final = 100
"""Objects of a page; the percentage counts pages, and no source tells their size."""
_NAME: Final = "progress"


@dataclass(frozen=True, slots=True)
class Noted:
    """How far a cycle is; written with what came of its objects, so that another process sees it."""

    activity: str
    cycle: str
    done: int
    of: int
    at: datetime

    @property
    def total(self) -> int:
        """The pages of the cycle."""
        return -(-self.of // PAGE)

    @property
    def completed(self) -> int:
        """The pages that are done, the last one too where all objects are."""
        return self.total if self.done >= self.of else self.done // PAGE


def note(state: State, noted: Noted) -> None:
    """The progress is in the state."""
    state.set_setting(_NAME, json.dumps(asdict(noted), default=str))


def noted(state: State) -> Noted | None:
    """How far the cycle is that runs or was the last."""
    told = state.setting(_NAME)
    if told is None:
        return None
    document = json.loads(told)
    return Noted(**{**document, "at": datetime.fromisoformat(document["at"])})
