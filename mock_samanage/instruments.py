"""What a test turns and reads at a LiveServer: the faults of an account, and its journal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_samanage.live import Live
    from mock_samanage.web.journal.entries import Entry


class FaultControl:
    """The fault plan of an account; rules have the keys of a plan, `BadPlan` says which is wrong."""

    def __init__(self, live: Live, account: str) -> None:
        self._faults = live.faults
        self._account = account

    def set(self, *rules: Mapping[str, Any]) -> None:
        """Puts these rules in the place of the present ones; counters start again."""
        from mock_samanage.web.faults.plan import read_rules  # noqa: PLC0415 loaded by the server anyway

        self._faults.set(self._account, read_rules({"faults": [*rules]}))

    def add(self, **rule: Any) -> None:
        """Adds one rule at the end, such as `add(kind="status", status=503, match={"method": "POST"})`."""
        from mock_samanage.web.faults.plan import rule as checked  # noqa: PLC0415

        self._faults.add(self._account, checked(rule))

    def clear(self) -> None:
        """Drops the rules."""
        self._faults.clear(self._account)

    def played(self) -> list[dict[str, Any]]:
        """The rules as they were given, with how many requests `matched` each and how often it was `played`."""
        return self._faults.shown(self._account)


class JournalView:
    """What was asked of an account over the network, oldest first; read anew each time.

    Entries are those of the control API: `method`, `path`, `route`, `status`, `fault`, `request`, `response` and more.
    """

    def __init__(self, live: Live, account: str) -> None:
        self._live = live
        self._account = account

    def all(self, **filters: Any) -> list[dict[str, Any]]:
        """The entries that fit: `method`, `path` and `text` (parts of them), `status`, `since`, `limit`.

        `status` None means that nothing was sent; `since` is in microseconds since the epoch, as an entry's `moment`.
        """
        return [entry.as_json() for entry in self._read(filters)]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())

    def __getitem__(self, place: int) -> dict[str, Any]:
        return self.all()[place]

    def clear(self) -> None:
        """Forgets every entry."""
        self._live.journal.clear()

    def har(self) -> dict[str, Any]:
        """The entries as an HTTP archive, version 1.2."""
        from mock_samanage.web.journal.exports import har  # noqa: PLC0415 a test that exports nothing does not pay

        found: dict[str, Any] = json.loads(har(self._read({}), self._live.hooks.origin))
        return found

    def _read(self, filters: Mapping[str, Any]) -> list[Entry]:
        from mock_samanage.web.journal.shelf import NOTHING_SENT, Wanted  # noqa: PLC0415

        status = {"status": NOTHING_SENT} if filters.get("status", 0) is None else {}
        return self._live.journal.read(Wanted(account=self._account, **{**filters, **status}))
