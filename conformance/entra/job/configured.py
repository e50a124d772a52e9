"""What an administrator changed since the last cycle, and what follows from it (HOW, MAP, KNOWN, WHEN)."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from conformance.entra.application.model import AdminCredentials, Application, SyncScope
from conformance.entra.job.state import State
from conformance.entra.log.model import AuditEvent

MAPPINGS = "Update attribute mappings or scope"
SETTINGS = "Update setting or credentials"


def scope_of(application: Application, state: State) -> SyncScope:
    """Who is provisioned: from everybody to those assigned it changes with a restart only (KNOWN)."""
    told = state.setting("scope")
    return SyncScope.ALL if told == SyncScope.ALL else application.scope


def notice(application: Application, state: State, at: datetime) -> None:
    """Changes stand in the audit log; other mappings or filters, or a wider scope, make the next cycle a full one."""
    with state.database.transaction():
        widened = state.setting("scope") == SyncScope.ASSIGNED and application.scope is SyncScope.ALL
        if _differs(state, "schema", fingerprint(application)) or widened:
            state.set_watermark(None)
            state.add_audit(AuditEvent(at, MAPPINGS))
        salt = state.setting("salt") or os.urandom(16).hex()
        state.set_setting("salt", salt)
        if _differs(state, "settings", _settings(application, salt)):
            state.add_audit(AuditEvent(at, SETTINGS))


def fingerprint(application: Application) -> str:
    """What tells one set of mappings and scoping filters from another."""
    return _digest({kind.value: asdict(mapping) for kind, mapping in application.schema.objects.items()})


def _settings(application: Application, salt: str) -> str:
    told = {name: getattr(application, name) for name in application.__slots__ if name not in {"schema", "credentials"}}
    told |= {"settings": asdict(application.settings), "credentials": _credentials(application.credentials, salt)}
    return _digest(told)


@lru_cache(maxsize=64)
def _credentials(found: AdminCredentials, salt: str) -> str:
    """What tells one credential from another, and tells nothing else; slow by design, so not made in every cycle."""
    secret = json.dumps(asdict(found)).encode()
    return hashlib.scrypt(secret, salt=salt.encode(), n=1024, r=8, p=1).hex()


def _digest(told: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=_plain).encode()).hexdigest()


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _differs(state: State, name: str, told: str) -> bool:
    """Whether it is another one than before; the first is none."""
    known = state.setting(name)
    if known != told:
        state.set_setting(name, told)
    return known not in {None, told}
