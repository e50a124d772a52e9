"""Plausible values for attributes a target requires beyond RFC 7643 (AMB-68)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from conformance.errors import UsageFault

_BY_TYPE: Mapping[str, Any] = {
    "string": "sample",
    "boolean": True,
    "integer": 1,
    "decimal": 1.5,
    "dateTime": "2024-01-01T00:00:00Z",
    "binary": "c2FtcGxl",
    "reference": "https://example.com/sample",
}
_COMMON = frozenset({"schemas", "id", "meta", "externalid", "username", "displayname"})


def required_values(definitions: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Values for the required, writable attributes among these definitions, the common ones aside."""
    return {
        str(entry["name"]): sample(entry)
        for entry in definitions
        if entry.get("required") is True
        and entry.get("mutability") != "readOnly"
        and str(entry.get("name")).lower() not in _COMMON
    }


def sample(definition: Mapping[str, Any]) -> Any:
    """A value of the attribute's type: its first canonical value, or a usual one."""
    canonical = definition.get("canonicalValues")
    if isinstance(canonical, list) and canonical:
        value: Any = canonical[0]
    elif definition.get("type") == "complex":
        subs = definition.get("subAttributes")
        entries = [entry for entry in subs if isinstance(entry, dict)] if isinstance(subs, list) else []
        wanted = required_values(entries)
        value = wanted or {str(entry["name"]): sample(entry) for entry in entries if entry.get("name") == "value"}
    else:
        value = _BY_TYPE.get(str(definition.get("type", "string")), "sample")
    return [value] if definition.get("multiValued") is True else value


def parse_samples(texts: Iterable[str]) -> dict[str, Any]:
    """`attr=value` pairs; a value that is JSON is taken as JSON. Raises UsageFault for another shape."""
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise UsageFault(f"--sample {text!r} is not attr=value, for example --sample department=Sales")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


def read_template(path: str | None) -> dict[str, Any]:
    """The JSON object of `--template`; raises UsageFault when the file holds none."""
    if path is None:
        return {}
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageFault(f"--template {path} cannot be read as JSON: {error}") from error
    if not isinstance(found, dict):
        raise UsageFault(f'--template {path} holds no JSON object, for example {{"title": "Engineer"}}')
    return found
