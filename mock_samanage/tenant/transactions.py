"""Writes of accounts and credentials, each one transaction, repeated when another one changed the account meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from mock_samanage.store import Account, Busy, Session, Store
from mock_samanage.tenant.account import AccountSettings
from mock_samanage.tenant.errors import TryAgain

ATTEMPTS = 8  # transactions that may lose a race before the caller hears of it
_T = TypeVar("_T")


class Raced(Exception):
    """Another transaction changed the account's settings since this one read them."""


def settle(session: Session, account: Account, settings: AccountSettings) -> Account:
    """The account with these settings; Raced unless they follow on those of the given generation."""
    settled = session.update_account(account.pk, settings.json())
    if settled.generation != account.generation + 1:
        raise Raced(account.name)
    return settled


def write(store: Store, work: Callable[[Session], _T]) -> _T:
    """The result of the work in one transaction; TryAgain if others hold the store or keep changing the account."""
    for _ in range(ATTEMPTS):
        try:
            with store.writing() as session:
                return work(session)
        except Raced:
            continue
        except Busy:
            break
    raise TryAgain("Other writers hold the store; try again in a second.")
