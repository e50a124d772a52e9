"""One transaction on the store."""

from __future__ import annotations

from mock_samanage.store.accounts import Accounts
from mock_samanage.store.membership import Memberships
from mock_samanage.store.querying import Queries
from mock_samanage.store.resources import Resources


class Session(Accounts, Resources, Queries, Memberships):
    """Everything the store can do inside one transaction; `account` arguments are `Account.pk`."""

    __slots__ = ()
