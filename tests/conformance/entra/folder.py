"""A folder with an app.toml, in which `conformance provision` is called."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from conformance.cli import main
from mock_samanage.testing import LiveServer

GENERATED = """
[application]
tenant_url = "https://nowhere.example"
[credentials]
token = "env:NO_SUCH_TOKEN"
[source.generate]
users = 12
groups = 2
members = 3
"""


class Folder:
    """A folder with an app.toml, and commands that run there."""

    def __init__(self, path: Path, server: LiveServer) -> None:
        self.path, self.server = path, server
        self.write("app.toml", GENERATED)

    def write(self, name: str, text: str) -> None:
        (self.path / name).write_text(text, encoding="utf-8")

    def call(self, *words: str, at: bool = True) -> Result:
        """`conformance provision` with these words, at the tenant unless not wanted."""
        given = ("--at-url", self.server.url, "--token", self.server.token) if at else ()
        return CliRunner().invoke(main, ["provision", "--config", str(self.path / "app.toml"), *given, *words])

    def json(self, *words: str) -> Any:
        """The JSON that a command prints."""
        return json.loads(self.call(*words, "--json").stdout)
