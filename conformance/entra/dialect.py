"""How the provisioning service writes: the compliance flag, and one choice per contradiction of its documentation."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from conformance.entra.errors import ConfigError

FLAGS = ("aadOptscim062020", "AzureAdScimPatch062020")
"""Flags of the tenant URL that ask for PATCH as RFC 7644 has it; the second is an older name."""
DOWNGRADE = "AzureAdScimPatch2017"
"""The flag that is reserved for the old PATCH, once the other one is the default (COMPAT)."""


@dataclass(frozen=True, slots=True)
class Switch:
    """One thing the sources do not settle; `values` are the alternatives with what they mean."""

    id: str
    says: str
    default: str
    values: Mapping[str, str]
    source: str
    confidence: str


@cache
def switches() -> Mapping[str, Switch]:
    """Every switch by its id, in the order of the table."""
    return {entry["id"]: Switch(**entry) for entry in _table()["switch"]}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two sources, or two places of one, that disagree: the `switch` that chooses, or the `reason` for none."""

    says: str
    sources: str
    switch: str = ""
    reason: str = ""


def contradictions() -> list[Contradiction]:
    """Every contradiction, in the order of the table."""
    return [Contradiction(**entry) for entry in _table()["contradiction"]]


@cache
def _table() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    return tomllib.loads((files(__package__) / "switches.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one application is served: whether its tenant URL has the flag, and the switches that were chosen."""

    flagged: bool = False
    chosen: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, *, flagged: bool, chosen: Mapping[str, str]) -> Dialect:
        """The dialect; raises ConfigError for a switch or a value that the table lacks."""
        for name, value in chosen.items():
            switch = switches().get(name)
            if switch is None:
                raise ConfigError(f"there is no switch {name!r}; the switches are {', '.join(switches())}")
            if value not in switch.values:
                raise ConfigError(f"the switch {name} is {' or '.join(switch.values)}, not {value!r}")
        return cls(flagged, dict(chosen))

    def __getitem__(self, name: str) -> str:
        """The value of a switch."""
        return self.chosen.get(name) or switches()[name].default

    def op(self, word: str) -> str:
        """The word of an operation: capitalised without the flag."""
        return word if self.flagged else word.capitalize()


@dataclass(frozen=True, slots=True)
class TenantUrl:
    """A tenant URL as the form takes it: `base` without flag and trailing slash, and the flag, "" if there is none."""

    base: str
    flag: str = ""

    @property
    def flagged(self) -> bool:
        """Whether the flag asks for PATCH as RFC 7644 has it."""
        return self.flag in FLAGS

    @classmethod
    def parse(cls, text: str) -> TenantUrl:
        """The parts; raises ConfigError for what is no http(s) URL, holds a secret, or has other parameters."""
        base, _, query = text.strip().partition("?")
        _check_base(base)
        known = {flag.lower(): flag for flag in (*FLAGS, DOWNGRADE)}
        if query and query.rstrip("=").lower() not in known:
            raise ConfigError(f"the tenant URL may end with ?{FLAGS[0]} and with no other parameter, not ?{query}")
        return cls(base.rstrip("/"), known.get(query.rstrip("=").lower(), ""))


def _check_base(base: str) -> None:
    if "@" in base.partition("://")[2].partition("/")[0]:
        raise ConfigError("the tenant URL holds a user name; credentials are entered beside it, where no log shows it")
    wrong = ConfigError(f"the tenant URL is an http(s) URL such as https://api.samanage.com, not {base!r}")
    try:
        found = urlsplit(base)
        usable = found.scheme in {"http", "https"} and bool(found.hostname) and found.port != 0
    except ValueError as error:
        raise wrong from error
    if not usable or "#" in base or any(each.isspace() for each in base):
        raise wrong
