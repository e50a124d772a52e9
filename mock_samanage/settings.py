"""The settings of one server, frozen once they are read and checked.

BadSetting    a setting or a combination of settings is wrong; the text says which, and what would be right
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

Durability = Literal["normal", "full"]
MEMORY = "sqlite://"


class BadSetting(Exception):
    """A setting is wrong; the text is one line for people."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server is run.

    store: an SQLAlchemy URL, None for a temporary SQLite file. control_port: None means the port after `port`,
    or any free one if `port` is 0. filterable: attribute paths, None for all. users, seed: people the default
    account starts with. token, password, username: of its administrator, None for fresh ones. faults: the file with
    the default account's fault plan; with one, the server is the threaded one of this process.
    """

    store: str | None = None
    durability: Durability = "normal"
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    public_url: str | None = None
    trust_proxy: bool = False
    tls_cert: Path | None = None
    tls_key: Path | None = None
    control_host: str = "127.0.0.1"
    control_port: int | None = None
    control_token: str | None = None
    ready_file: Path | None = None
    phase: str = "transition"
    preset: str = "entra"
    plan: str = "professional"
    schemas: str = "samanage"
    filterable: Sequence[str] | None = None
    quirks: Mapping[str, str] = field(default_factory=dict)
    users: int = 0
    seed: int = 0
    token: str | None = None
    username: str | None = None
    password: str | None = None
    faults: Path | None = None

    def __post_init__(self) -> None:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise BadSetting("--tls-cert and --tls-key go together: give both or neither")
        if self.workers > 1 and self.faults is not None:
            raise BadSetting("--faults serves from one process: leave --workers at 1")
        if self.workers > 1 and self.store == MEMORY:
            raise BadSetting("a store in memory has one worker: give --store PATH, or leave --workers at 1")
        if self.public_url is not None and not _is_base_url(self.public_url):
            raise BadSetting(f"--public-url is http(s)://HOST[/PATH] without query, not {self.public_url!r}")

    @property
    def on_postgresql(self) -> bool:
        """Whether the store is shared by many connections that do not wait for each other."""
        return (self.store or "").startswith("postgresql")

    @property
    def control_port_wanted(self) -> int:
        """The port the control listener asks for, 0 for any."""
        if self.control_port is not None:
            return self.control_port
        return 0 if self.port in {0, 65535} else self.port + 1


def _is_base_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not parts.query and not parts.fragment


def store_url(text: str) -> str:
    """The SQLAlchemy URL of a store given as URL or as path; raises BadSetting for other schemes."""
    if text == ":memory:":
        return MEMORY
    scheme, mark, _ = text.partition("://")
    if not mark:
        return f"sqlite:///{Path(text).expanduser().absolute()}"
    if scheme not in {"sqlite", "postgresql", "postgresql+psycopg"}:
        raise BadSetting(f"--store is a path, sqlite:///PATH or postgresql://…, not {scheme}://…")
    return text


def pairs(texts: Sequence[str]) -> dict[str, str]:
    """The mapping that `name=value` texts spell; raises BadSetting."""
    found = {}
    for text in texts:
        name, mark, value = text.partition("=")
        if not mark or not name.strip():
            raise BadSetting(f"--quirk is NAME=VALUE, such as default-role=Requester, not {text!r}")
        found[name.strip()] = value.strip()
    return found


def name_list(texts: Sequence[str]) -> tuple[str, ...] | None:
    """The attribute paths of repeated or comma-separated texts; None for `all` or nothing."""
    names = tuple(name for text in texts for name in re.split(r"[,\s]+", text) if name)
    return None if not names or names == ("all",) else names


def read_toml(path: Path) -> dict[str, Any]:
    """The options a TOML file holds, by their names on the command line; raises BadSetting."""
    try:
        with path.open("rb") as file:
            options = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(f"cannot read {path}: {error}") from error
    return {name.replace("-", "_"): value for name, value in options.items()}
