"""The provisioning log as tables: three of CSV that one change id joins (LOGHOW), and one for a terminal."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from rich import box
from rich.table import Table
from rich.text import Text

from conformance.entra.errors import ProvisioningError
from conformance.entra.log.model import Event, Status

STYLES: Final = {Status.SUCCESS: "green", Status.WARNING: "yellow", Status.FAILURE: "bold red", Status.SKIPPED: "dim"}


def write_csv(folder: Path, events: Sequence[Event]) -> list[Path]:
    """logs.csv, steps.csv and modified_properties.csv stand in a folder; raises ProvisioningError where they cannot."""
    logs = [_log(event) for event in events]
    steps = [(e.change, s.name, s.type, s.status, s.description) for e in events for s in e.steps]
    modified = [(e.change, m.display_name, m.old or "", m.new or "") for e in events for m in e.modified]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [
            _write(folder / "logs.csv", _LOG, logs),
            _write(folder / "steps.csv", ("changeId", "name", "type", "status", "description"), steps),
            _write(folder / "modified_properties.csv", ("changeId", "displayName", "oldValue", "newValue"), modified),
        ]
    except OSError as error:
        raise ProvisioningError(f"{folder} cannot be written: {error.strerror}") from error


def table(events: Iterable[Event]) -> Table:
    """The events for people: one a line, with what was changed, why it was skipped, or what went wrong."""
    found = Table(box=box.SIMPLE, pad_edge=False)
    for name in ("when", "what", "who", "action", "status", "target", "details"):
        found.add_column(name, overflow="fold")
    for event in events:
        found.add_row(
            event.at.strftime("%m-%d %H:%M"),
            event.kind.value,
            Text(event.source_name),
            event.action.value,
            Text(event.status.value, style=STYLES[event.status]),
            Text(event.target_id),
            Text(told(event)),
        )
    return found


def told(event: Event) -> str:
    """What an event comes to, in one line."""
    if event.problem:
        return f"{event.problem.code}: {event.problem.reason}"
    if event.skip_reason:
        return event.skip_reason
    return ", ".join(dict.fromkeys(each.display_name for each in event.modified))


_LOG: Final = (
    "activityDateTime", "id", "changeId", "cycleId", "action", "status", "type", "sourceId", "sourceName", "targetId",
    "durationInMilliseconds", "skipReason", "errorCode", "reason",
)  # fmt: skip


def _log(event: Event) -> tuple[object, ...]:
    error = (event.problem.code, event.problem.reason) if event.problem else ("", "")
    identity = (event.kind, event.source_id, event.source_name, event.target_id)
    first = (event.at.isoformat(), event.id, event.change, event.cycle, event.action, event.status)
    return (*first, *identity, event.duration_ms, event.skip_reason, *error)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path
