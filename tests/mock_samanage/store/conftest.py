"""A store of each kind for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_samanage.store import Store
from tests.mock_samanage.store.tenants import Tenant

BACKENDS = ("memory", "file", "postgres", "postgres-foreign")
SHARED_BY_PROCESSES = BACKENDS[1:]


def url_of(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store of that kind."""
    if kind == "memory":
        return "sqlite://"
    if kind == "file":
        return f"sqlite:///{tmp_path}/store.db"
    found: str = request.getfixturevalue("postgres_url" if kind == "postgres" else "foreign_postgres_url")
    return found


@pytest.fixture(params=BACKENDS)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store of every kind."""
    return url_of(request.param, request, tmp_path)


@pytest.fixture(params=SHARED_BY_PROCESSES)
def shared_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store that several processes can open."""
    return url_of(request.param, request, tmp_path)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store of every kind."""
    opened = Store.open(store_url, busy_timeout=5)
    yield opened
    opened.close()


@pytest.fixture
def tenant(store: Store) -> Tenant:
    """An account in a store of every kind."""
    return Tenant.made(store, "acme")
