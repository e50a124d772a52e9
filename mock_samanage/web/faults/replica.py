"""What stale reads are answered from."""

from __future__ import annotations

from mock_samanage.tenant.replica import replica_of
from mock_samanage.tenant.tenant import Tenant
from mock_samanage.web.application import Application
from mock_samanage.web.base_url import BaseUrl


class Replica:
    """The SCIM application over a copy of an account as it was when this was made."""

    def __init__(self, tenant: Tenant, name: str, base_url: BaseUrl | None) -> None:
        self._copy = replica_of(tenant, name)
        self.app = Application(self._copy, base_url=base_url).inner

    def close(self) -> None:
        """Forgets the copy."""
        self._copy.store.close()
