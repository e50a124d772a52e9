"""`mock-samanage` as it is but for the journal, which serve's application is not given: what the journal costs."""

from __future__ import annotations

from mock_samanage import cli, serve
from mock_samanage.app import create_app
from mock_samanage.tenant.tenant import Tenant
from mock_samanage.web.application import Application
from mock_samanage.web.base_url import BaseUrl
from mock_samanage.web.faults.faults import Faults
from mock_samanage.web.journal.journal import Journal


def without_journal(tenant: Tenant, _journal: Journal, base_url: BaseUrl, faults: Faults) -> Application:
    """The application that keeps no journal."""
    return create_app(tenant, None, base_url, faults)


if __name__ == "__main__":
    setattr(serve, "create_app", without_journal)  # noqa: B010 serve only borrows the name
    cli.main()
