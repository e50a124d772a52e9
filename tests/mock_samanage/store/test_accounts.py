"""Accounts and credentials, and what one statement tells about a request's credential."""

from __future__ import annotations

import pytest

from mock_samanage.store import NameTaken, Store
from tests.mock_samanage.store.tenants import NOW, USER, Tenant


def test_the_first_account_is_the_default(store: Store) -> None:
    with store.writing() as session:
        assert session.default_account() is None
        first = session.create_account("one", {"phase": "basic", "list": [1, "ü"]}, now=NOW)
        second = session.create_account("two", {}, now=NOW)
        assert session.accounts() == [first, second]
        assert session.default_account() == session.account("one") == session.account_by_pk(first.pk) == first
        assert session.account("three") is None


def test_an_account_name_is_taken_once(store: Store) -> None:
    with store.writing() as session:
        session.create_account("one", {}, now=NOW)
        with pytest.raises(NameTaken, match="'one'"):
            session.create_account("one", {}, now=NOW)
        session.create_account("two", {}, now=NOW)


def test_a_change_of_settings_is_a_new_generation(store: Store) -> None:
    with store.writing() as session:
        account = session.create_account("one", {"phase": "basic"}, now=NOW)
        changed = session.update_account(account.pk, {"phase": "token"})
        assert (changed.settings, changed.generation) == ({"phase": "token"}, account.generation + 1)
        assert session.account("one") == changed


def test_an_emptied_account_keeps_its_credentials_and_loses_its_resources(tenant: Tenant) -> None:
    other = Tenant.made(tenant.store, "other")
    for each in (tenant, other):
        user = each.user("ada", title="t" * 300)
        each.group("g", (user,))
        with each.store.writing() as session:
            session.add_credential(each.pk, id="c", kind="token", owner=user.id, secret=str(each.pk).encode(), now=NOW)
    with tenant.store.writing() as session:
        session.empty_account(tenant.pk)
        assert [credential.id for credential in session.credentials(tenant.pk)] == ["c"]
    assert tenant.ids() == []
    assert len(other.ids()) == 1
    tenant.user("ada")


def test_a_deleted_account_leaves_nothing(tenant: Tenant) -> None:
    user = tenant.user("ada")
    with tenant.store.writing() as session:
        session.add_credential(tenant.pk, id="c", kind="token", owner=user.id, secret=b"s", now=NOW)
        session.delete_account(tenant.pk)
        assert session.accounts() == []
        for table in ("resource", "attribute_value", "credential", "membership"):
            assert session.cursor.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_token_leads_to_credential_account_and_owner(tenant: Tenant) -> None:
    user = tenant.user("ada", roles=[{"value": "Administrator"}])
    with tenant.store.writing() as session:
        token = session.add_credential(tenant.pk, id="t", kind="token", owner=user.id, secret=b"\0hash", now=NOW)
        basic = session.add_credential(
            tenant.pk, id="b", kind="basic", owner=user.id, secret=b"record", now=NOW, login="ada@example.com"
        )
    with tenant.store.reading() as session:
        found = session.authentication(token_hash=b"\0hash")
        assert found is not None
        assert (found.credential, found.account.pk, found.owner) == (token, tenant.pk, user)
        by_login = session.authentication(login="ada@example.com")
        assert by_login is not None
        assert (by_login.credential, by_login.owner) == (basic, user)
        assert session.authentication(token_hash=b"record") is None  # a password's record is no token
        assert session.authentication(login="eve@example.com") is None


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", ""])
def test_names_that_no_text_can_hold_are_unknown(tenant: Tenant, text: str) -> None:
    with tenant.store.reading() as session:
        assert session.account(text) is None
        assert session.credential(tenant.pk, text) is None
        assert session.authentication(login=text) is None


def test_a_credential_outlives_its_owner(tenant: Tenant) -> None:
    user = tenant.user("ada")
    with tenant.store.writing() as session:
        session.add_credential(tenant.pk, id="t", kind="token", owner=user.id, secret=b"s", now=NOW)
        session.delete(user)
        found = session.authentication(token_hash=b"s")
        assert found is not None
        assert found.owner is None


def test_a_changed_credential_is_a_new_generation(tenant: Tenant) -> None:
    with tenant.store.writing() as session:
        made = session.add_credential(tenant.pk, id="t", kind="basic", owner="1", secret=b"s", now=NOW, login="a@b")
        expired = session.update_credential(made.pk, state="expired")
        assert (expired.state, expired.secret, expired.login, expired.generation) == ("expired", b"s", "a@b", 2)
        renewed = session.update_credential(made.pk, secret=b"new", state="active", login="c@d")
        assert session.credential(tenant.pk, "t") == renewed
        assert (renewed.secret, renewed.login, renewed.generation) == (b"new", "c@d", 3)
        session.delete_credential(made.pk)
        assert session.credential(tenant.pk, "t") is None


def test_logins_are_unique_over_all_accounts(store: Store) -> None:
    one, two = Tenant.made(store, "one"), Tenant.made(store, "two")
    with store.writing() as session:
        session.add_credential(one.pk, id="a", kind="basic", owner="1", secret=b"1", now=NOW, login="a@b")
        with pytest.raises(NameTaken):
            session.add_credential(two.pk, id="a", kind="basic", owner="1", secret=b"2", now=NOW, login="a@b")
        other = session.add_credential(two.pk, id="a", kind="basic", owner="1", secret=b"2", now=NOW, login="c@d")
        with pytest.raises(NameTaken):
            session.update_credential(other.pk, login="a@b")
        assert session.credentials(two.pk) == [other]


def test_a_secret_is_made_once_and_differs_by_name(store: Store) -> None:
    assert len(store.secret("jwt")) == 64
    assert store.secret("jwt") == store.secret("jwt") != store.secret("other")


def test_the_owner_is_looked_up_in_the_account_of_the_credential(store: Store) -> None:
    one, two = Tenant.made(store, "one"), Tenant.made(store, "two")
    one.user("ada", id="1")
    eve = two.user("eve", id="1")
    with store.writing() as session:
        session.add_credential(two.pk, id="t", kind="token", owner="1", secret=b"s", now=NOW)
        found = session.authentication(token_hash=b"s")
        assert found is not None
        assert found.owner == session.get(two.pk, USER, "1") == eve
