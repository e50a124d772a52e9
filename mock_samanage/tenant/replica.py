"""A copy of one account as it is at this moment, in a store of its own in memory: what a lagging replica would hold."""

from __future__ import annotations

from mock_samanage.store import Session, Store
from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.accounts import NewAccount
from mock_samanage.tenant.tenant import Tenant

_PAGE = 1000  # resources read at once


def replica_of(tenant: Tenant, name: str) -> Tenant:
    """Another tenant that holds the account alone, with its credentials and versions; NoSuchThing.

    Whoever asked for it closes its store.
    """
    account = tenant.accounts.get(name)
    copy = Tenant(Store.open("sqlite://"))
    copy.accounts.create(NewAccount(name=name, schemas=account.settings.schemas, password="replica"))  # noqa: S106 replaced
    copied = copy.accounts.restore(name, tenant.accounts.snapshot(name))
    with tenant.store.reading() as source, copy.store.writing() as target:
        for kind in account.registry.types:
            _age(source, account, target, copied, kind.name)
    return copy


def _age(source: Session, account: AccountView, target: Session, copied: AccountView, type_name: str) -> None:
    """Gives the copies of one type the versions and times of their originals; a snapshot has neither."""
    kind = account.registry.type_named(type_name)
    assert kind is not None
    start = 1
    while records := source.query(account.pk, [kind], None, start=start, count=_PAGE).records:
        start += len(records)
        for record in records:
            present = target.get(copied.pk, kind, record.id)
            while present is not None and present.version < record.version:
                present = target.touch(present, now=record.modified)
