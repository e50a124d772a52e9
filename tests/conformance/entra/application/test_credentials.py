"""The Admin Credentials of the form, before the migration, after it, and what is stored meanwhile (TUTORIAL)."""

from __future__ import annotations

import pytest

from conformance.entra.application.credentials import AFTER, BEFORE, authorization, enter, fields, migrate
from conformance.entra.application.model import AdminCredentials
from conformance.entra.errors import ConfigError

STORED = AdminCredentials("admin@fabrik.example", "pass")
BASIC = "Basic YWRtaW5AZmFicmlrLmV4YW1wbGU6cGFzcw=="


def test_before_the_migration_the_form_asks_for_user_name_and_password() -> None:
    assert fields(AdminCredentials()) == BEFORE == ("Admin Username", "Admin Password")
    assert enter(AdminCredentials(), username=STORED.username, password="pass") == STORED
    assert authorization(STORED) == BASIC


def test_the_migration_is_silent() -> None:
    after = migrate(STORED)
    assert authorization(after) == BASIC
    assert fields(after) == AFTER == ("Secret Token",)


def test_after_it_a_token_takes_the_place_of_what_was_stored() -> None:
    after = enter(migrate(STORED), token="t0ken")
    assert after == AdminCredentials(token="t0ken", migrated=True)
    assert authorization(after) == "Bearer t0ken"
    assert authorization(enter(after, token="another")) == "Bearer another"


def test_after_it_no_password_can_be_entered() -> None:
    with pytest.raises(ConfigError, match="no field Admin Username; it asks for Secret Token"):
        enter(migrate(STORED), username="a", password="b")


def test_before_it_no_token_can_be_entered() -> None:
    with pytest.raises(ConfigError, match="no field Secret Token; it asks for Admin Username and Admin Password"):
        enter(STORED, token="t0ken")


@pytest.mark.parametrize(
    ("credentials", "given", "missing"),
    [
        (STORED, {"username": "a"}, "Admin Password"),
        (STORED, {"password": "b"}, "Admin Username"),
        (migrate(STORED), {}, "Secret Token"),
    ],
)
def test_an_empty_field_is_named(credentials: AdminCredentials, given: dict[str, str], missing: str) -> None:
    with pytest.raises(ConfigError, match=f"{missing} is empty"):
        enter(credentials, **given)


@pytest.mark.parametrize(("migrated", "asked"), [(False, "Admin Username and Admin Password"), (True, "Secret Token")])
def test_without_a_credential_nothing_can_be_sent(migrated: bool, asked: str) -> None:  # noqa: FBT001
    with pytest.raises(ConfigError, match=f"no credential is entered; the form asks for {asked}"):
        authorization(AdminCredentials(migrated=migrated))


def test_a_token_does_without_the_blanks_it_was_pasted_with() -> None:
    after = enter(migrate(STORED), token=" t0ken\n")
    assert authorization(after) == "Bearer t0ken"


@pytest.mark.parametrize("token", ["two words", "tökén", "a\r\nb"])
def test_a_token_that_no_header_carries_is_refused_when_it_is_entered(token: str) -> None:
    with pytest.raises(ConfigError, match="secret token"):
        enter(migrate(STORED), token=token)


def test_a_user_name_that_basic_cannot_carry_is_refused_when_it_is_entered() -> None:
    with pytest.raises(ConfigError, match="colon"):
        enter(AdminCredentials(), username="a:b", password="c")


def test_no_secret_is_shown() -> None:
    shown = repr(AdminCredentials("admin", "p4ssword", "t0ken"))
    assert "p4ssword" not in shown
    assert "t0ken" not in shown
