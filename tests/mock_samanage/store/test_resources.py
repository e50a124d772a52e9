"""Resources keep what they were given, and only changes at the right version get through."""

from __future__ import annotations

from typing import Any

import pytest

from mock_samanage.store import Duplicate, Stale, Store, StoreError
from tests.mock_samanage.store.tenants import GROUP, NOW, USER, Tenant


def test_a_resource_is_read_as_it_was_written(tenant: Tenant) -> None:
    written = tenant.user("Ada", emails=[{"value": "ada@example.com", "primary": True}], title="Gräfin \U0001f600")
    assert tenant.get(written.id) == written
    assert (written.version, written.created, written.modified) == (1, NOW, NOW)


def test_get_looks_for_the_type_it_is_asked_for(tenant: Tenant) -> None:
    user = tenant.user("ada")
    with tenant.store.reading() as session:
        assert session.get(tenant.pk, USER, user.id) == user
        assert session.get(tenant.pk, GROUP, user.id) is None


@pytest.mark.parametrize("id", ["", "nobody", "1\0", "\ud800", "é" * 5000])
def test_an_id_that_no_resource_has_gives_none(tenant: Tenant, id: str) -> None:
    tenant.user("ada", id="1")
    assert tenant.get(id) is None


def test_ids_never_come_twice(tenant: Tenant) -> None:
    user = tenant.user("ada")
    with tenant.store.writing() as session:
        session.delete(user)
        assert session.next_id() > int(user.id)


def test_an_update_gives_the_next_version_and_finds_the_new_values_only(tenant: Tenant) -> None:
    user = tenant.user("ada", title="old", nickName="n" * 300)
    with tenant.store.writing() as session:
        changed = session.update(user, {"schemas": [], "userName": "Ada2", "title": "new"}, now=NOW + 1)
    assert tenant.get(user.id) == changed
    assert (changed.version, changed.created, changed.modified) == (2, NOW, NOW + 1)
    assert tenant.ids('title eq "new"') == tenant.ids('userName eq "ada2"') == [user.id]
    assert tenant.ids('title eq "old"') == tenant.ids("nickName pr") == tenant.ids('userName eq "ada"') == []


def test_a_document_changed_in_place_is_indexed_too(tenant: Tenant) -> None:
    user = tenant.user("ada", title="old")
    user.document["title"] = "new"
    with tenant.store.writing() as session:
        session.update(user, user.document, now=NOW)
    assert tenant.ids('title eq "new"') == [user.id]


def test_long_values_can_change_behind_the_same_prefix(tenant: Tenant) -> None:
    user = tenant.user("ada", title="x" * 200 + "old")
    with tenant.store.writing() as session:
        session.update(user, {**user.document, "title": "x" * 200 + "new"}, now=NOW)
    assert tenant.ids('title ew "new"') == [user.id]
    assert tenant.ids('title ew "old"') == []


def test_touching_raises_the_version_alone(tenant: Tenant) -> None:
    group = tenant.group("g")
    with tenant.store.writing() as session:
        touched = session.touch(group, now=NOW + 5)
    assert (touched.version, touched.modified, touched.document) == (2, NOW + 5, group.document)
    assert tenant.get(group.id) == touched


@pytest.mark.parametrize("how", ["update", "touch", "delete"])
def test_a_record_that_has_changed_since_is_stale(tenant: Tenant, how: str) -> None:
    user = tenant.user("ada")
    with tenant.store.writing() as session:
        session.touch(user, now=NOW)
    writes: dict[str, Any] = {
        "update": lambda session: session.update(user, {"userName": "eve"}, now=NOW),
        "touch": lambda session: session.touch(user, now=NOW),
        "delete": lambda session: session.delete(user),
    }
    with pytest.raises(Stale), tenant.store.writing() as session:
        writes[how](session)
    assert tenant.ids('userName eq "ada"') == [user.id]


def test_a_transaction_goes_on_after_a_stale_write(tenant: Tenant) -> None:
    user, other = tenant.user("ada"), tenant.user("eve")
    with tenant.store.writing() as session:
        session.touch(user, now=NOW)
        with pytest.raises(Stale):
            session.update(user, {"userName": "bob"}, now=NOW)
        session.update(other, {"userName": "bob"}, now=NOW)
    assert tenant.names() == ["ada", "bob"]


