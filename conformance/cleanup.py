"""Clean-up: what the ledger names is deleted from the target, the newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urlsplit

from conformance.client import ScimClient
from conformance.errors import HookAbsent, HookRefused, Interruption, Unusable
from conformance.hooks import Hooks
from conformance.jobs import delete_in_jobs
from conformance.ledger import Entry, Ledger, open_entries

GONE = frozenset({200, 202, 204, 404, 410})
SWEEPS = 20


def clean(path: Path, client: ScimClient, hooks: Hooks | None, *, seeking: bool = True) -> list[str]:
    """What could not be deleted, with the reason; the ledger learns what is gone, and is removed when all is.

    Where the target offers bulk, most of it takes a few jobs. `seeking` asks the target, too, for what was made but
    never written down, or what a job only said to be gone. Interrupted, it can be repeated.
    """
    ledger = Ledger(path, client.base)
    client.transport.on_answer = None
    entries, prefix = open_entries(path).entries, open_entries(path).prefix
    gone = delete_in_jobs(client, [entry.name for entry in entries if entry.kind == "created"])
    for name in gone:
        ledger.gone(name)
    left = _delete_each([entry for entry in entries if entry.name not in gone], client, hooks, ledger)
    tried = {entry.name for entry in entries} - gone
    for _ in range(SWEEPS if seeking else 0):
        found = [url for url in sweep(client, prefix) if url not in tried]
        if not found:
            break
        for url in found:
            ledger.created(url)
        tried.update(found)
        left += _delete_each([Entry("created", url) for url in found], client, hooks, ledger)
    if not left:
        path.unlink(missing_ok=True)
    return left


def _delete_each(entries: Iterable[Entry], client: ScimClient, hooks: Hooks | None, ledger: Ledger) -> list[str]:
    """What could not be deleted by a request of its own, with the reason."""
    left = []
    for entry in entries:
        reason = _delete_account(entry, hooks) if entry.kind == "account" else _delete(entry, client)
        if reason:
            left.append(f"{entry.name}: {reason}")
        else:
            ledger.gone(entry.name)
    return left


def _delete(entry: Entry, client: ScimClient) -> str | None:
    if urlsplit(entry.name).netloc != urlsplit(client.base).netloc:
        return "on another host"
    return _attempt(lambda: client.delete(entry.name).status)


def _attempt(delete: Callable[[], int]) -> str | None:
    try:
        status = delete()
    except (Interruption, Unusable) as error:
        return str(error)
    return None if status in GONE else f"DELETE is answered {status}"


def _delete_account(entry: Entry, hooks: Hooks | None) -> str | None:
    if hooks is None:
        return "an account; give --hooks to delete it"
    try:
        hooks.call("account.delete", account=entry.name)
    except (HookRefused, HookAbsent) as error:
        return None if isinstance(error, HookRefused) and error.status == 404 else str(error)
    return None


def sweep(client: ScimClient, prefix: str) -> list[str]:
    """The URLs of users and groups whose name begins with the run's prefix, found by asking the target.

    They exist where the target wrote but its answer was lost. Only names that begin with the prefix count, so that a
    target which ignores the filter loses nothing.
    """
    found: list[str] = []
    if not prefix:
        return found
    for endpoint, attribute in (("/Groups", "displayName"), ("/Users", "userName")):
        try:
            answer = client.query(endpoint, f'{attribute} sw "{prefix}"', count=100)
            listed = answer.resources if answer.ok else []
        except (Interruption, Unusable):
            return found
        found += [
            client.url(f"{endpoint}/{resource['id']}")
            for resource in listed
            if str(resource.get(attribute, "")).startswith(prefix) and isinstance(resource.get("id"), str)
        ]
    return found
