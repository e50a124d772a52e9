"""What a PUT refuses, and that a refused one changes nothing."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, either, holds, refused
from conformance.population import OMIT, Document, Users
from conformance.suites.states import state, whole
from conformance.target import Target

BAD = ("invalidValue", "invalidSyntax")


@pytest.fixture(scope="module")
def made(suite_users: Users) -> Document:
    """One user for the refusals."""
    return suite_users.create(title="Planner")


@clause("7644-3.5.1-11", "7644-3.12-23", "7644-3.12-24", "7644-3.5.1-15")
@budget(6)
def test_a_bad_replace_is_refused_and_changes_nothing(made: Document, suite_users: Users) -> None:
    """A replace without userName, with an ill-typed value or as broken JSON is refused and has no effect."""
    path, before = suite_users.path(made), suite_users.read(made)
    nameless = suite_users.client.put(path, whole(suite_users, made, userName=OMIT, title="Nameless"))
    kept = suite_users.read(made)
    refused("7644-3.5.1-11", nameless, status=400, scim_type=BAD, unchanged=kept == before)
    mixed = suite_users.client.put(path, whole(suite_users, made, title="Mixed", active="maybe", nickName="Mixed"))
    broken = suite_users.client.request("PUT", path, body=b'{"title": "Broken", "userName":')
    after = suite_users.read(made)
    refused("7644-3.12-24", mixed, status=400, scim_type=BAD, unchanged=after.get("title") != "Mixed")
    refused("7644-3.12-23", broken, status=400, scim_type="invalidSyntax", unchanged=after.get("title") != "Broken")
    same = mixed.status < 400 or after == kept
    holds("7644-3.5.1-15", same, expected="the user as before", observed=str(after)[:300], answer=mixed)


@clause("7643-3-10")
def test_a_replace_names_its_schemas(users: Users) -> None:
    """A replace without `schemas` is refused, or done as if they were there."""
    made = users.create(title="Planner")
    answer = users.client.put(users.path(made), whole(users, made, schemas=OMIT, title="Director"))
    found = users.read(made)
    keyword = answer.scim_type in (None, *BAD)
    variants = {
        "refused": answer.status == 400 and keyword and state(found) == state(made),
        "accepted": answer.ok and found.get("title") == "Director" and bool(found.get("schemas")),
    }
    either("7643-3-10", "AMB-34", variants, observed=(answer.status, answer.scim_type), answer=answer)


@clause("7644-3.12-22")
def test_a_replace_by_a_taken_name_is_refused(made: Document, users: Users) -> None:
    """A replace that takes the userName of another user is refused as a uniqueness error."""
    mine = users.create(title="Planner")
    answer = users.client.put(users.path(mine), whole(users, mine, userName=made["userName"], title="Director"))
    same = state(users.read(mine)) == state(mine)
    refused("7644-3.12-22", answer, status=(409, 400), scim_type="uniqueness", unchanged=same)


@clause("7644-3.5.1-02", "7644-3.6-01", "7644-3.2-06")
@budget(7)
def test_a_replace_never_creates(users: Users, target: Target) -> None:
    """A replace of an unknown id, of a deleted user or of the collection creates nothing."""
    client, nowhere = users.client, str(uuid.uuid4())
    body = users.body(id=nowhere)
    answer, again = client.put(users.path(nowhere), body), client.get(users.path(nowhere))
    listed = found(users, body) if target.has("filter") else 0
    refused("7644-3.5.1-02", answer, status=404, unchanged=again.status == 404 and listed == 0)
    collection = client.put(users.endpoint, body)
    refused("7644-3.2-06", collection, status=(404, 405, 501), unchanged=collection.status >= 400)
    gone = users.create()
    client.delete(users.path(gone))
    late: Answer = client.put(users.path(gone), whole(users, gone, title="Director"))
    refused("7644-3.6-01", late, status=404)


def found(users: Users, body: dict[str, Any]) -> int:
    """How many users have the body's userName."""
    answer = users.client.query(users.endpoint, f'userName eq "{body["userName"]}"')
    return answer.total if answer.ok else 0
