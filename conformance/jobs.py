"""Deleting many resources by bulk jobs (RFC 7644 section 3.7), as far as the target can be believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from conformance.client import ScimClient, encode_json
from conformance.errors import Interruption, Unusable
from conformance.ledger import bulk_operations, status_of

BULK_REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
MOST = 250  # operations of one job, so that a slow target answers it in time
FEWEST = 3  # below it a job and the question whether it did its work cost more than the requests it saves
GONE = frozenset({204, 404})


@dataclass(frozen=True, slots=True)
class Limits:
    """The size of a job: operations, and bytes of its body, None without a limit."""

    operations: int
    payload: int | None


def limits(client: ScimClient) -> Limits | None:
    """What ServiceProviderConfig says of bulk; None where it offers none, or cannot be read."""
    try:
        config = client.get("/ServiceProviderConfig").resource
    except (Interruption, Unusable):
        return None
    bulk = config.get("bulk")
    if not isinstance(bulk, dict) or bulk.get("supported") is not True:
        return None
    most, payload = (_positive(bulk, name) for name in ("maxOperations", "maxPayloadSize"))
    return Limits(min(most or MOST, MOST), payload)


def _positive(bulk: Mapping[str, Any], name: str) -> int | None:
    found = bulk.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None


def delete_in_jobs(client: ScimClient, urls: Iterable[str]) -> set[str]:
    """The URLs, of those below the base, that bulk jobs deleted; what a job did not delete is not among them.

    One resource of each job is asked for afterwards. The first job that fails, or only says that it deleted, is the
    last one, and nothing of it counts.
    """
    paths = [url.removeprefix(client.base) for url in urls if url.startswith(f"{client.base}/")]
    size = limits(client) if len(paths) >= FEWEST else None
    gone: set[str] = set()
    for job in _jobs(paths, size) if size else ():
        try:
            deleted = _deleted(client, job)
            if not deleted or client.get(deleted[-1]).ok:
                break
        except (Interruption, Unusable):
            break
        gone.update(client.base + path for path in deleted)
    return gone


def _body(paths: Sequence[str]) -> dict[str, Any]:
    return {"schemas": [BULK_REQUEST], "Operations": [{"method": "DELETE", "path": path} for path in paths]}


def _jobs(paths: Iterable[str], size: Limits) -> Iterator[list[str]]:
    """The paths in order, in jobs that keep the limits; one that is too large for any job is left out."""
    job: list[str] = []
    empty = len(encode_json(_body(())))
    room = float("inf") if size.payload is None else size.payload - empty
    used = 0
    for path in paths:
        bytes_ = len(encode_json(_body((path,)))) - empty + 2  # a comma and a space
        if bytes_ > room:
            continue
        if len(job) == size.operations or used + bytes_ > room:
            yield job
            job, used = [], 0
        job.append(path)
        used += bytes_
    if job:
        yield job


def _deleted(client: ScimClient, paths: Sequence[str]) -> list[str]:
    """The paths whose operation is answered 204 or 404; results without a place are those of the same position."""
    answer = client.post("/Bulk", _body(paths))
    results = bulk_operations(answer.body) if answer.status == 200 else []
    found = []
    for at, path in enumerate(paths):
        own = next((each for each in results if unquote(str(each.get("location", ""))).endswith(unquote(path))), None)
        if own is None and len(results) == len(paths) and "location" not in results[at]:
            own = results[at]
        if own is not None and status_of(own) in GONE:
            found.append(path)
    return found
