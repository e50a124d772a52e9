"""A judge of connectors at the side of LiveServer, found by its entry point: this package imports nothing of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

GROUP = "mock_samanage.judge"
"""The entry-point group: one class that is called with the members of the ready file."""


class JudgedStep(Protocol):
    """A step of a scenario, for which the connector is to be run now."""

    @property
    def number(self) -> int:
        """Its place, from 1."""

    @property
    def title(self) -> str:
        """What happens in it."""

    @property
    def source_path(self) -> Any:
        """The file that holds who is to be in the tenant."""

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that a program would find."""

    @property
    def token(self) -> str:
        """The secret token, "" where the step gives none."""

    @property
    def username(self) -> str:
        """The administrator's e-mail, "" where the step gives none."""

    @property
    def password(self) -> str:
        """The administrator's password, "" where the step gives none."""


class Judge(Protocol):
    """What an entry point of the group makes."""

    guise: dict[str, Any]

    def scenario(self, name: Any, source_format: str = "json") -> Iterator[JudgedStep]:
        """The steps of a scenario."""

    def complaint(self, *, strict: bool = False) -> str:
        """What is wrong, "" if nothing is."""

    def close(self) -> None:
        """Nothing of a scenario is left."""


def find_judge(place: Mapping[str, Any]) -> Judge:
    """The judge of a server, by the members of its ready file; RuntimeError if none is installed."""
    from importlib.metadata import entry_points  # noqa: PLC0415 a project that judges nothing does not pay for it

    found = list(entry_points(group=GROUP))
    if not found:
        raise RuntimeError(f"no judge is installed: no package declares the entry point {GROUP}; mock-samanage does")
    judge: Judge = found[0].load()(place)
    return judge
