"""Presets: named starting points for the quirks of an account."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from mock_samanage.tenant.errors import BadArgument
from mock_samanage.tenant.quirks import REGISTER, one_of

DEFAULT_PRESET = "entra"
PRESETS = (DEFAULT_PRESET, "strict")
"""`entra` does what Microsoft Entra needs; `strict` does what the RFC demands where the two collide."""


@cache
def preset(name: str) -> Mapping[str, str]:
    """The value of every quirk under that preset; BadArgument for an unknown one."""
    if name not in PRESETS:
        raise BadArgument(f"There is no preset {name[:80]!r}; the presets are {one_of(PRESETS)}.")
    return {quirk.id: quirk.presets.get(name, quirk.default) for quirk in REGISTER.values()}
