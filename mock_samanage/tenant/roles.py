"""The one role of a user: which inputs name it, and what else is refused.

Understood: `{"displayName":"role"}` (documented by Microsoft for this application), that JSON as text, a list
with one such element, the keys `value`, `display` and `displayName` in any case, and JSON text inside `value`
(Entra's habit). Text is decoded once: what is encoded twice is refused. Names are exact. A role that is not
understood is never replaced by a default.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from mock_samanage.scim.errors import InvalidPath, InvalidValue

ADMINISTRATOR = "Administrator"
REQUESTER = "Requester"
BUILT_IN = (ADMINISTRATOR, "Service Agent User", "Service Task User", REQUESTER)
"""The roles every account has (SolarWinds, roles page); an account may add its own."""

NAME_KEYS = ("value", "displayname", "display")
IGNORED_KEYS = frozenset({"id", "type", "primary", "$ref"})
_QUOTED = 80  # characters of the request that a message repeats
_MAY_HOLD_TEXT: Final = True


@dataclass(frozen=True, slots=True)
class RoleRules:
    """What an account understands: role names, default role, quirks role-key-conflict and several-roles."""

    names: tuple[str, ...] = BUILT_IN
    default: str = REQUESTER
    key_conflict: str = "reject"
    several: str = "reject"

    def knowing(self, role: str | None) -> RoleRules:
        """The same rules for a user who has that role, also if the account no longer lists it."""
        return self if role is None or role in self.names else replace(self, names=(*self.names, role))

    def read(self, value: object) -> str | None:
        """The role a value of `roles` names; None where it is empty on purpose: null, `[]`, `""`, or only empty names.

        Raises InvalidValue, which quotes the offending part and shows the right form.
        """
        return self._one(self.read_all(value), value)

    def read_all(self, value: object) -> list[str]:
        """Each different role the elements of a value name, in their order; InvalidValue for what is not understood."""
        elements = value if isinstance(value, list) else [value]
        named = [self._element(element) for element in elements]
        return list(dict.fromkeys(name for name in named if name is not None))

    def _one(self, roles: Sequence[str], value: object) -> str | None:
        if len(roles) > 1 and self.several != "first":
            raise self._refusal(value, f"names {len(roles)} different roles, and a user has one")
        return roles[0] if roles else None

    def _element(self, element: object) -> str | None:
        if element is None or element == "":
            return None
        if isinstance(element, Mapping):
            return self._object(element, text=_MAY_HOLD_TEXT)
        if isinstance(element, str):
            return self._object(self._decoded(element), text=not _MAY_HOLD_TEXT)
        raise self._refusal(element, f"is {_kind(element)}, not an object that names a role")

    def _object(self, element: Mapping[str, Any], *, text: bool) -> str | None:
        given = [(key.lower(), value) for key, value in element.items() if key.lower() in NAME_KEYS]
        if not given:
            raise self._refusal(element, "has none of the keys value, display and displayName")
        named = [(key, self._name(value, text=text and key == "value")) for key, value in given]
        return self._agreed([(key, name) for key, name in named if name is not None], element)

    def _agreed(self, named: Sequence[tuple[str, str]], element: Mapping[str, Any]) -> str | None:
        chosen = {name for _, name in named}
        if len(chosen) > 1 and self.key_conflict != "reject":
            order = ("value",) if self.key_conflict == "value" else ("displayname", "display")
            chosen = next((names for key in order if (names := {n for k, n in named if k == key})), chosen)
        if len(chosen) > 1:
            raise self._refusal(element, "has keys that name different roles")
        return next(iter(chosen), None)

    def _name(self, value: object, *, text: bool) -> str | None:
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise self._refusal(value, f"is {_kind(value)}, not the name of a role")
        if value in self.names:
            return value
        if text and value.lstrip().startswith("{"):
            return self._object(self._decoded(value), text=not _MAY_HOLD_TEXT)
        raise self._refusal(value, f"is no role of this account; its roles are {', '.join(self.names)[:300]}")

    def _decoded(self, text: str) -> Mapping[str, Any]:
        try:
            decoded = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            why = error.args[0] if isinstance(error, _Unreadable) else "is no JSON object"
            raise self._refusal(text, why) from None
        if not isinstance(decoded, dict):
            raise self._refusal(text, f"is the JSON text of {_kind(decoded)}, not of an object that names a role")
        return decoded

    def _refusal(self, part: object, why: str) -> InvalidValue:
        right = json.dumps({"displayName": self.default}, ensure_ascii=False)
        return InvalidValue(f"roles: {quoted(part)} {why}. Right is one role, such as {right}.")


class _Unreadable(ValueError):
    """JSON text inside a role that is well-formed and still refused."""


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Unreadable("is JSON that holds the same key twice")
    return members


def _no_constant(name: str) -> Any:
    raise _Unreadable(f"is no JSON, which knows no {name}")


def quoted(part: object) -> str:
    """The part as JSON, cut to 80 characters; lone surrogates, which no answer could carry, become question marks."""
    text = json.dumps(part, ensure_ascii=False, default=str).encode("utf-8", "replace").decode()
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, list | Mapping):
        return "a list" if isinstance(value, list) else "an object"
    return "null" if value is None else "a number"


def canonical(role: str) -> list[dict[str, Any]]:
    """The stored form: one element that says the role, and that it is the primary one."""
    return [{"value": role, "display": role, "primary": True}]


def role_of(document: Mapping[str, Any]) -> str | None:
    """The role a stored document holds, None if it holds none."""
    roles = document.get("roles")
    return roles[0]["value"] if roles else None


def assign(document: dict[str, Any], rules: RoleRules, kept: str | None = None) -> None:
    """Replaces the raw `roles` of a POST or PUT by the canonical form; absent means `kept`, else the default role."""
    role = rules.knowing(kept).read(document["roles"]) if "roles" in document else kept
    document["roles"] = canonical(role or rules.default)


def sub_is_name(sub: str) -> bool:
    """True if a path to that sub-attribute sets the role, False if it is ignored; InvalidPath for another one."""
    if sub.lower() in NAME_KEYS:
        return True
    if sub.lower() in IGNORED_KEYS:
        return False
    raise InvalidPath(f"roles has no sub-attribute {sub[:_QUOTED]!r}; it has value, display, type and primary.")
