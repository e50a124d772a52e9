"""What a resource holds, attribute by attribute, under the names of the source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from conformance.connector.model import Person
from conformance.connector.traffic import text_of
from conformance.described import member
from conformance.rfc_schema import ENTERPRISE_USER

Json = Mapping[str, Any]
TEXTS: Final = ("externalId", "userName", "displayName", "title")
NAMES: Final = ("givenName", "familyName")
LISTS: Final = {"email": "emails", "phone": "phoneNumbers"}
_OWNED: Final = frozenset(
    {"id", "schemas", "meta", "groups", "password", "active", "roles"}
    | {"externalid", "username", "displayname", "title"}
)
_OWNED_PARTS: Final = {
    "name": {"givenname", "familyname", "formatted"},  # a tenant may make the last one of the others
    ENTERPRISE_USER.lower(): {"department", "manager"},
}
_OWNED_LISTS: Final = frozenset(path.lower() for path in LISTS.values())
_ROLE_KEYS = ("value", "display", "displayName")


def of_person(person: Person) -> dict[str, str]:
    """What a person has in the source, without role, manager and active."""
    return {
        "externalId": person.id,
        "userName": person.user_name,
        "displayName": person.display_name,
        "title": person.title,
        "givenName": person.given_name,
        "familyName": person.family_name,
        "email": person.email,
        "phone": person.phone,
        "department": person.department,
    }


def of_user(user: Json | None) -> dict[str, str]:
    """What a resource has, under the same names."""
    name, extension = member(user, "name"), member(user, ENTERPRISE_USER)
    found = {each: text_of(user, each) for each in TEXTS} | {each: text_of(name, each) for each in NAMES}
    found |= {each: work(member(user, path)) for each, path in LISTS.items()}
    return found | {"department": text_of(extension, "department")}


def foreign(user: Json | None) -> dict[str, Any]:
    """What a user has that no source speaks of: other attributes, elements of other types."""
    found: dict[str, Any] = {}
    for name, value in (user or {}).items():
        key = str(name).lower()
        if key in _OWNED_LISTS:
            value = _other_elements(value)  # noqa: PLW2901 the rest of the list
        elif key in _OWNED_PARTS and isinstance(value, Mapping):
            value = {part: held for part, held in value.items() if part.lower() not in _OWNED_PARTS[key]}  # noqa: PLW2901
        if key not in _OWNED and value not in (None, "", [], {}):
            found[str(name)] = value
    return found


def _other_elements(elements: Any) -> list[Any]:
    """The elements whose type is another than work; which of all is the primary one is left out."""
    listed = [each for each in elements if isinstance(each, Mapping)] if isinstance(elements, list) else []
    typed = [each for each in listed if text_of(each, "type").lower() not in {"", "work"}]
    return [{name: value for name, value in each.items() if name.lower() != "primary"} for each in typed]


def work(elements: Any) -> str:
    """The value of the element whose type is work, else of the first one that has no type."""
    listed = [each for each in elements if isinstance(each, Mapping)] if isinstance(elements, list) else []
    typed = [each for each in listed if text_of(each, "type").lower() == "work"]
    typed += [each for each in listed if not text_of(each, "type")]
    return text_of(typed[0], "value") if typed else ""


def manager_of(user: Json | None) -> str:
    """The id of the manager, "" for none."""
    found = member(member(user, ENTERPRISE_USER), "manager")
    return found if isinstance(found, str) else text_of(found, "value")


def active(user: Json | None) -> bool:
    """Whether a user is active; one that does not say so is."""
    return member(user, "active") is not False


def members_of(group: Json | None) -> set[str]:
    """The ids of the members."""
    found = member(group, "members")
    return {text_of(each, "value") for each in found} - {""} if isinstance(found, list) else set()


def role_of(user: Json | None) -> str:
    """The name of the role, "" for none."""
    found = roles(member(user, "roles"))
    return found[0] if found else ""


def roles(value: Any) -> list[str]:
    """The names of roles in a value of `roles`, in any form that a tenant understands; each once, in their order."""
    return list(dict.fromkeys(name for name in _roles(value, 0) if name))


def _roles(value: Any, depth: int) -> list[str]:
    if isinstance(value, list):
        return [name for each in value for name in _roles(each, depth)]
    if isinstance(value, Mapping):
        keys = [member(value, key) for key in _ROLE_KEYS]
        return [name for each in keys if isinstance(each, str) for name in _roles(each, depth)]
    if isinstance(value, str):
        inner = encoded(value)
        return _roles(inner, depth + 1) if inner is not None and depth == 0 else [value]
    return []


def encoded(text: str) -> Any:
    """The JSON object, list or text that stands in a text; None for plain text."""
    if not text.strip().startswith(("{", "[", '"')):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
