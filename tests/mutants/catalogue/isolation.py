"""Defects of accounts that share a server, and of data that a migration moves."""

from __future__ import annotations

from dataclasses import replace

from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.ids import Ids


def _others(directory: Directory) -> list[Directory]:
    """The directories of the other accounts of the server, as if the principal of this one might see them."""
    own = directory._account
    with directory._store.reading() as session:
        found = [account.pk for account in session.accounts() if account.pk != own.pk]
    return [Directory(directory._store, replace(own, pk=pk), Ids(), directory._now) for pk in found]


def _removed(directory: Directory, type_name: str, resource_id: str) -> None:
    with directory._store.writing() as session:
        session.delete(directory._find(session, type_name, resource_id))
