"""Judging calls of the scenarios: who stands in the target, and what the log tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conformance.entra.job.model import CycleResult
from conformance.entra.log.model import Event
from conformance.judging import holds
from conformance.population import Document
from conformance.rfc_schema import ENTERPRISE_USER
from conformance.suites.dialects.subject import leaves
from conformance.suites.provisioning.office import Office


def stands(clause_id: str, office: Office, *names: str, active: bool = True) -> bool:
    """Judge that each of these people is in the target once, linked, with the mapped values."""
    told = [f"{name}: {text}" for name in names if (text := _wrong(office, name, active=active))]
    expected = f"{', '.join(names)} once each, {'active' if active else 'disabled'}, as mapped"
    return holds(clause_id, not told, expected=expected, observed="; ".join(told)[:600] or "all of it")


def _wrong(office: Office, name: str, *, active: bool) -> str:
    found, wanted = office.seen(name), {**office.portrait(name), "active": active}
    if len(found) != 1:
        return f"{len(found)} users of that name"
    if str(found[0].get("id")) != office.target_id(name):
        return f"it is {found[0].get('id')}, not {office.target_id(name) or 'linked'}"
    there = leaves(found[0])
    return ", ".join(f"{leaf} is {there.get(leaf)!r}" for leaf, value in wanted.items() if there.get(leaf) != value)


def gathers(clause_id: str, office: Office, name: str, *members: str) -> bool:
    """Judge that a group is in the target once, linked, with exactly these members."""
    found, wanted = office.seen_group(name), sorted(office.target_id(each) for each in members)
    held = [(str(each.get("id")), sorted(ids(each.get("members")))) for each in found]
    right = held == [(office.target_id(name), wanted)]
    return holds(clause_id, right, expected=f"{name} once, with {wanted}", observed=f"{name}: {held}")


def ids(members: Any) -> list[str]:
    """The ids of members."""
    listed = members if isinstance(members, list) else []
    return [str(each.get("value")) for each in listed if isinstance(each, dict)]


def absent(clause_id: str, office: Office, *names: str) -> bool:
    """Judge that nobody in the target has the names of these people."""
    told = {name: len(office.seen(name)) for name in names}
    return holds(clause_id, not any(told.values()), expected="none of them", observed=f"users found: {told}")


def manager_of(user: Document) -> str:
    """The id of a user's manager, "" for none."""
    extension = user.get(ENTERPRISE_USER)
    found = extension.get("manager") if isinstance(extension, dict) else None
    return str(found.get("value") or "") if isinstance(found, dict) else ""


def reports(clause_id: str, office: Office, name: str, manager: str | None) -> bool:
    """Judge that somebody has this manager in the target, or none."""
    found = [manager_of(each) for each in office.seen(name)]
    wanted = office.target_id(manager) if manager else ""
    return holds(clause_id, found == [wanted], expected=f"{name} reports to {wanted!r}", observed=found)


def logged(
    clause_id: str,
    office: Office,
    result: CycleResult,
    name: str,
    action: str,
    *,
    status: str = "success",
    code: str = "",
    modified: Mapping[str, tuple[str | None, str | None]] | None = None,
) -> bool:
    """Judge that the log tells of this action on somebody in that cycle.

    modified: attribute -> old and new value, as the log has to tell them.
    """
    events = office.events(result, name)
    right = any(_tells(each, action, status, code) and _shows(each, modified or {}) for each in events)
    expected = " ".join(filter(None, (name, action, status, code, str(modified) if modified else "")))
    return holds(clause_id, right, expected=f"in the log: {expected}", observed=told(events))


def _tells(event: Event, action: str, status: str, code: str) -> bool:
    return (event.action, event.status, event.problem.code if event.problem else "") == (action, status, code)


def _shows(event: Event, modified: Mapping[str, tuple[str | None, str | None]]) -> bool:
    there = {(each.display_name, each.old, each.new) for each in event.modified}
    return {(name, *values) for name, values in modified.items()} <= there


def told(events: Sequence[Event]) -> str:
    """The events in one line."""
    lines = []
    for each in events:
        problem = f" {each.problem.code}: {each.problem.reason}" if each.problem else ""
        changed = [f"{one.display_name} {one.old!r} -> {one.new!r}" for one in each.modified]
        lines.append(f"{each.source_name} {each.action} {each.status}{problem} {', '.join(changed)}".strip())
    return "; ".join(lines)[:600] or "nothing"


def succeeded(clause_id: str, office: Office, result: CycleResult) -> bool:
    """Judge that nothing failed in a cycle."""
    failed = list(office.job.state.events(cycle=result.id, status="failure"))
    right = result.state == "Succeeded"
    return holds(clause_id, right, expected="a cycle that succeeds", observed=f"{result.state}: {told(failed)}")
