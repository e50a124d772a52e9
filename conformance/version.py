"""The version of the distribution."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def _version() -> str:
    try:
        return version("mock-samanage")
    except PackageNotFoundError:
        return "0"


VERSION = _version()
