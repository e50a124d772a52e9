"""Transactions see one moment, exclude each other where they must, and never wait for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mock_samanage.store import Busy, Nested, Record, Stale, Store, Unusable
from tests.mock_samanage.store.tenants import NOW, USER, Tenant


def _in_threads(*works: Callable[[], None]) -> list[BaseException]:
    """What the works raised, all of them run at the same time."""
    raised: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            raised.append(error)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def test_writers_in_two_threads_lose_nothing(tenant: Tenant) -> None:
    counter = tenant.user("counter", title="0")
    stale = []

    def count() -> None:
        done = 0
        while done < 20:
            try:
                with tenant.store.writing() as session:
                    record = session.get(tenant.pk, USER, counter.id)
                    assert record is not None
                    title = str(int(record.document["title"]) + 1)
                    session.update(record, {**record.document, "title": title}, now=NOW)
                done += 1
            except Stale as error:  # PostgreSQL lets both read; the loser tries again
                stale.append(error)

    assert _in_threads(count, count) == []
    assert tenant.ids('title eq "40"') == [counter.id]


def test_of_two_writers_of_one_name_one_is_refused(tenant: Tenant) -> None:
    start = threading.Barrier(2)

    def insert() -> None:
        start.wait()
        tenant.user("ada")

    (refused,) = _in_threads(insert, insert)
    assert type(refused).__name__ == "Duplicate"
    assert len(tenant.ids()) == 1


def test_a_reader_sees_one_moment_while_others_write(shared_url: str) -> None:
    store = Store.open(shared_url)
    tenant = Tenant.made(store, "acme")
    tenant.user("ada")
    with store.reading() as session:
        assert session.count(tenant.pk, USER) == 1
        tenant.user("eve")
        assert session.count(tenant.pk, USER) == 1
    assert len(tenant.ids()) == 2
    store.close()


def test_two_stores_share_one_database(shared_url: str) -> None:
    one = Store.open(shared_url)
    two = Store.open(shared_url)
    user = Tenant.made(one, "acme").user("ada")
    with two.writing() as session:
        (account,) = session.accounts()
        assert session.get(account.pk, USER, user.id) == user
        assert session.next_id() != int(user.id)
    assert one.secret("jwt") == two.secret("jwt")
    one.close()
    two.close()


def test_what_is_committed_is_there_after_a_restart(shared_url: str) -> None:
    store = Store.open(shared_url)
    tenant = Tenant.made(store, "acme")
    user, secret = tenant.user("ada"), store.secret("jwt")
    store.close()
    again = Store.open(shared_url)
    assert Tenant(again, tenant.pk).get(user.id) == user
    assert again.secret("jwt") == secret
    again.close()


def test_a_second_process_that_writes_too_long_makes_a_writer_busy(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    one, two = Store.open(url), Store.open(url, busy_timeout=0.05)
    with one.writing(), pytest.raises(Busy), two.writing():
        raise AssertionError("never entered")
    with two.writing() as session:
        session.next_id()
    one.close()
    two.close()


def test_a_row_locked_too_long_makes_a_writer_busy_on_postgresql(postgres_url: str) -> None:
    store = Store.open(postgres_url, busy_timeout=0.05)
    user = Tenant.made(store, "acme").user("ada")
    with store.writing() as session:
        session.touch(user, now=NOW)
        with pytest.raises(Busy), store.writing() as other:
            other.touch(user, now=NOW)
    store.close()


def test_of_two_writers_who_add_one_member_the_later_is_stale_on_postgresql(postgres_url: str) -> None:
    """SQLite lets one write at a time; here the index, or the foreign key of a member deleted meanwhile, says no."""
    one, other = Store.open(postgres_url), Store.open(postgres_url)
    tenant = Tenant.made(one, "acme")
    ada, eve, group = tenant.user("ada"), tenant.user("eve"), tenant.group("g")
    late: list[BaseException] = []

    def add(member: Record) -> None:
        with other.writing() as session:
            session.add_members(group, [member.id])

    for member, write in ((ada, "add"), (eve, "delete")):
        with one.writing() as session:
            session.add_members(group, [member.id]) if write == "add" else session.delete(member)
            thread = threading.Thread(target=lambda who=member: late.extend(_in_threads(lambda: add(who))))
            thread.start()
            thread.join(0.3)
        thread.join(30)
    assert [type(error) for error in late] == [Stale, Stale]
    one.close()
    other.close()


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_a_thread_that_writes_too_long_makes_the_others_busy(kind: str, tmp_path: Path) -> None:
    store = Store.open("sqlite://" if kind == "memory" else f"sqlite:///{tmp_path}/s.db", busy_timeout=0.05)

    def write() -> None:
        with store.writing():
            pass

    with store.writing():
        (error,) = _in_threads(write)
    assert isinstance(error, Busy)
    store.close()


def test_a_writer_inside_a_writer_of_one_thread_is_refused_at_once(tmp_path: Path) -> None:
    for url in ("sqlite://", f"sqlite:///{tmp_path}/s.db"):
        store = Store.open(url)
        with store.writing(), pytest.raises(Nested), store.writing():
            raise AssertionError("never entered")
        with store.writing() as session:
            session.next_id()
        store.close()


def test_stores_in_memory_are_independent() -> None:
    one, two = Store.open(), Store.open()
    Tenant.made(one, "acme")
    with two.reading() as session:
        assert session.accounts() == []
    one.close()
    two.close()


def test_a_connection_that_the_server_closed_is_replaced(postgres_url: str) -> None:
    store = Store.open(postgres_url)
    tenant = Tenant.made(store, "acme")
    with store.reading() as session:
        (pid,) = session.cursor.execute("SELECT pg_backend_pid()").fetchone()
    killer = Store.open(postgres_url)
    with killer.reading() as session:
        session.cursor.execute(f"SELECT pg_terminate_backend({pid}, 5000)")
    assert tenant.ids() == []
    store.close()
    killer.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://host/db", "a store is sqlite://"),
        ("no url at all", "a store is sqlite://"),
        ("sqlite:////no/such/folder/x.db", "there is no directory /no/such/folder"),
        ("postgresql://nobody@127.0.0.1:1/none", "cannot connect to PostgreSQL"),
    ],
)
def test_a_url_that_leads_nowhere_is_explained(url: str, said: str) -> None:
    with pytest.raises(Unusable, match=said):
        Store.open(url)


def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("this is no database at all, it only looks like a file" * 100)
    with pytest.raises(Unusable, match="not a database"):
        Store.open(f"sqlite:///{tmp_path}/x.db")


def test_a_database_of_another_layout_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    store = Store.open(url)
    with store.writing() as session:
        session.cursor.execute("UPDATE property SET value = x'39' WHERE name = 'schema'")
    store.close()
    with pytest.raises(Unusable, match="layout"):
        Store.open(url)


def test_durability_full_makes_sqlite_wait_for_the_disk(tmp_path: Path) -> None:
    for durability, level in (("normal", 1), ("full", 2)):
        store = Store.open(f"sqlite:///{tmp_path}/{durability}.db", durability=durability)  # type: ignore[arg-type] # both are one of its words
        with store.reading() as session:
            assert session.cursor.execute("PRAGMA synchronous").fetchone() == (level,)
            assert session.cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        store.close()
