"""Answers that are unusual and right: a connector copes with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Evidence, Exit, Sent
from conformance.connector.traffic import sound
from conformance.described import member

EXTRA, ORDER, CASE, SCHEMAS = "7644-3.1-C01", "7643-2.3.8-C01", "7643-2.1-C01", "7643-3-C01"
_CORE = "urn:ietf:params:scim:schemas:core:2.0:"


@client_check("coping", EXTRA)
def copes_with_more_than_it_sent(evidence: Evidence) -> Iterator[Finding]:
    """An attribute that the connector did not send does not disturb it."""
    yield from _coped(evidence, EXTRA, lambda sent: sent.fault == "extra")


@client_check("coping", ORDER)
def copes_with_any_order_of_members(evidence: Evidence) -> Iterator[Finding]:
    """The order of the members of an object does not matter."""
    yield from _coped(evidence, ORDER, lambda sent: sent.fault == "shuffle")


@client_check("coping", CASE)
def copes_with_names_in_any_case(evidence: Evidence) -> Iterator[Finding]:
    """The case of attribute names does not matter."""
    yield from _coped(evidence, CASE, lambda sent: _has(sent.answer, _other_case))


@client_check("coping", SCHEMAS)
def copes_with_any_order_of_schemas(evidence: Evidence) -> Iterator[Finding]:
    """The order of the URNs in `schemas` does not matter."""
    yield from _coped(evidence, SCHEMAS, lambda sent: bool(sent.fault) and _has(sent.answer, _core_is_not_first))


def _coped(evidence: Evidence, clause: str, occasion: Callable[[Sent], bool]) -> Iterator[Finding]:
    """Holds where a step with such an answer ends well although it can."""
    for played in sound(evidence):
        given = [sent for sent in played.sent if occasion(sent)]
        others = {sent.fault for sent in played.sent if sent.fault} - {sent.fault for sent in given}
        if given and played.step.exit is Exit.ZERO and not others:
            told = f"status {played.ended.status} after {len(given)} such answers"
            yield Finding(
                clause, played.ended.status == 0, "a step that ends well", told, tuple(given), step=played.number
            )


def _has(found: Any, wanted: Callable[[dict[str, Any]], bool]) -> bool:
    if isinstance(found, dict):
        return wanted(found) or any(_has(each, wanted) for each in found.values())
    return isinstance(found, list) and any(_has(each, wanted) for each in found)


def _other_case(resource: dict[str, Any]) -> bool:
    return any(
        name not in resource and member(resource, name) is not None for name in ("id", "userName", "displayName")
    )


def _core_is_not_first(resource: dict[str, Any]) -> bool:
    found = resource.get("schemas")
    listed = [str(urn) for urn in found] if isinstance(found, list) else []
    return any(urn.startswith(_CORE) for urn in listed[1:]) and not listed[0].startswith(_CORE)
