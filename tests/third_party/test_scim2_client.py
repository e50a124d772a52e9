"""scim2-client from PyPI works with the tenant, by its own models: create, query, search, replace, patch, delete."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import (
    Email,
    EnterpriseUser,
    Group,
    GroupMember,
    ListResponse,
    Name,
    PatchOp,
    PatchOperation,
    SearchRequest,
    User,
)

from mock_samanage.testing import LiveServer

Person = User[EnterpriseUser]


@pytest.fixture(scope="module")
def client() -> Iterator[SyncSCIMClient]:
    """A client that validates every answer against what the tenant publishes of itself."""
    with LiveServer() as server, httpx2.Client(base_url=server.url, headers=server.headers) as http:
        found = SyncSCIMClient(http)
        found.discover()
        yield found


def person(name: str) -> Any:
    """A user with an extension."""
    made = Person(user_name=f"{name}@example.com", name=Name(given_name=name.title(), family_name="Lopez"))
    made.emails = [Email(value=f"{name}@example.com", type=Email.Type.work, primary=True)]
    made[EnterpriseUser] = EnterpriseUser(department="Ops", employee_number="4471")
    return made


def test_a_user_is_created_and_read(client: SyncSCIMClient) -> None:
    made = client.create(person("mara"))
    read = client.query(Person, made.id)
    assert read.user_name == "mara@example.com"
    assert read[EnterpriseUser].department == "Ops"
    assert read.meta.version == made.meta.version


def test_a_user_is_found_by_a_filter_and_by_search(client: SyncSCIMClient) -> None:
    made = client.create(person("ida"))
    search = SearchRequest(filter='userName eq "IDA@example.com"', attributes=["userName"])
    by_query = client.query(Person, query_parameters=search)
    by_search = client.search(search_request=search)
    for found in (by_query, by_search):
        assert isinstance(found, ListResponse)
        assert [each.id for each in found.resources] == [made.id]
        assert found.resources[0].name is None


def test_a_replaced_user_keeps_nothing_else(client: SyncSCIMClient) -> None:
    made = client.create(person("zoe"))
    made.display_name, made.emails = "Zoe", None
    client.replace(made)
    read = client.query(Person, made.id)
    assert (read.display_name, read.emails) == ("Zoe", None)


def test_a_patch_changes_what_it_names(client: SyncSCIMClient) -> None:
    made = client.create(person("tom"))
    operations = [
        PatchOperation(op=PatchOperation.Op.replace_, path="name.familyName", value="Ruiz"),
        PatchOperation(op=PatchOperation.Op.remove, path='emails[type eq "work"]'),
    ]
    client.modify(Person, made.id, PatchOp[Person](operations=operations))
    read = client.query(Person, made.id)
    assert (read.name.family_name, read.name.given_name, read.emails) == ("Ruiz", "Tom", None)


def test_a_group_holds_its_members_and_is_deleted(client: SyncSCIMClient) -> None:
    user = client.create(person("eva"))
    group = client.create(Group(display_name="Ops", members=[GroupMember(value=user.id)]))
    assert [member.value for member in client.query(Group, group.id).members] == [user.id]
    client.delete(Group, group.id)
    assert client.query(Group, group.id, raise_scim_errors=False).status == 404
