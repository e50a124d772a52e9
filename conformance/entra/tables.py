"""Tables of a configuration file, read key by key; every error names the file, the key, and what would be right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from conformance.entra.errors import ConfigError, ProvisioningError

Words = TypeVar("Words", bound=StrEnum)
Found = TypeVar("Found")


class Table:
    """One table; `close` refuses the keys that nobody asked for."""

    def __init__(self, data: Mapping[str, Any], path: Path, key: str = "") -> None:
        self._data, self._path, self._key = data, path, key
        self._asked: list[str] = []

    def has(self, name: str) -> bool:
        """Whether the key is there."""
        self._asked.append(name)
        return name in self._data

    def text(self, name: str, default: str | None = None) -> str:
        """A string; without a default the key is needed."""
        if not self.has(name) and default is None:
            raise self.wrong(name, 'is missing, right is a string such as "…"')
        found = self._data.get(name, default)
        if not isinstance(found, str):
            raise self.wrong(name, f'is a string such as "…", not {found!r}')
        return found

    def texts(self, name: str, default: Iterable[str] = ()) -> list[str]:
        """A list of strings."""
        found = self._data[name] if self.has(name) else list(default)
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise self.wrong(name, f'is a list of strings such as ["…"], not {found!r}')
        return found

    def flag(self, name: str, *, default: bool) -> bool:
        """A boolean."""
        found = self._data[name] if self.has(name) else default
        if not isinstance(found, bool):
            raise self.wrong(name, f"is true or false, not {found!r}")
        return found

    def whole(self, name: str, default: int, *, least: int = 0) -> int:
        """A whole number."""
        found = self._data[name] if self.has(name) else default
        if not isinstance(found, int) or isinstance(found, bool) or found < least:
            raise self.wrong(name, f"is a whole number from {least} on, not {found!r}")
        return found

    def number(self, name: str, default: float, *, most: float | None = None) -> float:
        """A number above 0."""
        found = self._data[name] if self.has(name) else default
        if not isinstance(found, int | float) or isinstance(found, bool) or not 0 < found <= (most or found):
            upto = f" and at most {most:g}" if most else ""
            raise self.wrong(name, f"is a number above 0{upto}, not {found!r}")
        return float(found)

    def word(self, name: str, default: Words) -> Words:
        """One of the words of an enumeration."""
        words = type(default)
        found = self.text(name, default.value)
        if found not in {*words}:
            raise self.wrong(name, f"is {_either(words)}, not {found!r}")
        return words(found)

    def table(self, name: str) -> Table:
        """A table below this one, empty where there is none."""
        found = self._data[name] if self.has(name) else {}
        if not isinstance(found, dict):
            raise self.wrong(name, f"is a table, [{self._where(name)}], not {found!r}")
        return Table(found, self._path, self._where(name))

    def tables(self, name: str) -> list[Table]:
        """Tables in a list, counted from 1."""
        found = self._data[name] if self.has(name) else []
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise self.wrong(name, f"is a list of tables, [[{self._where(name)}]], not {found!r}")
        return [Table(each, self._path, f"{self._where(name)} {at}") for at, each in enumerate(found, 1)]

    def names(self) -> list[str]:
        """The keys that are there."""
        return list(self._data)

    def checked(self, name: str, check: Callable[[], Found]) -> Found:
        """What a check returns; its errors are the key's. Name "" for the table itself."""
        try:
            return check()
        except ProvisioningError as error:
            raise self.wrong(name, str(error)) from error

    def close(self) -> None:
        """Every key is known; raises ConfigError with near names for one that is not."""
        for name in self._data:
            if name not in self._asked:
                near = get_close_matches(name, self._asked, n=1)
                right = f"near is {near[0]}" if near else f"there are {', '.join(sorted({*self._asked}))}"
                raise self.wrong(name, f"is no key here; {right}")

    def wrong(self, name: str, told: str) -> ConfigError:
        """The error about a key."""
        where = self._where(name)
        return ConfigError(f"{self._path}: {where}: {told}" if where else f"{self._path}: {told}")

    def _where(self, name: str) -> str:
        return ".".join(part for part in (self._key, name) if part)


def _either(words: Iterable[StrEnum]) -> str:
    listed: Sequence[str] = [f'"{each.value}"' for each in words]
    return f"{', '.join(listed[:-1])} or {listed[-1]}"
