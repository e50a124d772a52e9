"""What tests of several packages share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres import empty, serving


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
