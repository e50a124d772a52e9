"""What the source directory holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from conformance.entra.values import Scalar


class Kind(StrEnum):
    """The object types that are provisioned; the words of Graph's `objectTypeName`."""

    USER = "User"
    GROUP = "Group"


class Presence(StrEnum):
    """Whether an object is there, in the recycle bin, or gone for good."""

    PRESENT = "present"
    SOFT_DELETED = "soft-deleted"
    HARD_DELETED = "hard-deleted"


@dataclass(frozen=True, slots=True)
class SourceObject:
    """A user or a group.

    id: the objectId, a GUID. attributes: by Entra's names, without those that have no value; a tuple is multi-valued.
    manager: the id of a user, "" if none. members: ids of users and groups, in order (nested groups are listed, never
    expanded). presence_since: when `presence` began.
    """

    id: str
    kind: Kind
    attributes: Mapping[str, Scalar | tuple[Scalar, ...]] = field(default_factory=dict)
    manager: str = ""
    members: tuple[str, ...] = ()
    presence: Presence = Presence.PRESENT
    presence_since: datetime | None = None

    @property
    def enabled(self) -> bool:
        """A user's `accountEnabled`; groups are always enabled."""
        return self.kind is Kind.GROUP or self.attributes.get("accountEnabled", True) is True

    @property
    def gives_assignments(self) -> bool:
        """Whether an assignment to it counts: a group has to be there and security-enabled (HOW)."""
        if self.kind is Kind.USER:
            return True
        return self.presence is Presence.PRESENT and self.attributes.get("securityEnabled", True) is True

    @property
    def name(self) -> str:
        """What people call it: displayName, else userPrincipalName, else the id."""
        return str(self.attributes.get("displayName") or self.attributes.get("userPrincipalName") or self.id)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A principal, user or group, has a role of the application."""

    principal: str
    role: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something about one object differs since a watermark; several changes of an object are one.

    position: the watermark after it. attributes: names of attributes that changed, None for a new object or an unknown
    extent. members_added, members_removed: net, of a group. assignment: an assignment, direct or through a group, came,
    went or changed its role. manager: the manager differs. presence: presence or accountEnabled differs.
    """

    id: str
    kind: Kind
    position: int
    attributes: frozenset[str] | None = None
    members_added: tuple[str, ...] = ()
    members_removed: tuple[str, ...] = ()
    assignment: bool = False
    manager: bool = False
    presence: bool = False
