"""Writes of accounts and credentials, each one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from mock_samanage.store import Account, Busy, Session, Store
from mock_samanage.tenant.account import AccountSettings
from mock_samanage.tenant.errors import TryAgain

_T = TypeVar("_T")


def settle(session: Session, account: Account, settings: AccountSettings) -> Account:
    """The account with these settings; it was read `locked`, so that no other change is lost."""
    return session.update_account(account.pk, settings.json())


def write(store: Store, work: Callable[[Session], _T]) -> _T:
    """The result of the work in one transaction; TryAgain if others hold the store for too long."""
    try:
        with store.writing() as session:
            return work(session)
    except Busy:
        raise TryAgain("Other writers hold the store; try again in a second.") from None
