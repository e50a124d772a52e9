"""userName and the names of a person (RFC 7643 section 4.1.1)."""

from __future__ import annotations

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, either, holds, observe, refused
from conformance.population import OMIT, Document, Users
from conformance.suites.filtering.asking import shown
from conformance.suites.users.portrait import Portrait, kept, objects, painted, reread, told
from conformance.target import Target

PARTS = {"givenName": "Wilhelmina", "familyName": "Okonkwo", "middleName": "Ngozi"}


@pytest.fixture(scope="module")
def portrait(suite_users: Users, target: Target) -> Portrait:
    """A user with names."""
    return painted(suite_users, target, {"name": PARTS, "displayName": "Mina Okonkwo", "nickName": "Mina"})


def named(users: Users, name: str) -> list[Document]:
    """The users a filter finds under a userName."""
    return users.client.query(users.endpoint, f'userName eq "{name}"').resources


def rewritten(users: Users, user: Document, target: Target, **attributes: object) -> Answer:
    """The answer to giving a user other values: by PATCH, by PUT where the target has no PATCH."""
    if target.has("patch"):
        return users.client.patch(users.path(user), [{"op": "replace", "value": attributes}])
    return users.client.put(users.path(user), {**user, **attributes})


@clause("7643-4.1.1-04")
@budget(6)
def test_a_user_has_a_name_to_sign_in(users: Users, target: Target) -> None:
    """A user without a userName, or with an empty one, is refused, and none is created."""
    label = users.run.name("nobody")
    answers = [users.post(users.body(userName=name, displayName=label)) for name in (OMIT, "", None)]
    found = users.client.query(users.endpoint, f'displayName eq "{label}"') if target.has("filter") else None
    none = not any(answer.ok for answer in answers) and not (found and found.ok and found.total)
    worst = next((answer for answer in answers if answer.status != 400), answers[0])
    refused("7643-4.1.1-04", worst, status=400, scim_type="invalidValue", unchanged=none)
    blank = users.post(users.body(userName="   "))
    fine = blank.ok or 400 <= blank.status < 500
    holds("7643-4.1.1-04", fine, expected="blanks: 201 or 400", observed=shown(blank), answer=blank)


@clause("7643-4.1.1-05")
@budget(7)
def test_a_user_name_is_given_once(users: Users, target: Target) -> None:
    """A userName that is taken is refused on create, replace and modify, and nothing changes."""
    holder, other = users.create(), users.create()
    taken = {"userName": holder["userName"]}
    refused("7643-4.1.1-05", users.post(users.body(**taken)), status=409, scim_type="uniqueness")
    answers = [users.client.put(users.path(other), users.body(**taken))]
    if target.has("patch"):
        answers.append(
            users.client.patch(users.path(other), [{"op": "replace", "path": "userName", "value": taken["userName"]}])
        )
    same = users.read(other).get("userName") == other["userName"]
    for answer in answers:
        refused("7643-4.1.1-05", answer, status=(409, 400), scim_type="uniqueness", unchanged=same)


@clause("7643-4.1.1-06")
@budget(5)
def test_the_case_of_a_user_name_does_not_matter(users: Users, target: Target) -> None:
    """Another spelling of a userName in case is taken too, and finds the user."""
    made = users.create()
    other = str(made["userName"]).swapcase()
    refused("7643-4.1.1-06", users.post(users.body(userName=other)), status=409, scim_type="uniqueness")
    if target.has("filter"):
        found = [user.get("id") for user in named(users, other)]
        holds("7643-4.1.1-06", found == [made["id"]], expected=f"one user for {other}", observed=found)


@clause("7643-4.1.1-07")
@budget(6)
def test_a_user_name_can_be_changed(users: Users, target: Target) -> None:
    """A user keeps its id under another userName, and the old one is free."""
    made, bystander, wanted = users.create(), users.create(), users.run.email("renamed")
    path = users.path(made)
    answer = users.client.patch(path, [{"op": "replace", "path": "userName", "value": wanted}])
    read, near = users.read(made), users.read(bystander)
    seen = (answer.ok, read.get("id"), read.get("userName"), near.get("userName"))
    right = seen == (True, made["id"], wanted, bystander["userName"])
    free = not target.has("filter") or not named(users, str(made["userName"]))
    holds("7643-4.1.1-07", right and free, expected=f"{wanted}, the same id", observed=(seen, free), answer=answer)


@clause("7643-4.1.1-08")
def test_a_name_is_not_lost(portrait: Portrait) -> None:
    """The parts of a name come back, or the whole of it, or both."""
    found, answer = portrait.of("name")
    name = found if isinstance(found, dict) else {}
    parts = {part: name[part] for part in PARTS if part in name}
    right = all(PARTS[part] == value for part, value in parts.items())
    whole = all(part in str(name.get("formatted")) for part in (PARTS["givenName"], PARTS["familyName"]))
    some = bool(parts) or whole
    expected = "parts as they were sent, or formatted"
    holds(
        "7643-4.1.1-08", right and some, expected=expected, observed=told(found, answer), answer=answer, harm=not some
    )


@clause("7643-4.1.1-09")
@budget(5)
def test_a_formatted_name_follows_its_parts(users: Users, target: Target) -> None:
    """A formatted name that the target makes changes with the family name."""
    made = users.read(users.create(name=PARTS))
    first = (made.get("name") or {}).get("formatted")
    if not first:
        observe("7643-4.1.1-09", "the target makes no formatted name")
        return
    answer = rewritten(users, made, target, name={**PARTS, "familyName": "Adeyemi"})
    found = (users.read(made).get("name") or {}).get("formatted")
    fine = answer.ok and (found is None or ("Adeyemi" in found and PARTS["familyName"] not in found))
    holds("7643-4.1.1-09", fine, expected="a name with Adeyemi", observed=found, answer=answer)


@clause("7643-4.1.1-10")
def test_a_display_name_is_kept(portrait: Portrait) -> None:
    """A displayName is kept, or not shown."""
    kept("7643-4.1.1-10", portrait, "displayName", absent=True)


@clause("7643-4.1.1-11")
def test_a_nick_name_is_a_name_of_its_own(portrait: Portrait, users: Users) -> None:
    """A nickName is kept, and never made from the userName."""
    kept("7643-4.1.1-11", portrait, "nickName")
    made = users.post(users.body(nickName=OMIT))
    found = made.resource.get("nickName") if made.ok else None
    signs_in = str(made.resource.get("userName")).lower()
    fine = str(found).lower() not in {signs_in, signs_in.partition("@")[0]}
    holds("7643-4.1.1-11", fine, expected="not the userName, nor a part of it", observed=found, answer=made)


@clause("7643-8.1-01")
def test_a_user_name_is_enough(users: Users, target: Target) -> None:
    """A body of schemas and userName is enough, unless the schema requires more."""
    minimal = {name: value for name, value in users.body().items() if name in {"schemas", "userName"}}
    answer = users.post(minimal)
    required = [
        str(entry.get("name"))
        for schema in target.capabilities.schemas_of("User")
        for entry in objects(schema.get("attributes"))
        if entry.get("required") is True and entry.get("name") != "userName"
    ]
    right = answer.ok and reread(users, answer).resource.get("userName") == minimal["userName"]
    variants = {"none": right, "advertised": 400 <= answer.status < 500 and bool(required)}
    either("7643-8.1-01", "AMB-68", variants, observed=f"{shown(answer)}; required: {required}", answer=answer)
