"""Where the web meets the tenant: applications are put together here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from mock_samanage.settings import Settings
from mock_samanage.store import Store
from mock_samanage.tenant.accounts import NewAccount
from mock_samanage.tenant.tenant import Bootstrap, Tenant
from mock_samanage.web.application import Application
from mock_samanage.web.base_url import BaseUrl
from mock_samanage.web.faults.faults import Faults
from mock_samanage.web.journal.journal import Journal


@dataclass(frozen=True, slots=True)
class Opened:
    """A tenant over an open store, and what `serve` shows of its default account."""

    tenant: Tenant
    bootstrap: Bootstrap


def new_account(settings: Settings) -> NewAccount:
    """The default account as the settings want it."""
    return NewAccount(
        phase=settings.phase,
        preset=settings.preset,
        plan=settings.plan,
        schemas=settings.schemas,
        filterable="all" if settings.filterable is None else list(settings.filterable),
        quirks=settings.quirks,
        username=settings.username,
        password=settings.password,
        token=settings.token,
    )


def open_tenant(settings: Settings) -> Opened:
    """The tenant in the settings' store, with its default account and the people asked for.

    Raises the errors of `store` (Unusable) and of `tenant` (BadArgument, Refused).
    """
    store = Store.open(settings.store or "sqlite://", durability=settings.durability)
    try:
        tenant = Tenant(store)
        bootstrap = tenant.bootstrap(new_account(settings))
        if settings.users and bootstrap.fresh:
            tenant.accounts.seed(bootstrap.account, users=settings.users, seed=settings.seed)
    except BaseException:
        store.close()
        raise
    return Opened(tenant, bootstrap)


def create_app(
    source: Settings | Tenant,
    journal: Journal | None = None,
    base_url: BaseUrl | None = None,
    faults: Faults | None = None,
) -> Application:
    """The SCIM application over a tenant, or over the one that settings describe, whose store it then opens."""
    if isinstance(source, Tenant):
        return Application(source, journal, base_url, faults)
    return Application(open_tenant(source).tenant, journal, base_url or base_url_of(source))


def base_url_of(settings: Settings) -> BaseUrl:
    """How the server's references begin."""
    public = settings.public_url.rstrip("/") if settings.public_url else None
    return BaseUrl(public, settings.trust_proxy)


def worker_app(settings: Settings, journal_path: str) -> Application:
    """The application of one worker process, over a store whose accounts the main process has made."""
    store = Store.open(settings.store or "sqlite://", durability=settings.durability)
    return Application(Tenant(store), Journal(journal_path), base_url_of(settings))
