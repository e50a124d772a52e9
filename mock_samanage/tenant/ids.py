"""Names and secrets from one source, which a seed makes repeatable."""

from __future__ import annotations

import random
import string
import uuid

from mock_samanage.store import Session
from mock_samanage.tenant.account import AccountView

_PASSWORD = string.ascii_letters + string.digits


class Ids:
    """A source of names, ids and secrets; without a seed it is the operating system's."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 a seed is asked for

    def uuid(self) -> str:
        """A random UUID (version 4) in lower case."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def bytes(self, count: int) -> bytes:
        """That many random bytes."""
        return self._random.randbytes(count)

    def password(self) -> str:
        """24 letters and digits, 142 bits."""
        return "".join(self._random.choice(_PASSWORD) for _ in range(24))

    def account_name(self) -> str:
        """A fresh account name, such as `acc-5kq2m0zt`."""
        alphabet = string.ascii_lowercase + string.digits
        return "acc-" + "".join(self._random.choice(alphabet) for _ in range(8))


def new_id(session: Session, account: AccountView, ids: Ids) -> str:
    """The id of the next resource, in the form the quirk id-form says."""
    return ids.uuid() if account.quirks["id-form"] == "uuid" else str(session.next_id())
