"""One transaction on the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mock_samanage.scim.filter import AttrPath, Filter
from mock_samanage.scim.schema import ResourceType
from mock_samanage.store.model import (
    Account, Authentication, Credential, CredentialKind, CredentialState, GroupRef, Member, Page, Record,
)


class Session:
    """Signatures first; bodies follow. `account` arguments are `Account.pk`."""

    # accounts
    def accounts(self) -> list[Account]: raise NotImplementedError
    def account(self, name: str) -> Account | None: raise NotImplementedError
    def account_by_pk(self, pk: int) -> Account | None: raise NotImplementedError
    def default_account(self) -> Account | None: raise NotImplementedError
    def create_account(self, name: str, settings: Mapping[str, Any], *, now: int) -> Account: raise NotImplementedError  # NameTaken
    def update_account(self, pk: int, settings: Mapping[str, Any]) -> Account: raise NotImplementedError
    def delete_account(self, pk: int) -> None: raise NotImplementedError
    def empty_account(self, pk: int) -> None: raise NotImplementedError       # resources, memberships; credentials stay

    # credentials
    def add_credential(self, account: int, *, id: str, kind: CredentialKind, owner: str, secret: bytes, now: int,
                       login: str | None = None) -> Credential: raise NotImplementedError     # NameTaken
    def credentials(self, account: int) -> list[Credential]: raise NotImplementedError
    def credential(self, account: int, id: str) -> Credential | None: raise NotImplementedError
    def update_credential(self, pk: int, *, secret: bytes | None = None, state: CredentialState | None = None,
                          login: str | None = None) -> Credential: raise NotImplementedError    # bumps generation
    def delete_credential(self, pk: int) -> None: raise NotImplementedError
    def authentication(self, *, token_hash: bytes | None = None, login: str | None = None) -> Authentication | None: raise NotImplementedError

    # resources; `type` of get may be None: any type
    def next_id(self) -> int: raise NotImplementedError
    def get(self, account: int, type: ResourceType | None, id: str) -> Record | None: raise NotImplementedError
    def insert(self, account: int, type: ResourceType, document: dict[str, Any], *, id: str, now: int) -> Record: raise NotImplementedError
    def insert_many(self, account: int, type: ResourceType, documents: Iterable[tuple[str, dict[str, Any]]], *, now: int) -> int: raise NotImplementedError
    def update(self, record: Record, document: dict[str, Any], *, now: int) -> Record: raise NotImplementedError
    def touch(self, record: Record, *, now: int) -> Record: raise NotImplementedError
    def delete(self, record: Record) -> None: raise NotImplementedError
    def count(self, account: int, type: ResourceType) -> int: raise NotImplementedError
    def query(self, account: int, types: Sequence[ResourceType], filter: Filter | None, *, sort: AttrPath | None = None,
              descending: bool = False, start: int = 1, count: int = 100) -> Page: raise NotImplementedError

    # membership
    def members(self, group: Record) -> list[Member]: raise NotImplementedError
    def member_count(self, group: Record) -> int: raise NotImplementedError
    def has_member(self, group: Record, id: str) -> bool: raise NotImplementedError
    def add_members(self, group: Record, ids: Iterable[str]) -> int: raise NotImplementedError
    def remove_members(self, group: Record, ids: Iterable[str] | None = None) -> int: raise NotImplementedError
    def groups_of(self, record: Record) -> list[GroupRef]: raise NotImplementedError
