"""The quirk rate-limit: so many requests of an account in a minute, counted by this process.

Source: 1,000 (Advanced) and 1,500 (Premier) calls a minute for the whole account, quoted from the OpenAPI
text of the REST interface.
"""

from __future__ import annotations

import threading

from mock_samanage.scim.errors import TooManyRequests
from mock_samanage.tenant.clock import SECOND

_MINUTE = 60 * SECOND


class RateCounter:
    """Counts requests by account in minutes of the account's clock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[int, tuple[int, int]] = {}  # account -> (minute, requests)

    def charge(self, account: int, limit: int, now: int) -> None:
        """Counts one request; TooManyRequests, with Retry-After in seconds, if the minute is used up."""
        minute, elapsed = divmod(now, _MINUTE)
        with self._lock:
            counted, requests = self._counts.get(account, (minute, 0))
            requests = requests + 1 if counted == minute else 1
            self._counts[account] = (minute, requests)
        if requests > limit:
            wait = str(-(-(_MINUTE - elapsed) // SECOND))
            raise TooManyRequests(
                f"The account has used up its {limit} requests of this minute; try again in {wait} seconds.",
                (("Retry-After", wait),),
            )
