"""Events as the JSON objects that the file of a job holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from conformance.entra.directory.model import Kind
from conformance.entra.log.model import Action, Event, ModifiedProperty, Problem, Status, Step, StepType


def event_to_json(event: Event) -> dict[str, Any]:
    """The event as JSON data."""
    document = {name: getattr(event, name) for name in Event.__slots__}
    return {
        **document,
        "at": event.at.isoformat(),
        "steps": [_data(each) for each in event.steps],
        "modified": [_data(each) for each in event.modified],
        "problem": _data(event.problem) if event.problem else None,
        "exchanges": list(event.exchanges),
    }


def event_to_text(event: Event) -> str:
    """The event as JSON text."""
    return json.dumps(event_to_json(event))


def _data(part: Step | ModifiedProperty | Problem) -> dict[str, Any]:
    return {name: getattr(part, name) for name in part.__slots__}


def event_from_json(document: Mapping[str, Any]) -> Event:
    """The event that `event_to_json` made."""
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
