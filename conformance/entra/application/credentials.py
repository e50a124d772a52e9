"""The Admin Credentials of the form, before and after the migration to the secret token (TUTORIAL)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from conformance.entra.application.model import AdminCredentials
from conformance.entra.errors import ConfigError
from conformance.entra.wire.channel import basic, bearer

BEFORE: Final = ("Admin Username", "Admin Password")
AFTER: Final = ("Secret Token",)


def fields(credentials: AdminCredentials) -> tuple[str, ...]:
    """The fields that the form shows; by them one sees whether an application was migrated."""
    return AFTER if credentials.migrated else BEFORE


def authorization(credentials: AdminCredentials) -> str:
    """The Authorization of every request: the token where there is one, else the stored user name and password.

    Raises ConfigError where nothing was entered.
    """
    if credentials.token:
        return bearer(credentials.token)
    if credentials.username:
        return basic(credentials.username, credentials.password)
    raise ConfigError(f"no credential is entered; the form asks for {' and '.join(fields(credentials))}")


def migrate(credentials: AdminCredentials) -> AdminCredentials:
    """The application after the silent change: what was stored keeps working; the form asks for a token."""
    return replace(credentials, migrated=True)


def enter(
    credentials: AdminCredentials, *, username: str = "", password: str = "", token: str = ""
) -> AdminCredentials:
    """The credentials after an administrator has filled in the form; what was stored is gone.

    Raises ConfigError for fields it does not show, empty ones, and what no Authorization can carry.
    """
    token = token.strip()
    given = {BEFORE[0]: username, BEFORE[1]: password, AFTER[0]: token}
    shown = fields(credentials)
    if surplus := [name for name, value in given.items() if value and name not in shown]:
        raise ConfigError(f"the form has no field {surplus[0]}; it asks for {' and '.join(shown)}")
    if missing := [name for name in shown if not given[name]]:
        raise ConfigError(f"{missing[0]} is empty; the form asks for {' and '.join(shown)}")
    entered = AdminCredentials(username, password, token, credentials.migrated)
    authorization(entered)
    return entered
