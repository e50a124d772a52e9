"""Words that the checks of this folder share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conformance.client import Answer
from conformance.errors import Unusable
from conformance.judging import holds, not_applicable
from conformance.population import Document
from conformance.specimens import Workshop

Workshops = Mapping[str, Workshop]


def nothing(
    clause_id: str,
    offenders: Sequence[object],
    *,
    expected: str,
    answer: Answer | None = None,
    harm: bool = False,
    tolerated: bool = False,
) -> bool:
    """Whether no attribute breaks a rule over many; the first ones that do are told."""
    told = "; ".join(map(str, offenders[:4])) + (f" and {len(offenders) - 4} more" if len(offenders) > 4 else "")
    return holds(
        clause_id,
        not offenders,
        expected=expected,
        observed=told or "each is",
        answer=answer,
        harm=harm,
        tolerated=tolerated,
    )


def none_found(clause_id: str, found: Sequence[object], what: str) -> bool:
    """Whether there is nothing to judge; the clause does not apply then."""
    if not found:
        not_applicable(clause_id, f"no {what} took a value")
    return not found


def body_of(answer: Answer) -> Document:
    """The JSON object of a 2xx answer, empty where there is none."""
    try:
        found = answer.json if answer.ok and answer.body else {}
    except Unusable:
        return {}
    return found if isinstance(found, dict) else {}


def made(workshop: Workshop, body: Mapping[str, Any]) -> Document:
    """The resource this body creates, as a GET gives it; raises Unusable (set-up) where it is refused."""
    answer = workshop.resources.post(body)
    identifier = body_of(answer).get("id")
    if not isinstance(identifier, str):
        raise Unusable(f"{workshop.kind}: a resource cannot be created: {answer}", answer.exchange, setup=True)
    return workshop.resources.read(identifier)
