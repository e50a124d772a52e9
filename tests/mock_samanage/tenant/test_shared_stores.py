"""A tenant on stores that several writers share: a SQLite file and PostgreSQL."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from mock_samanage.scim.errors import InvalidValue, NotFound, PreconditionFailed, Unauthorized, Uniqueness
from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.store import Store
from mock_samanage.tenant.accounts import NewAccount
from mock_samanage.tenant.authentication import AuthorizationHeaders
from mock_samanage.tenant.errors import Refused
from mock_samanage.tenant.resource import Query
from mock_samanage.tenant.tenant import Tenant
from mock_samanage.tenant.versions import Preconditions
from tests.mock_samanage.tenant.bodies import found, group, patch, user

WRITERS = 4
EACH = 4


@pytest.fixture(params=["file", "postgres_url"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tenant]:
    url = f"sqlite:///{tmp_path}/t.db" if request.param == "file" else request.getfixturevalue(request.param)
    store = Store.open(url, busy_timeout=20)
    tenant = Tenant(store)
    tenant.bootstrap(NewAccount(name="acme", phase="basic"))
    yield tenant
    store.close()


def at_once(work: Callable[[int], object]) -> list[object]:
    """What the writers get, all of them working at the same time."""
    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(work, range(WRITERS)))


def test_the_life_of_users_and_groups(shared: Tenant) -> None:
    directory = shared.directory_of(shared.accounts.get("acme"))
    ann = directory.create("User", user("ann", roles={"displayName": "Service Task User"}))
    crew = directory.create("Group", group("Ops", ann.id))
    assert found(directory, 'roles.value eq "Service Task User" and userName sw "AN"') == [ann.id]
    assert found(directory, f'members eq "{ann.id}"', "Group") == [crew.id]
    with pytest.raises(Uniqueness):
        directory.create("User", user("ANN"))
    directory.patch("Group", crew.id, patch(("remove", "members", [{"value": ann.id}])))
    directory.delete("User", ann.id)
    for strange in (ann.id, "\x00", "\ud800", "x" * 5000):
        with pytest.raises(NotFound):
            directory.get("User", strange)


def test_groups_that_hold_each_other_are_made_together_or_not_at_all(shared: Tenant) -> None:
    directory = shared.directory_of(shared.accounts.get("acme"))
    firsts = [("Group", group("One")), ("Group", group("Two"))]

    def complete(ids: Sequence[str]) -> list[dict[str, Any]]:
        return [group("One", ids[1]), group("Two", ids[0])]

    one, two = directory.create_together(firsts, complete)
    assert found(directory, f'members eq "{two.id}"', "Group") == [one.id]
    assert found(directory, f'members eq "{one.id}"', "Group") == [two.id]
    with pytest.raises(Uniqueness):
        directory.create_together([("Group", group("Three")), ("Group", group("Two"))], complete)
    with pytest.raises(InvalidValue):
        directory.create_together([("Group", group("Three"))], lambda ids: [group("Three", *ids)])
    assert found(directory, "displayName pr", "Group") == [one.id, two.id]


def test_strange_logins_are_401(shared: Tenant) -> None:
    for login in (b"\x00:x", b"a\x00b:x", "ünknown:x".encode(), b":", b"x" * 3000 + b":y"):
        with pytest.raises(Unauthorized):
            shared.authenticate(AuthorizationHeaders("Basic " + base64.b64encode(login).decode()))


def test_no_write_of_many_writers_is_lost(shared: Tenant) -> None:
    account = shared.accounts.get("acme")
    made = shared.directory_of(account).create("User", user("ann"))
    crew = shared.directory_of(account).create("Group", group("Ops"))

    def work(writer: int) -> None:
        directory = shared.directory_of(account)
        for number in range(EACH):
            name = f"u{writer}-{number}"
            department = {"department": f"D{writer}"}
            new = directory.create("User", {**user(name), ENTERPRISE_URN: department})
            directory.patch("Group", crew.id, patch(("add", "members", [{"value": new.id}])), wanted=frozenset())
            email = {"type": name, "value": f"{name}@x.example"}
            directory.patch("User", made.id, patch(("add", "emails", [email])))

    at_once(work)
    directory = shared.directory_of(account)
    assert len(directory.get("User", made.id).document["emails"]) == WRITERS * EACH
    assert len(directory.get("Group", crew.id).members or ()) == WRITERS * EACH
    assert directory.get("User", made.id).version == 1 + WRITERS * EACH
    assert set(shared.accounts.get("acme").settings.departments) == {f"D{writer}" for writer in range(WRITERS)}


def test_one_of_the_writers_with_the_same_version_wins(shared: Tenant) -> None:
    account = shared.accounts.get("acme")
    made = shared.directory_of(account).create("User", user("ann"))

    def work(writer: int) -> object:
        match = Preconditions(if_match='W/"1"')
        try:
            return (
                shared.directory_of(account)
                .patch("User", made.id, patch(("add", "title", f"T{writer}")), match)
                .version
            )
        except PreconditionFailed:
            return PreconditionFailed

    assert sorted(map(str, at_once(work))) == sorted(map(str, [2, *[PreconditionFailed] * (WRITERS - 1)]))


def test_one_of_the_writers_with_the_same_name_wins(shared: Tenant) -> None:
    account = shared.accounts.get("acme")

    def work(_writer: int) -> object:
        try:
            return shared.directory_of(account).create("User", user("ann")).document["userName"]
        except Uniqueness:
            return Uniqueness

    assert at_once(work).count("ann") == 1
    assert len(found(shared.directory_of(account), 'userName eq "ann"')) == 1


def test_phases_move_while_others_write(shared: Tenant) -> None:
    account = shared.accounts.get("acme")

    def work(writer: int) -> None:
        if writer == 0:
            for phase in ("transition", "token"):
                shared.accounts.set_phase("acme", phase)
                shared.credentials.create("acme", "token")
            return
        directory = shared.directory_of(account)
        for number in range(EACH):
            department = {"department": f"D{writer}-{number}"}
            directory.create("User", {**user(f"u{writer}-{number}"), ENTERPRISE_URN: department})

    at_once(work)
    after = shared.accounts.get("acme")
    assert after.phase == "token"
    assert len(after.settings.departments) == (WRITERS - 1) * EACH
    people = shared.directory_of(after).query(("User",), Query()).resources
    assert len({person.id for person in people}) == len(people) == 1 + (WRITERS - 1) * EACH


def test_credentials_made_at_once_differ(shared: Tenant) -> None:
    shared.accounts.set_phase("acme", "transition")
    tokens = at_once(lambda _writer: shared.credentials.create("acme", "token").token)
    assert len(set(tokens)) == WRITERS
    assert len({each.id for each in shared.credentials.of("acme")}) == WRITERS + 1
    for token in tokens:
        assert shared.authenticate(AuthorizationHeaders(f"Bearer {token}")).account.name == "acme"


def test_accounts_made_at_once_with_one_name_are_one(shared: Tenant) -> None:
    def work(_writer: int) -> object:
        try:
            return shared.accounts.create(NewAccount(name="new")).account.name
        except Refused:
            return Refused

    assert sorted(map(str, at_once(work))) == sorted(map(str, ["new", *[Refused] * (WRITERS - 1)]))
    assert [account.name for account in shared.accounts.list()] == ["acme", "new"]
