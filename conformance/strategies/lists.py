"""Lists as a client reads them: page by page, by the number of entries received (RFC 7644, 3.4.2.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from conformance.client import Answer, ScimClient

PAGE: Final = 200
MOST_PAGES: Final = 10


def listed(
    scim: ScimClient, path: str, filter_: str | None = None, *, page: int | None = PAGE, **params: Any
) -> tuple[Answer, list[dict[str, Any]]]:
    """The last answer, and the entries of up to ten pages; an answer that is no 2xx has none."""
    answer = scim.query(path, filter_, count=page, **params)
    found = list(answer.resources) if answer.ok else []
    for _ in range(1, MOST_PAGES):
        if not answer.ok or not found or len(found) >= answer.total:
            break
        answer = scim.query(path, filter_, count=page, startIndex=len(found) + 1, **params)
        if not (answer.ok and answer.resources):
            break
        found += answer.resources
    return answer, found


def ids(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of list entries, in order; an entry without one counts as an empty id."""
    return [str(entry.get("id", "")) for entry in entries]
