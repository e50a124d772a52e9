"""The hook operations, completed with what only the web knows: URLs and the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mock_samanage.tenant.account import AccountView
from mock_samanage.tenant.errors import BadArgument
from mock_samanage.tenant.hooks import run_hook
from mock_samanage.tenant.quirks import MOUNTS
from mock_samanage.tenant.tenant import Tenant
from mock_samanage.web.faults.faults import Faults
from mock_samanage.web.journal.exports import json_lines
from mock_samanage.web.journal.journal import Journal
from mock_samanage.web.journal.shelf import Wanted

JOURNAL_READ = "journal.read"


@dataclass(slots=True)
class Hooks:
    """Runs hooks for the control API.

    `origin` is scheme, host and port of SCIM, `control` the base of the control API; they are set once the
    listeners have their ports. `public_url` replaces both origin and mount.
    """

    tenant: Tenant
    journal: Journal
    faults: Faults
    origin: str = ""
    public_url: str | None = None
    control: str = ""

    def url_of(self, account: AccountView) -> str:
        """The SCIM base URL of an account: the first mount it has."""
        if self.public_url is not None:
            return self.public_url.rstrip("/")
        return f"{self.origin}{MOUNTS[account.quirks['mounts']][0]}"

    def run(self, name: object, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """What the hook answers; raises TenantError. Every secret it shows is kept out of the journal from now on."""
        if not isinstance(name, str):
            raise BadArgument('"hook" is the name of a hook, such as account.create.')
        if name == JOURNAL_READ:
            return self._read_journal(arguments)
        answer = run_hook(self.tenant, name, arguments)
        self.journal.redactor.know(answer.get("token"), answer.get("password"), login=answer.get("username"))
        if name == "account.delete":
            self.faults.clear(str(arguments.get("account")))
        if name == "account.create":
            account = self.tenant.accounts.get(answer["account"])
            return {**answer, "url": self.url_of(account), "control": self.control}
        return answer

    def _read_journal(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        account = self.tenant.accounts.get(str(arguments.get("account", "")))
        entries = self.journal.read(Wanted(account=account.name))
        return {"text": json_lines(entries)}
