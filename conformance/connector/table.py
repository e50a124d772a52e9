"""A TOML table that says where it stands when something in it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.errors import UsageFault


@dataclass(frozen=True, slots=True)
class Table:
    """A table and the place it stands at, such as `rename.toml, step 2`; every reader raises UsageFault."""

    where: str
    content: Mapping[str, Any]

    def wrong(self, key: str, says: str) -> UsageFault:
        """The error about a key."""
        return UsageFault(f"{self.where}: {key}: {says}")

    def only(self, *keys: str) -> None:
        """No other key stands in the table."""
        if unknown := [key for key in self.content if key not in keys]:
            raise self.wrong(unknown[0], f"no such key; right would be {', '.join(keys)}")

    def text(self, key: str, *, needed: bool = False) -> str:
        """The text of a key, "" without one."""
        value = self._typed(key, str, "a text", "")
        if needed and not value:
            raise self.wrong(key, "is missing or empty")
        return str(value)

    def flag(self, key: str) -> bool:
        """Whether a key is true."""
        return bool(self._typed(key, bool, "true or false", False))

    def number(self, key: str) -> int:
        """The number of a key, 0 without one."""
        value = self._typed(key, int, "a number, 0 or more", 0)
        if isinstance(value, bool) or value < 0:
            raise self.wrong(key, "is a number, 0 or more")
        return int(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a key."""
        values = self._typed(key, list, "a list of texts", [])
        if not all(isinstance(value, str) for value in values):
            raise self.wrong(key, "is a list of texts")
        return tuple(values)

    def table(self, key: str) -> Mapping[str, Any]:
        """The table below a key."""
        found: Mapping[str, Any] = self._typed(key, dict, "a table", {})
        return found

    def tables(self, key: str) -> tuple[Mapping[str, Any], ...]:
        """The tables below a key."""
        values = self._typed(key, list, f"a list of tables, written [[{key}]]", [])
        if not all(isinstance(value, dict) for value in values):
            raise self.wrong(key, f"is a list of tables, written [[{key}]]")
        return tuple(values)

    def _typed(self, key: str, kind: type, words: str, default: Any) -> Any:
        value = self.content.get(key, default)
        if not isinstance(value, kind):
            raise self.wrong(key, f"is {words}, not {value!r}")
        return value
