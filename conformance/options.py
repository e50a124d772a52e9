"""The options of a run: one dataclass, the same names on pytest's command line with `--scim-` before them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest

from conformance.errors import UsageFault
from conformance.profiles import DEFAULT
from conformance.run import DOMAIN

HELP: Mapping[str, str] = {
    "target": "the SCIM base URL to judge, for example http://127.0.0.1:8080/scim/v2",
    "token": "bearer token (also from the environment: SCIM_TOKEN)",
    "username": "user name for Basic authentication",
    "password": "password for Basic authentication (also: SCIM_PASSWORD)",
    "header": "a header field for every request, 'Name: value'; may be given again",
    "profile": f"a profile to judge by; may be given again; default {', '.join(DEFAULT)}",
    "suite": "only this suite; may be given again",
    "check": "only this check, by its id or a pattern such as 'roles.*patch'; may be given again",
    "effort": "quick, standard or deep; default standard",
    "seed": "seed of the generated examples, from an earlier report",
    "user_domain": f"domain of the e-mail addresses made; default {DOMAIN}",
    "template": "JSON file with members every created user gets",
    "sample": "attr=value every created user gets; may be given again",
    "ca_file": "CA certificates to trust, PEM",
    "insecure": "accept any TLS certificate",
    "rate": "at most so many requests per second",
    "timeout": "seconds to wait for an answer; default 30",
    "keep": "leave what was created on the target",
    "known": "TOML file of known deviations",
    "write_known": "write today's deviations to this TOML file",
    "strict": "a WARN fails the run too",
    "tentative": "inferred vendor clauses count too",
    "report": "folder for report, ledger and summaries; nothing is written elsewhere",
    "hooks": "URL or command that offers the hooks",
    "hooks_token": "bearer token for the hooks' URL",
    "openapi": "OpenAPI document of the target",
    "opt_in": "allow a delicate check: delete-collection, guessing; may be given again",
    "ready_file": "ready file of `mock-samanage serve`: URL, credentials, hooks",
}


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked to do; file names as given."""

    target: str = ""
    token: str | None = None
    username: str | None = None
    password: str | None = None
    header: tuple[str, ...] = ()
    profile: tuple[str, ...] = ()
    suite: tuple[str, ...] = ()
    check: tuple[str, ...] = ()
    effort: str = "standard"
    seed: int | None = None
    user_domain: str = DOMAIN
    template: str | None = None
    sample: tuple[str, ...] = ()
    ca_file: str | None = None
    insecure: bool = False
    rate: float | None = None
    timeout: float = 30.0
    keep: bool = False
    known: str | None = None
    write_known: str | None = None
    strict: bool = False
    tentative: bool = False
    report: str | None = None
    hooks: str | None = None
    hooks_token: str | None = None
    openapi: str | None = None
    opt_in: tuple[str, ...] = ()
    ready_file: str | None = None

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profiles judged by."""
        return self.profile or DEFAULT

    @property
    def verify(self) -> bool | str:
        """What requests takes as `verify`."""
        return False if self.insecure else (self.ca_file or True)

    @property
    def credential(self) -> str:
        """The kind of the run's own credential."""
        return "bearer" if self.token else "basic" if self.username else ""

    def extra_headers(self) -> dict[str, str]:
        """The header fields of `--header`; raises UsageFault for one without a colon."""
        found = {}
        for text in self.header:
            name, colon, value = text.partition(":")
            if not colon or not name.strip():
                raise UsageFault(f"--header {text!r} is not 'Name: value'")
            found[name.strip()] = value.strip()
        return found

    def arguments(self) -> Iterator[str]:
        """The options as pytest arguments."""
        for entry in fields(self):
            value, flag = getattr(self, entry.name), f"--scim-{entry.name.replace('_', '-')}"
            if value == entry.default or value is None:
                continue
            if isinstance(value, bool):
                yield flag
            else:
                yield from (f"{flag}={one}" for one in (value if isinstance(value, tuple) else (value,)))


_TYPES: Mapping[str, type] = {"seed": int, "rate": float, "timeout": float}


def add_options(parser: pytest.Parser) -> None:
    """Every option is known to pytest as `--scim-…`."""
    group = parser.getgroup("scim", "SCIM conformance")
    for entry in fields(Options):
        flag, dest = f"--scim-{entry.name.replace('_', '-')}", f"scim_{entry.name}"
        if isinstance(entry.default, bool):
            group.addoption(flag, dest=dest, action="store_true", default=False, help=HELP[entry.name])
        elif isinstance(entry.default, tuple):
            group.addoption(flag, dest=dest, action="append", default=[], help=HELP[entry.name])
        else:
            kind = _TYPES.get(entry.name, str)
            group.addoption(flag, dest=dest, default=entry.default, type=kind, help=HELP[entry.name])


def read_options(config: pytest.Config) -> Options:
    """The options of a pytest run; a ready file and the environment fill what was not given."""
    given: dict[str, Any] = {entry.name: getattr(config.option, f"scim_{entry.name}") for entry in fields(Options)}
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return complete(Options(**given), os.environ)


def complete(options: Options, environment: Mapping[str, str]) -> Options:
    """The options with credentials from the ready file or the environment; raises UsageFault for a bad ready file."""
    ready = _ready(options.ready_file)
    own = options.token or options.username
    found: dict[str, Any] = {
        "target": (options.target or ready.get("url") or "").rstrip("/"),
        "token": options.token or (None if own else ready.get("token") or environment.get("SCIM_TOKEN")),
        "username": options.username,
        "password": options.password or (environment.get("SCIM_PASSWORD") if options.username else None),
        "hooks": options.hooks or (f"{ready['control'].rstrip('/')}/hooks" if ready.get("control") else None),
        "hooks_token": options.hooks_token or ready.get("control_token"),
    }
    if not own and not found["token"] and ready.get("username"):
        found |= {"username": ready["username"], "password": ready.get("password")}
    if found["username"] and found["password"] is None:
        raise UsageFault("--username needs --password (or the environment variable SCIM_PASSWORD)")
    rest = {entry.name: getattr(options, entry.name) for entry in fields(options) if entry.name not in found}
    return Options(**rest, **found)


def _ready(path: str | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageFault(f"--ready-file {path} cannot be read as JSON: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get("url"), str):
        raise UsageFault(f"--ready-file {path} is no ready file: it has no url")
    return found
