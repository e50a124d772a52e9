"""From the source to SCIM: what is created, and which operations make of what is there what it should be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.connectors.source import Entry

Json = dict[str, Any]
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
PLAIN = {
    "id": "externalId",
    "userName": "userName",
    "displayName": "displayName",
    "title": "title",
    "givenName": "name.givenName",
    "familyName": "name.familyName",
    "department": f"{ENTERPRISE}:department",
}
"""Attributes of the source and the paths they go to."""
TYPED = {"email": "emails", "phone": "phoneNumbers"}
"""Attributes that are one element, of type work, of a multi-valued one."""


class Mapped:
    """What a person and a group are as SCIM resources."""

    def new_user(self, person: Entry) -> Json:
        """A person as it is created, without manager."""
        made: Json = {"schemas": [USER], "active": person["active"]}
        for name, path in PLAIN.items():
            if person.get(name):
                place(made, path, person[name])
        for name, attribute in TYPED.items():
            if person.get(name):
                made[attribute] = [self.element(name, person)]
        if person.get("role"):
            made["roles"] = self.role(person)
        if ENTERPRISE in made:
            made["schemas"].append(ENTERPRISE)
        return made

    def element(self, name: str, person: Entry) -> Json:
        """The value of an e-mail or phone number."""
        value = {"value": person[name], "type": "work"}
        return {**value, "primary": True} if name == "email" else value

    def role(self, person: Entry) -> Any:
        """The role in the form that Samanage documents."""
        return [{"displayName": person["role"]}]

    def user_changes(self, person: Entry, found: Json) -> list[Json]:
        """The operations that make the user what the person is; none where nothing differs."""
        operations = [
            operation for name, path in PLAIN.items() if (operation := change(path, person.get(name), at(found, path)))
        ]
        if found.get("active", True) is not person["active"]:
            operations.append({"op": "replace", "path": "active", "value": person["active"]})
        for name, attribute in TYPED.items():
            operations += self.typed_changes(name, attribute, person, found)
        return operations + self.role_changes(person, found)

    def typed_changes(self, name: str, attribute: str, person: Entry, found: Json) -> list[Json]:
        """The operations on the element of type work."""
        work = next((each for each in found.get(attribute) or [] if each.get("type") == "work"), None)
        path = f'{attribute}[type eq "work"]'
        if not person.get(name):
            return [{"op": "remove", "path": path}] if work else []
        if work is None:
            value = self.element(name, person)
            if any(each.get("primary") for each in found.get(attribute) or []):
                value.pop("primary", None)
            return [{"op": "add", "path": attribute, "value": [value]}]
        if work.get("value") == person[name]:
            return []
        return [{"op": "replace", "path": f"{path}.value", "value": person[name]}]

    def role_changes(self, person: Entry, found: Json) -> list[Json]:
        """The operation that sets another role; who has none in the source keeps what there is."""
        held = {text for each in found.get("roles") or [] for text in (each.get("value"), each.get("displayName"))}
        if not person.get("role") or person["role"] in held:
            return []
        return [{"op": "replace", "path": "roles", "value": self.role(person)}]

    def manager_changes(self, manager: str, found: Json) -> list[Json]:
        """The operations that set the manager, an id of the tenant; "" is none."""
        held = (found.get(ENTERPRISE) or {}).get("manager") or {}
        path = f"{ENTERPRISE}:manager"
        if held.get("value", "") == manager:
            return []
        if not manager:
            return [{"op": "remove", "path": path}]
        return [{"op": "replace" if held else "add", "path": path, "value": {"value": manager}}]

    def new_group(self, team: Entry, members: list[str]) -> Json:
        """A group as it is created."""
        made: Json = {"schemas": [GROUP], "externalId": team["id"], "displayName": team["displayName"]}
        if members:
            made["members"] = [{"value": member} for member in members]
        return made

    def group_changes(self, team: Entry, members: list[str], found: Json) -> list[Json]:
        """The operations that make the group what the team is."""
        told = {"externalId": team["id"], "displayName": team["displayName"]}
        operations = [found_ for path, value in told.items() if (found_ := change(path, value, found.get(path)))]
        held = [each["value"] for each in found.get("members") or []]
        if joined := [member for member in members if member not in held]:
            operations.append({"op": "add", "path": "members", "value": [{"value": member} for member in joined]})
        operations += [
            {"op": "remove", "path": f'members[value eq "{member}"]'} for member in held if member not in members
        ]
        return operations

    def message(self, operations: list[Json]) -> Json:
        """The body of a PATCH."""
        return {"schemas": [PATCH], "Operations": operations}


def change(path: str, wanted: Any, held: Any) -> Json | None:
    """The operation that makes the value at a path the wanted one; None where it is."""
    if (wanted or None) == (held or None):
        return None
    if not wanted:
        return {"op": "remove", "path": path}
    return {"op": "replace", "path": path, "value": wanted}


def steps(path: str) -> list[str]:
    """The keys that lead to a path."""
    if path.startswith(f"{ENTERPRISE}:"):
        return [ENTERPRISE, path.removeprefix(f"{ENTERPRISE}:")]
    return path.split(".")


def place(resource: Json, path: str, value: Any) -> None:
    """The value stands at a path of a resource."""
    *parents, last = steps(path)
    for parent in parents:
        resource = resource.setdefault(parent, {})
    resource[last] = value


def at(resource: Mapping[str, Any], path: str) -> Any:
    """The value at a path of a resource; None where there is none."""
    found: Any = resource
    for step in steps(path):
        found = (found or {}).get(step)
    return found
