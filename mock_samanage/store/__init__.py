"""Accounts, credentials, resources and memberships in SQLite or PostgreSQL, with SCIM filters in SQL."""

from mock_samanage.store.database import Store
from mock_samanage.store.errors import Busy, Duplicate, NameTaken, Nested, Stale, StoreError, UnknownMember, Unusable
from mock_samanage.store.model import (
    Account,
    Authentication,
    Credential,
    CredentialKind,
    CredentialState,
    GroupRef,
    Member,
    Page,
    Position,
    Record,
    Stretch,
)
from mock_samanage.store.session import Session

__all__ = [
    "Account",
    "Authentication",
    "Busy",
    "Credential",
    "CredentialKind",
    "CredentialState",
    "Duplicate",
    "GroupRef",
    "Member",
    "NameTaken",
    "Nested",
    "Page",
    "Position",
    "Record",
    "Session",
    "Stale",
    "Store",
    "StoreError",
    "Stretch",
    "UnknownMember",
    "Unusable",
]
