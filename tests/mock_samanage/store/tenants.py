"""Short words for what store tests do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.path import parse_attr_path
from mock_samanage.scim.registry import GROUP, GROUP_URN, USER, USER_URN
from mock_samanage.scim.schema import ResourceType
from mock_samanage.store import Page, Record, Store

NOW = 1_700_000_000_000_000


@dataclass(frozen=True)
class Tenant:
    """One account of a store; every call is a transaction of its own."""

    store: Store
    pk: int

    @classmethod
    def made(cls, store: Store, name: str) -> Tenant:
        """A new account."""
        with store.writing() as session:
            return cls(store, session.create_account(name, {}, now=NOW).pk)

    def user(self, user_name: str, *, id: str | None = None, now: int = NOW, **attributes: Any) -> Record:
        """A new user."""
        document = {"schemas": [USER_URN], "userName": user_name, **attributes}
        with self.store.writing() as session:
            return session.insert(self.pk, USER, document, id=id or str(session.next_id()), now=now)

    def group(self, name: str, members: tuple[Record, ...] = ()) -> Record:
        """A new group with members."""
        with self.store.writing() as session:
            document = {"schemas": [GROUP_URN], "displayName": name}
            group = session.insert(self.pk, GROUP, document, id=str(session.next_id()), now=NOW)
            session.add_members(group, [member.id for member in members])
            return group

    def page(self, filter: str | None = None, *types: ResourceType, sort: str | None = None, **options: Any) -> Page:
        """One page of the users, or of the types named."""
        tree = parse_filter(filter) if filter is not None else None
        path = parse_attr_path(sort) if sort is not None else None
        with self.store.reading() as session:
            return session.query(self.pk, types or (USER,), tree, sort=path, **options)

    def ids(self, filter: str | None = None, *types: ResourceType, **options: Any) -> list[str]:
        """The ids of all that match; the page and the total agree."""
        page = self.page(filter, *types, count=10_000, **options)
        assert page.total == len(page.records)
        with_count = self.page(filter, *types, count=0)
        assert (with_count.total, list(with_count.records)) == (page.total, [])
        return [record.id for record in page.records]

    def names(self, filter: str | None = None, **options: Any) -> list[str]:
        """The userNames of all users that match."""
        return [record.document["userName"] for record in self.page(filter, count=10_000, **options).records]

    def get(self, id: str) -> Record | None:
        """The resource of that id."""
        with self.store.reading() as session:
            return session.get(self.pk, None, id)


__all__ = ["GROUP", "NOW", "USER", "Tenant"]
