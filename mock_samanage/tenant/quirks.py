"""The quirk register: what the real service may do beyond documents, as data, switchable per account."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from mock_samanage.tenant.errors import BadArgument

CONFIDENCES = ("documented", "observed", "inferred", "assumed")


@dataclass(frozen=True, slots=True)
class Quirk:
    """One switch: what is stated, how sure and why, the default, and what each alternative does.

    `presets` holds the value under presets other than `entra`.
    """

    id: str
    statement: str
    confidence: str
    source: str
    default: str
    alternatives: Mapping[str, str]
    presets: Mapping[str, str] = field(default_factory=dict)


def _read() -> dict[str, Quirk]:
    text = files(__package__).joinpath("quirks.toml").read_text(encoding="utf-8")
    return {entry["id"]: Quirk(**entry) for entry in tomllib.loads(text)["quirk"]}


REGISTER: Mapping[str, Quirk] = _read()
"""Every quirk by its id, in the order of the register."""


def one_of(names: Iterable[str]) -> str:
    """The names as a list in prose, such as `a, b or c`."""
    *head, last = names
    return f"{', '.join(head)} or {last}" if head else last


def checked(overrides: Mapping[str, Any]) -> dict[str, str]:
    """The overrides, values as text; BadArgument names an unknown quirk or alternative, and the right ones."""
    result = {}
    for name, value in overrides.items():
        quirk = REGISTER.get(name)
        if quirk is None:
            raise BadArgument(f"There is no quirk {name[:80]!r}; the quirks are {', '.join(REGISTER)}.")
        if str(value) not in quirk.alternatives:
            raise BadArgument(f"The quirk {name} is {one_of(quirk.alternatives)}, not {str(value)[:80]!r}.")
        result[name] = str(value)
    return result


MOUNTS: Mapping[str, tuple[str, ...]] = {
    "all": ("/scim/v2", "/scim", ""),
    "prefixed": ("/scim/v2", "/scim"),
    "scim-v2": ("/scim/v2",),
    "scim": ("/scim",),
    "bare": ("",),
}
"""The path prefixes under which SCIM answers, by the value of the quirk `mounts`."""
