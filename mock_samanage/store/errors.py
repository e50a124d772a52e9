"""The errors of the store.

StoreError
├── Duplicate        a value that must be unique is taken; carries path and value
├── Stale            the record was changed or deleted since it was read
├── Busy             another writer held the database for longer than the time allowed
├── UnknownMember    an id that names no resource of the account; carries the id
├── NameTaken        an account of that name, or a credential with that login or secret, exists
├── Unusable         the database cannot be opened or is not one of this version
└── Nested           a second session in one thread on a store that has one connection
"""

from __future__ import annotations


class StoreError(Exception):
    """Something the store could not do."""


class Duplicate(StoreError):
    """Another resource of the account already holds the value of a unique attribute."""

    def __init__(self, path: str, value: str) -> None:
        super().__init__(f"{path} {value!r} is already taken")
        self.path = path
        self.value = value


class Stale(StoreError):
    """The record is no longer at the version it was read at, or is gone."""

    def __init__(self, id: str, version: int) -> None:
        super().__init__(f"resource {id} is no longer at version {version}")
        self.id = id
        self.version = version


class Busy(StoreError):
    """The database stayed locked by another writer; the same call may succeed later."""


class UnknownMember(StoreError):
    """A group was to hold something that is no resource of its account."""

    def __init__(self, id: str) -> None:
        super().__init__(f"there is no resource {id!r} that could be a member")
        self.id = id


class NameTaken(StoreError):
    """An account name, a login or a token exists already."""


class Unusable(StoreError):
    """The database cannot be opened, or was made by another version."""


class Nested(StoreError):
    """A thread opened a session inside a session on a store with a single connection."""
