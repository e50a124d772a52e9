"""A tenant in memory with a clock that stands still, and one account."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mock_samanage.store import Store
from mock_samanage.tenant.accounts import CreatedAccount, NewAccount
from mock_samanage.tenant.clock import ManualClock
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.ids import Ids
from mock_samanage.tenant.tenant import Tenant


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def tenant(clock: ManualClock) -> Iterator[Tenant]:
    store = Store.open("sqlite://")
    yield Tenant(store, clock=clock, ids=Ids(1))
    store.close()


@pytest.fixture
def acme(tenant: Tenant) -> CreatedAccount:
    """The default account, in phase transition."""
    return tenant.accounts.create(NewAccount(name="acme"))


@pytest.fixture
def directory(tenant: Tenant, acme: CreatedAccount) -> Directory:
    return tenant.directory_of(acme.account)
