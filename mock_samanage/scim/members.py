"""The members of a group as PATCH sees them, without loading them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mock_samanage.scim.filter import Filter


class MemberSet(Protocol):
    """The membership of one group, changed in place inside the caller's transaction.

    `patch.apply_patch` calls it in the order of the operations; when it raises, the caller's
    transaction undoes the calls already made. Each method returns how many memberships it changed,
    so that the caller knows whether the group has a new version.
    """

    def add(self, ids: Sequence[str]) -> int:
        """Add the ids; those already present count nothing. Raises InvalidValue for unknown ids."""

    def remove(self, ids: Sequence[str]) -> int:
        """Remove the ids; those not present count nothing."""

    def clear(self) -> int:
        """Remove every member."""

    def replace(self, ids: Sequence[str]) -> int:
        """Make these the only members. Raises InvalidValue for unknown ids."""

    def matching(self, filter_: Filter) -> Sequence[str]:
        """The ids of the members that meet a filter over value, type and display."""
