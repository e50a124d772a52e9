"""How the provisioning service writes: the compliance flag, and one choice per contradiction of its documentation."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from conformance.entra.errors import ConfigError

FLAGS = ("aadOptscim062020", "AzureAdScimPatch062020")
"""Flags of the tenant URL that ask for PATCH as RFC 7644 has it; the second is an older name."""


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
    text = (files(__package__) / "switches.toml").read_text(encoding="utf-8")
    return {entry["id"]: Switch(**entry) for entry in tomllib.loads(text)["switch"]}


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

    @classmethod
    def parse(cls, text: str) -> TenantUrl:
        """The parts; raises ConfigError for what is no http(s) URL or has other parameters."""
        base, _, query = text.strip().partition("?")
        if not base.startswith(("http://", "https://")) or not base.partition("://")[2].strip("/"):
            raise ConfigError(f"the tenant URL is an http(s) URL such as https://api.samanage.com, not {text!r}")
        known = {flag.lower(): flag for flag in FLAGS}
        if query and query.rstrip("=").lower() not in known:
            raise ConfigError(f"the tenant URL may end with ?{FLAGS[0]} and with no other parameter, not ?{query}")
        return cls(base.rstrip("/"), known.get(query.rstrip("=").lower(), ""))
