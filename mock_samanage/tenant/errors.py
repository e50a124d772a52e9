"""The errors of running a tenant, as the control API and the command line report them.

    TenantError
    ├── BadArgument 400        an argument is missing, unknown or of the wrong kind
    ├── NoSuchThing 404        the account, credential or hook does not exist
    ├── Refused 409            the present state forbids it (phase, taken name, fixed quirk)
    └── TryAgain 503           other writers hold the store

What a SCIM client did wrong is a `scim.errors.ScimError` instead.
"""

from __future__ import annotations

from typing import ClassVar


class TenantError(Exception):
    """An operation on accounts or credentials that cannot be done; the text says what would be right."""

    status: ClassVar[int] = 500

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class BadArgument(TenantError):
    """An argument is missing, unknown or of the wrong kind."""

    status = 400


class NoSuchThing(TenantError):
    """The account, the credential or the hook does not exist."""

    status = 404


class Refused(TenantError):
    """The present state forbids the operation."""

    status = 409


class TryAgain(TenantError):
    """Other writers hold the store; the same operation may succeed a little later."""

    status = 503
