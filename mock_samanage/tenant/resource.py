"""Resources, queries and pages as a directory takes and gives them; references are ids, never URIs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mock_samanage.scim.filter import AttrPath, Filter

MEMBERS = "members"
GROUPS = "groups"
EVERYTHING = frozenset({MEMBERS, GROUPS})
"""The virtual attributes a directory loads unless the projection says they are not wanted."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One element of `members` or `groups`: the id, the type and the display name of the other end."""

    id: str
    type: str
    display: str | None


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource: its stored document beside `id`, `meta` and the virtual attributes.

    `document` has canonical attribute names and `schemas`, and neither `id` nor `meta`, `groups`, `members`.
    `created` and `modified` are microseconds since the epoch, UTC. `groups` and `members` are None where the
    type has none, or where they were not wanted.
    """

    id: str
    type: str
    document: Mapping[str, Any]
    version: int
    created: int
    modified: int
    groups: Sequence[Reference] | None = None
    members: Sequence[Reference] | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What a list request asks for (RFC 7644 section 3.4.2).

    `count` None means the default page size; both `start_index` and `count` may be out of range, they are
    brought into it. `cursor` is the text of a cursor, empty for a first page, None for paging by index, and
    counts instead of `start_index`. `wanted` names the virtual attributes the projection keeps.
    """

    filter: Filter | None = None
    sort_by: AttrPath | None = None
    descending: bool = False
    start_index: int = 1
    count: int | None = None
    cursor: str | None = None
    wanted: frozenset[str] = EVERYTHING


@dataclass(frozen=True, slots=True)
class ResourcePage:
    """One page of a query: how many match in all, where the page starts (from 1), and the resources."""

    total: int
    start_index: int
    resources: Sequence[Resource]


@dataclass(frozen=True, slots=True)
class CursorPage:
    """One page of a walk: how many match in all, the resources, and the cursors of the pages around it, if any."""

    total: int
    resources: Sequence[Resource]
    next: str | None = None
    previous: str | None = None
