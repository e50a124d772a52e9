"""What the store hands out: frozen records, each a copy of rows at one moment.

All times are microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

CredentialKind = Literal["basic", "token"]
CredentialState = Literal["active", "expired", "reset", "disabled"]


@dataclass(frozen=True, slots=True)
class Account:
    """One tenant; `settings` is any JSON object, `generation` grows with every change of it."""

    pk: int
    name: str
    settings: Mapping[str, Any]
    generation: int


@dataclass(frozen=True, slots=True)
class Credential:
    """A way to authenticate as `owner`, the id of a user of the account.

    `secret` is a scrypt record for `basic` and the SHA-256 of the token for `token`; `login` is the
    folded e-mail of a `basic` credential; `generation` grows with every change.
    """

    pk: int
    id: str
    account: int
    kind: CredentialKind
    owner: str
    login: str | None
    secret: bytes
    state: CredentialState
    created: int
    generation: int


@dataclass(frozen=True, slots=True)
class Record:
    """A stored resource; `rid` orders resources by creation and is never used twice."""

    rid: int
    account: int
    type: str
    id: str
    document: dict[str, Any]
    version: int
    created: int
    modified: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a query; `total` counts all matches, not only those on the page."""

    total: int
    records: Sequence[Record]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a resource stands in the order of a query, whether or not it is still there.

    `keys` are the values the order looks at, numbers or texts: empty without a sort, None if the resource has no value.
    """

    rid: int
    keys: tuple[Any, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some resources of a query, one after the other; `more` says if others follow in the direction of the walk.

    `first` and `last` are the positions of the outermost records, None without records.
    """

    total: int
    records: Sequence[Record] = ()
    first: Position | None = None
    last: Position | None = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Authentication:
    """A credential with its account and its owner; `owner` is None when that user is gone."""

    credential: Credential
    account: Account
    owner: Record | None


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a group; `type` is `User` or `Group`, `display` its displayName, else its userName."""

    id: str
    type: str
    display: str | None


@dataclass(frozen=True, slots=True)
class GroupRef:
    """A group that a resource is a direct member of."""

    id: str
    display: str | None
