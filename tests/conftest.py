"""What tests of several packages share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import empty, serving

TOOLS = Path(__file__).with_name("tools")


def pytest_configure() -> None:
    """The command lines that tests run find a curl also on a machine that has none."""
    if shutil.which("curl") is None:
        os.environ["PATH"] += os.pathsep + str(TOOLS)


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[dict[str, str]]:
    """The URLs of two databases on one server: `c` with collation C, `foreign` with another."""
    with serving() as urls:
        yield urls


@pytest.fixture
def postgres_url(postgres_databases: dict[str, str]) -> str:
    """The URL of a PostgreSQL database that is empty."""
    return empty(postgres_databases["c"])


@pytest.fixture
def foreign_postgres_url(postgres_databases: dict[str, str]) -> str:
    """The URL of an empty PostgreSQL database whose own order is not that of the code points."""
    return empty(postgres_databases["foreign"])
