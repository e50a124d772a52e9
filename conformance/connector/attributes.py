"""The attributes of people and groups as RFC 7643 publishes them, by plain paths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from conformance.connector.traffic import plain
from conformance.rfc_schema import CORE_GROUP, ENTERPRISE, ENTERPRISE_USER, GROUP, USER

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attribute:
    """What its definition says; `parts` are the names of sub-attributes in lower case."""

    path: str
    type: str
    is_list: bool
    mutability: str
    parts: frozenset[str] = frozenset()

    def fits(self, value: Any) -> bool:
        """Whether one JSON value has the attribute's type; of a text nothing more is asked."""
        if self.type == "boolean":
            return isinstance(value, bool)
        if self.type == "complex":
            return isinstance(value, dict)
        return isinstance(value, str)


def _read(document: Document, prefix: str = "") -> Iterator[Attribute]:
    for each in document["attributes"]:
        path = f"{prefix}{each['name']}".lower()
        subs: list[Document] = each.get("subAttributes", [])
        parts = frozenset(str(sub["name"]).lower() for sub in subs)
        yield Attribute(path, each["type"], each["multiValued"], each.get("mutability", "readWrite"), parts)
        for sub in subs:
            yield Attribute(f"{path}.{sub['name']}".lower(), sub["type"], False, sub.get("mutability", "readWrite"))


_BRACKETS = re.compile(r"\[.*\]")
_URN = f"{ENTERPRISE_USER}:".lower()
_META = ("resourcetype", "created", "lastmodified", "location", "version")
_COMMON = (
    Attribute("id", "string", False, "readOnly"),
    Attribute("externalid", "string", False, "readWrite"),
    Attribute("meta", "complex", False, "readOnly"),
    *(Attribute(f"meta.{part}", "string", False, "readOnly") for part in _META),
    Attribute("schemas", "string", True, "readWrite"),
)
BY_KIND: Final = {
    "User": {each.path: each for each in (*_COMMON, *_read(USER), *_read(ENTERPRISE, _URN))},
    "Group": {each.path: each for each in (*_COMMON, *_read(GROUP))},
}
EXTENSION_NAMES: Final = frozenset(str(each["name"]).lower() for each in ENTERPRISE["attributes"])
REQUIRED: Final = {"User": "userName", "Group": "displayName"}
SCHEMAS: Final = {"User": {USER["id"], ENTERPRISE_USER}, "Group": {CORE_GROUP}}


def attribute(kind: str, path: str) -> Attribute | None:
    """The attribute of that path, in any spelling, with brackets or without; None for one that is not published."""
    return BY_KIND.get(kind, {}).get(plain(_BRACKETS.sub("", path)))


def unqualified(path: str) -> bool:
    """Whether the path names an attribute of the enterprise extension without its URN."""
    return not path.lower().startswith("urn:") and path.lower().partition(".")[0] in EXTENSION_NAMES
