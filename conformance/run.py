"""The run as a check sees it: names nobody else uses, the e-mail domain, seed and effort."""

from __future__ import annotations

import itertools
import secrets
import threading
from dataclasses import dataclass, field
from typing import Literal, cast

from conformance.checks import EFFORTS
from conformance.errors import UsageFault

Effort = Literal["quick", "standard", "deep"]
DOMAIN = "example.com"  # reserved by RFC 2606
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_prefix() -> str:
    """A prefix no other run has: `cf`, six random characters, a hyphen."""
    return "cf" + "".join(secrets.choice(_ALPHABET) for _ in range(6)) + "-"


def effort_of(text: str) -> Effort:
    """The effort of that name; raises UsageFault for another word."""
    if text not in EFFORTS:
        raise UsageFault(f"--effort is one of {', '.join(EFFORTS)}, not {text!r}")
    return cast("Effort", text)


@dataclass(frozen=True, slots=True)
class Run:
    """One run, seen by one worker; every name made here begins with `prefix`."""

    prefix: str
    domain: str = DOMAIN
    seed: int = 0
    effort: Effort = "standard"
    worker: str = ""
    _counter: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def name(self, hint: str = "") -> str:
        """A string that is unique in this run and on the target, lower case ASCII but for the hint."""
        with self._lock:
            number = next(self._counter)
        return f"{self.prefix}{self.worker}{number}" + (f"-{hint}" if hint else "")

    def email(self, hint: str = "") -> str:
        """A unique address in the run's domain."""
        return f"{self.name(hint)}@{self.domain}"
