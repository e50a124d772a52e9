"""What a job knows between cycles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from conformance.entra.directory.model import Kind


class CycleKind(StrEnum):
    """Whether a cycle reads everything or the delta."""

    INITIAL = "initial"
    INCREMENTAL = "incremental"


class ResetScope(StrEnum):
    """What a restart forgets (Graph's synchronizationJobRestartCriteria)."""

    CONNECTOR_DATA_STORE = "ConnectorDataStore"
    ESCROWS = "Escrows"
    WATERMARK = "Watermark"
    QUARANTINE_STATE = "QuarantineState"
    FULL = "Full"
    FORCE_DELETES = "ForceDeletes"


@dataclass(frozen=True, slots=True)
class Link:
    """A source object and the target resource it was matched with or created as.

    in_scope: it was in scope when it was last handled. managed: False once it was unassigned: a later deletion is not
    sent. disabled: the job disabled it.
    """

    source_id: str
    kind: Kind
    target_id: str
    in_scope: bool = True
    managed: bool = True
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """References that failed or wait for somebody: the manager, members that came or went, by their source ids."""

    manager: bool = False
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.manager or self.added or self.removed)


@dataclass(frozen=True, slots=True)
class Escrow:
    """An object-level failure that is tried again.

    reference: only references (manager, members) failed. attempts: how often it failed. next_attempt: not before.
    pending: the references that are still to do.
    """

    source_id: str
    kind: Kind
    code: str
    reference: bool
    attempts: int
    first: datetime
    next_attempt: datetime
    pending: Pending = Pending()


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Graph's synchronizationQuarantine: reason is its enumeration, error what the administrator reads."""

    reason: str
    began: datetime
    next_attempt: datetime
    series_began: datetime
    series_count: int = 0
    error_code: str = ""
    error_message: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """What one cycle did; `unchanged` counts those of `skipped` whose resource was equal already."""

    imported: int = 0
    entitled: int = 0
    exported: int = 0
    created: int = 0
    updated: int = 0
    disabled: int = 0
    deleted: int = 0
    skipped: int = 0
    unchanged: int = 0
    failed: int = 0
    reference_failed: int = 0
    staged: int = 0
    requests: int = 0
    writes: int = 0


@dataclass(frozen=True, slots=True)
class CycleResult:
    """The end of one cycle; `state` is Succeeded, Failed or EntryLevelErrors (Graph's synchronizationTaskExecution)."""

    id: str
    kind: CycleKind
    began: datetime
    ended: datetime
    state: str
    counts: Counts
    error: str = ""
