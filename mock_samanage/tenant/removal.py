"""Removing a resource: the groups it was in have one member less, so they have a new version."""

from __future__ import annotations

from mock_samanage.store import Record, Session
from mock_samanage.tenant.account import AccountView


def remove(session: Session, account: AccountView, record: Record, *, now: int) -> None:
    """Deletes the record with its memberships (AMB-21) and touches the groups that held it."""
    for reference in session.groups_of(record):
        group = session.get(account.pk, account.registry.group, reference.id)
        if group is not None:
            session.touch(group, now=now)
    session.delete(record)
