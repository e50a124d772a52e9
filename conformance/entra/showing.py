"""What `conformance provision` prints: cycles, steps, where a job stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from conformance.entra.job.engine import Job
from conformance.entra.job.model import CycleResult
from conformance.entra.job.progress import progress
from conformance.entra.log.model import AuditEvent, Step


def show_results(job: Job, results: Sequence[CycleResult], *, as_json: bool) -> None:
    """The results of cycles and where the job stands, a line each."""
    if as_json:
        echo_json({"cycles": [_cycle(each) for each in results], "progress": _progress(job)})
        return
    for each in results:
        found = each.counts
        parts = {
            "created": found.created,
            "updated": found.updated,
            "disabled": found.disabled,
            "deleted": found.deleted,
            "skipped": found.skipped,
            "staged": found.staged,
            "failed": found.failed + found.reference_failed,
        }
        counts = ", ".join(f"{count} {name}" for name, count in parts.items() if count) or "nothing to do"
        took = f"{found.requests} requests, {found.writes} of them writes"
        click.echo(f"{each.began:%Y-%m-%d %H:%M} {each.kind} cycle: {counts}; {took}. {each.state}.")
        if each.error:
            click.echo(f"  {each.error}")
    click.echo(standing(job))


def standing(job: Job) -> str:
    """Where the job stands, in one line."""
    now = progress(job)
    linked = ", ".join(f"{count} {kind}s" for kind, count in now.linked.items())
    told = f"Status {now.status}; in the connector data store: {linked}; "
    if now.total:
        told += f"{now.cycle} cycle {now.percentage} %; "
    if now.quarantine:
        why = now.quarantine["error_message"] or now.quarantine["error_code"]
        told += f"quarantine {now.quarantine['reason']}: {why}; "
    if waiting := len(job.state.escrows()):
        told += f"{waiting} to be tried again or allowed; "
    return told + _next(job)


def _next(job: Job) -> str:
    due = job.due()
    if due is not None:
        return f"next cycle {due:%Y-%m-%d %H:%M}."
    why = "`conformance provision start` lets it go on" if job.application.enabled else "enabled = false in app.toml"
    return f"no cycle follows: {why}."


def show_steps(steps: Sequence[Step]) -> None:
    """The steps of on-demand provisioning with their details."""
    for step in steps:
        click.echo(f"{step.type:<20} {step.status:<8} {step.description}")
        for name, value in step.details.items():
            click.echo(f"{'':<29}  {name}: {value}")


def show_audit(audits: Sequence[AuditEvent], *, as_json: bool) -> None:
    """The audit log."""
    if as_json:
        echo_json([{"at": each.at, "activity": each.activity, "details": dict(each.details)} for each in audits])
        return
    for each in audits:
        details = ", ".join(f"{name}={value}" for name, value in each.details.items())
        click.echo(f"{each.at:%Y-%m-%d %H:%M} {each.activity}" + (f" ({details})" if details else ""))


def _progress(job: Job) -> dict[str, Any]:
    now = progress(job)
    return {**{name: getattr(now, name) for name in now.__slots__}, "percentage": now.percentage}


def _cycle(result: CycleResult) -> dict[str, Any]:
    counts = {name: getattr(result.counts, name) for name in result.counts.__slots__}
    return {"id": result.id, "kind": result.kind, "began": result.began, "state": result.state, **counts}


def echo_json(document: object) -> None:
    """A document as JSON text; moments are ISO 8601 text."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
