"""Events as the JSON objects that the file of a job holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from conformance.entra.directory.model import Kind
from conformance.entra.log.model import Action, Event, ModifiedProperty, Problem, Status, Step, StepType


def event_to_json(event: Event) -> dict[str, Any]:
    """The event as JSON data."""
    return {**asdict(event), "at": event.at.isoformat(), "exchanges": [dict(each) for each in event.exchanges]}


def event_from_json(document: Mapping[str, Any]) -> Event:
    """The event that `event_to_json` wrote."""
    return Event(
        **{
            **document,
            "at": datetime.fromisoformat(document["at"]),
            "kind": Kind(document["kind"]),
            "action": Action(document["action"]),
            "status": Status(document["status"]),
            "steps": tuple(map(_step, document["steps"])),
            "modified": tuple(ModifiedProperty(**each) for each in document["modified"]),
            "problem": Problem(**document["problem"]) if document["problem"] else None,
            "exchanges": tuple(document["exchanges"]),
        }
    )


def _step(document: Mapping[str, Any]) -> Step:
    return Step(**{**document, "type": StepType(document["type"]), "status": Status(document["status"])})
