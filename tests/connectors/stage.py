"""Where connectors are tried: a tenant, a source file, runs in this process."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mock_samanage.testing import LiveServer
from mock_samanage.web.journal.shelf import Wanted

Main = Callable[[Mapping[str, str]], int]
COLUMNS = (
    *("kind", "id", "userName", "givenName", "familyName", "displayName", "email", "title"),
    *("department", "phone", "manager", "role", "active", "members"),
)


def person(id: str, **attributes: Any) -> dict[str, Any]:
    """A person of a source, with a name and an address unless it has its own."""
    return {"id": id, "userName": f"{id}@fabrik.example", "email": f"{id}@fabrik.example", "active": True, **attributes}


def team(id: str, name: str, *members: str) -> dict[str, Any]:
    """A group of a source."""
    return {"id": id, "displayName": name, "members": list(members)}


@dataclass
class Stage:
    """A tenant, and the folder of a connector; `written` holds methods and paths of what the last run changed."""

    server: LiveServer
    folder: Path
    written: list[tuple[str, str]] = field(default_factory=list)

    def run(
        self, main: Main, *users: dict[str, Any], groups: tuple[dict[str, Any], ...] = (), form: str = "json"
    ) -> int:
        """The exit status of a run with this source."""
        source = self.folder / f"source.{form}"
        if form == "csv":
            _write_csv(source, users, groups)
        else:
            source.write_text(json.dumps({"users": users, "groups": groups}), encoding="utf-8")
        before = len(self.writes())
        status = main(self.environ(source))
        self.written = self.writes()[before:]
        return status

    def writes(self) -> list[tuple[str, str]]:
        """Methods and paths of everything that was changed."""
        entries = self.server.live.journal.read(Wanted(account=self.server.account))
        return [(entry.method, urlsplit(entry.url).path) for entry in entries if entry.method != "GET"]

    def environ(self, source: Path) -> dict[str, str]:
        """What a connector is told."""
        return {
            "SAMANAGE_URL": self.server.url,
            "SAMANAGE_TOKEN": self.server.token,
            "SAMANAGE_SOURCE": str(source),
            "SAMANAGE_SOURCE_FORMAT": source.suffix[1:],
            "SAMANAGE_STATE": str(self.folder),
        }

    def user(self, name: str) -> dict[str, Any]:
        """The user whose userName begins so."""
        (found,) = self.server.users(f'userName sw "{name}"')
        return found


def _write_csv(path: Path, users: tuple[dict[str, Any], ...], groups: tuple[dict[str, Any], ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for kind, entries in (("user", users), ("group", groups)):
            for entry in entries:
                cells = {name: _cell(value) for name, value in entry.items()}
                writer.writerow({"kind": kind, **cells})


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ";".join(value) if isinstance(value, list) else str(value)
