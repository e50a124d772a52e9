"""One account, as seen by one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mock_samanage.scim.schema import ResourceType
from mock_samanage.tenant.resource import EVERYTHING, Query, Resource, ResourcePage
from mock_samanage.tenant.versions import ALWAYS, Preconditions


# Signatures for the packages above, filled in by the next commits.
class Directory:
    """The resources of one account; every write is one transaction and is atomic.

    Types are the names `User` and `Group`; ids are the text of the URL; raises the errors of `scim.errors`.
    """

    def resource_type(self, name: str) -> ResourceType:
        """User or Group as this account declares it: roles as canonicalValues, quirk role-answer. For /Schemas."""
        ...

    def get(self, type_name: str, resource_id: str, *, wanted: frozenset[str] = EVERYTHING) -> Resource:
        """The resource; NotFound."""
        ...

    def query(self, type_names: Sequence[str], query: Query) -> ResourcePage:
        """One page; InvalidFilter for an attribute outside the filterable set."""
        ...

    def create(self, type_name: str, body: Mapping[str, Any], *, wanted: frozenset[str] = EVERYTHING) -> Resource: ...

    def replace(
        self, type_name: str, resource_id: str, body: Mapping[str, Any], match: Preconditions = ALWAYS,
        *, wanted: frozenset[str] = EVERYTHING,
    ) -> Resource: ...

    def patch(
        self, type_name: str, resource_id: str, body: Mapping[str, Any], match: Preconditions = ALWAYS,
        *, wanted: frozenset[str] = EVERYTHING,
    ) -> Resource: ...

    def delete(self, type_name: str, resource_id: str, match: Preconditions = ALWAYS) -> None: ...
