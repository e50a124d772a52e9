"""How an account reads what SCIM and its clients disagree about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Dialect:
    """The readings of one account where the RFC and Microsoft Entra ID collide.

    string_booleans: `"True"` for a boolean is read as the boolean, or refused (AMB-50).
    replace_without_match: a value filter that selects nothing makes the value it describes, or is
        refused with noTarget (AMB-23, AMB-72, RFC 7644 section 3.5.2.3).
    countries: `addresses.country` is stored as sent, or must be two letters (RFC 7643 section 4.1.2).
    """

    string_booleans: Literal["coerce", "refuse"] = "coerce"
    replace_without_match: Literal["create", "noTarget"] = "create"
    countries: Literal["store", "alpha-2"] = "store"


ENTRA = Dialect()
STRICT = Dialect("refuse", "noTarget", "alpha-2")
