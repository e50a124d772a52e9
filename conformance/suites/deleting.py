"""Deleting a resource (RFC 7644 section 3.6)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, either, holds, not_applicable, observe, refused
from conformance.population import Document, Groups, Users
from conformance.probe import SEARCH_REQUEST
from conformance.refusals import NOT_IMPLEMENTED
from conformance.strategies.lists import ids
from conformance.suites.states import whole
from conformance.target import Target

UNDEFINED = (404, 405, NOT_IMPLEMENTED)
NO_BODY = (204, 400)


@pytest.fixture(scope="module")
def bystander(suite_users: Users) -> Document:
    """A user whom no deletion concerns."""
    return suite_users.create()


def attempts(users: Users, user: Mapping[str, Any], target: Target) -> list[Answer]:
    """The answers to everything that can be asked of one user."""
    path, client = users.path(user), users.client
    answers = [client.get(path), client.put(path, whole(users, user, title="Late"))]
    if target.has("patch"):
        answers.append(client.patch(path, [{"op": "replace", "path": "title", "value": "Late"}]))
    return [*answers, client.delete(path)]


@clause("7644-3.6-02", "7644-3.6-03", "7644-3.12-34")
@budget(6)
def test_a_deleted_user_is_gone(users: Users, target: Target) -> None:
    """A delete gives 204 without a body, and every request on the user 404 from then on."""
    made = users.create()
    answer = users.client.delete(users.path(made))
    observe("7644-3.12-34", f"DELETE: {answer.status}")
    if answer.status == 403 and answer.error:
        for clause_id in ("7644-3.6-02", "7644-3.6-03"):
            not_applicable(clause_id, "the provider refuses to delete: 403")
        return
    empty, told = not answer.body, (answer.status, answer.body[:100])
    holds("7644-3.6-02", answer.status == 204 and empty, expected="204, no body", observed=told, answer=answer)
    later = attempts(users, made, target)
    worst = next((each for each in later if each.status != 404 or not each.error), later[0])
    refused("7644-3.6-03", worst, status=404)
    holds("7644-3.6-03", bool(worst.error), expected="a SCIM Error", observed=worst.body[:100], answer=worst)


@clause("7644-3.6-04")
@budget(9)
def test_a_deleted_user_is_in_no_list(bystander: Document, users: Users, target: Target) -> None:
    """No list, filter or search finds a deleted user, and they find the others still."""
    made, client = users.create(), users.client
    names = " or ".join(f'userName eq "{each["userName"]}"' for each in (bystander, made))
    before = client.query(users.endpoint, names)
    client.delete(users.path(made))
    wide = f'{names} or id eq "{made["id"]}"'
    search = {"schemas": [SEARCH_REQUEST], "filter": wide}
    answers = [client.query(users.endpoint, f'id eq "{made["id"]}"'), client.query(users.endpoint, names)]
    if target.has("search"):
        answers.append(client.post(f"{users.endpoint}/.search", search))
    if target.has("root query"):
        answers.append(client.query("/", wide))
    found = [ids(answer.resources) if answer.ok else [] for answer in answers]
    seen = ids(before.resources) if before.ok else []
    others = all(bystander["id"] in each for each in found[1:2]) or bystander["id"] not in seen
    absent = all(made["id"] not in each for each in found)
    told = [answer.status for answer in answers], found
    holds("7644-3.6-04", absent and others, expected=f"{bystander['id']} only", observed=told, answer=answers[1])


@clause("7644-3.6-05", "7643-3.1-06")
@budget(5)
def test_a_deleted_name_can_be_taken_again(users: Users) -> None:
    """After a delete the same userName makes a new user, with an id that nobody had."""
    made = users.create(title="Planner")
    users.client.delete(users.path(made))
    answer = users.post(users.body(userName=made["userName"], emails=made["emails"]))
    again = answer.resource.get("id") if answer.ok else None
    back = users.client.get(users.path(made)).status
    variants = {
        "new-id": answer.status == 201 and again not in (None, made["id"]) and back == 404,
        "conflict": answer.status == 409 and back == 404,
        "revived": answer.ok and again == made["id"],
    }
    observed = f"{answer.status}, id {made['id']} then {again}, the old one {back}"
    for clause_id in ("7644-3.6-05", "7643-3.1-06"):
        either(clause_id, "AMB-18", variants, observed=observed, answer=answer)


@clause("7644-3.12-33")
@budget(1)
def test_an_unknown_id_cannot_be_deleted(users: Users) -> None:
    """A delete of an id that was never given out gives 404."""
    refused("7644-3.12-33", users.client.delete(users.path(str(uuid.uuid4()))), status=404)


@clause("7644-3.6-07")
@budget(5)
def test_a_stale_version_is_not_deleted(users: Users) -> None:
    """A delete that names an old version gives 412, and the user stays."""
    made = users.create()
    tag = users.client.get(users.path(made)).headers.get("ETag", "")
    users.client.put(users.path(made), whole(users, made, title="Director"))
    answer = users.client.delete(users.path(made), headers={"If-Match": tag})
    there = users.client.get(users.path(made)).ok
    refused("7644-3.6-07", answer, status=412, unchanged=there)


@clause("7644-3.2-08")
def test_a_collection_cannot_be_deleted(bystander: Document, users: Users) -> None:
    """A delete of the collection is refused, and the users stay."""
    answer = users.client.delete(users.endpoint)
    there = users.client.get(users.path(bystander)).ok
    refused("7644-3.2-08", answer, status=UNDEFINED, unchanged=there)
    holds("7644-3.2-08", there, expected="the users stay", observed=answer.status, answer=answer, harm=True)


@clause("7644-3.6-08")
@budget(8)
def test_a_deleted_group_leaves_its_members(bystander: Document, users: Users, groups: Groups) -> None:
    """A delete of a group gives 204, and its members stay, in their other groups too."""
    members = [{"value": bystander["id"]}]
    gone, kept = groups.create(members=members), groups.create(members=members)
    before = places(users.read(bystander))
    answer = groups.client.delete(groups.path(gone))
    shown = users.client.get(users.path(bystander))
    after = places(shown.resource) if shown.ok else set()
    left = groups.client.get(groups.path(gone)).status
    fine = answer.status == 204 and left == 404 and shown.ok and after == before - {gone["id"]}
    told = (answer.status, left, shown.status, sorted(before), sorted(after))
    holds("7644-3.6-08", fine, expected=f"204, the user in {kept['id']} only", observed=told, answer=answer)


def places(user: Mapping[str, Any]) -> set[str]:
    """The ids of the groups a user shows."""
    return {str(each.get("value")) for each in user.get("groups") or []}


@clause("7231-4.3.5-01")
def test_a_body_of_a_delete_has_no_meaning(bystander: Document, users: Users) -> None:
    """A delete with a body deletes what the URL names, whatever the body says, or is refused with 400."""
    made = users.create()
    answer = users.client.delete(users.path(made), json={"id": bystander["id"], "userName": bystander["userName"]})
    there = users.client.get(users.path(bystander)).ok
    gone = users.gone(made) == (answer.status == 204)
    told = (answer.status, f"the other user is {'there' if there else 'gone'}")
    fine = answer.status in NO_BODY and there and gone
    holds("7231-4.3.5-01", fine, expected="204 or 400, that user only", observed=told, answer=answer, harm=not there)