def test_a_deleted_resource_is_stale_and_found_nowhere(tenant: Tenant) -> None:
    user = tenant.user("ada", title="t" * 500)
    with tenant.store.writing() as session:
        session.delete(user)
        with pytest.raises(Stale):
            session.delete(user)
    assert tenant.get(user.id) is None
    assert tenant.ids() == tenant.ids("title pr") == []
    tenant.user("ada")


def test_user_names_are_unique_whatever_their_case(tenant: Tenant) -> None:
    tenant.user("Straße")
    with pytest.raises(Duplicate) as caught:
        tenant.user("STRASSE")
    assert (caught.value.path, caught.value.value) == ("userName", "STRASSE")


def test_a_name_that_is_taken_cannot_be_taken_over(tenant: Tenant) -> None:
    ada, eve = tenant.user("ada", title="keep"), tenant.user("eve", title="me")
    with tenant.store.writing() as session:
        with pytest.raises(Duplicate, match="'ADA'"):
            session.update(eve, {"userName": "ADA"}, now=NOW)
        assert session.get(tenant.pk, USER, eve.id) == eve  # the transaction goes on as if nothing had happened
        session.update(ada, {"userName": "Ada", "title": "same name"}, now=NOW)
    assert tenant.ids('title eq "me"') == [eve.id]


def test_an_id_is_unique_in_its_account(tenant: Tenant) -> None:
    tenant.user("ada", id="7")
    with pytest.raises(Duplicate) as caught:
        tenant.user("eve", id="7")
    assert (caught.value.path, caught.value.value) == ("id", "7")


def test_group_names_and_user_names_do_not_meet(tenant: Tenant) -> None:
    tenant.user("ada", displayName="Same")
    tenant.user("eve", displayName="same")
    tenant.group("same")
    with pytest.raises(Duplicate) as caught:
        tenant.group("SAME")
    assert caught.value.path == "displayName"


def test_accounts_see_nothing_of_each_other(store: Store) -> None:
    one, two = Tenant.made(store, "one"), Tenant.made(store, "two")
    here, there = one.user("ada", id="1"), two.user("ada", id="1")
    assert one.get("1") == here
    assert two.get("1") == there
    for filter in (None, 'userName eq "ada"', 'id eq "1"', "not (title pr)", "userName pr", 'userName co "d"'):
        assert [record.rid for record in one.page(filter).records] == [here.rid]


def test_an_exception_undoes_the_whole_transaction(tenant: Tenant) -> None:
    def fail() -> None:
        with tenant.store.writing() as session:
            session.insert(tenant.pk, USER, {"userName": "ada"}, id="1", now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert tenant.ids() == []


def test_many_are_inserted_as_one_would_be(tenant: Tenant) -> None:
    documents = [(f"u{n}", {"userName": f"user{n}", "title": "t" * n}) for n in range(2500)]
    with tenant.store.writing() as session:
        assert session.insert_many(tenant.pk, USER, iter(documents), now=NOW) == 2500
        assert session.count(tenant.pk, USER) == 2500
    assert tenant.ids('userName eq "USER2499"') == ["u2499"]
    assert tenant.ids('title eq "' + "t" * 1234 + '"') == ["u1234"]
    assert tenant.ids() == [id for id, _ in documents]


def test_one_duplicate_among_many_is_named(tenant: Tenant) -> None:
    documents = [(str(n), {"userName": f"user{n % 2400}"}) for n in range(2500)]
    with pytest.raises(Duplicate, match="'user0'"), tenant.store.writing() as session:
        session.insert_many(tenant.pk, USER, documents, now=NOW)
    assert tenant.ids() == []
    tenant.user("ada")
    assert tenant.names('userName sw "a"') == ["ada"]


def test_a_session_is_over_when_its_block_ends(tenant: Tenant) -> None:
    with tenant.store.reading() as session:
        pass
    with pytest.raises(StoreError, match="over"):
        session.get(tenant.pk, USER, "1")
