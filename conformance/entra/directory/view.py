"""The attributes of a source object as mappings and scoping filters see them, the derived ones included (HOW, MAP)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from conformance.entra.directory.model import SourceObject
from conformance.entra.values import AppRole, Attributes, RoleFlow, Roles

GUEST: Final = "#EXT#"
"""What separates the name of a guest from the domain of the directory."""
NAME: Final = "userPrincipalName"
ORIGINAL_NAME: Final = "originalUserPrincipalName"
"""The userPrincipalName as the directory has it."""


def attributes_of(found: SourceObject, roles: Collection[AppRole], *, soft_deleted: bool) -> Attributes:
    """The attributes that have a value; Default Access is no role that a mapping sees.

    The userPrincipalName of a guest comes without #EXT# and what follows (HOW).
    """
    view: dict[str, Any] = {name: value for name, value in found.attributes.items() if value not in (None, "", ())}
    view |= {"objectId": found.id, "IsSoftDeleted": str(soft_deleted)}
    if isinstance(name := view.get(NAME), str):
        view |= {NAME: name.partition(GUEST)[0], ORIGINAL_NAME: name}
    if found.manager:
        view["manager"] = found.manager
    if named := tuple(role for role in roles if not role.default_access):
        view["appRoleAssignments"] = Roles(RoleFlow.COMPLEX, named)
    return view
