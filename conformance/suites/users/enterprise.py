"""The enterprise extension of a user (RFC 7643 section 4.3)."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, holds, not_applicable, refused
from conformance.population import Document, Users
from conformance.rfc_schema import CORE_USER, ENTERPRISE_USER
from conformance.suites.filtering.asking import shown
from conformance.suites.links import place
from conformance.suites.users.portrait import reread, told
from conformance.target import Target

WORDS = {
    "costCenter": "CC 4130/ä",
    "organization": "Universal Studios",
    "division": "Theme Park",
    "department": "Tour Operations",
}


@pytest.fixture(scope="module")
def chief(suite_users: Users) -> Document:
    """The manager of everybody in this suite."""
    return suite_users.create(displayName="Grace Hopper")


@pytest.fixture(scope="module")
def made(suite_users: Users, chief: Document) -> Answer:
    """The answer to creating a user with the whole extension."""
    return suite_users.post(employed(suite_users, employeeNumber="007", manager={"value": chief["id"]}, **WORDS))


@pytest.fixture(scope="module")
def read(suite_users: Users, made: Answer) -> Answer:
    """That user as it is shown."""
    return reread(suite_users, made) if made.ok else made


def employed(users: Users, **attributes: Any) -> Document:
    """The body of a user with these attributes of the extension."""
    return users.body(schemas=[CORE_USER, ENTERPRISE_USER], **{ENTERPRISE_USER: attributes})


def extension(answer: Answer) -> Document:
    """The container of the extension in an answer, empty where there is none."""
    found = answer.resource.get(ENTERPRISE_USER) if answer.ok else None
    return found if isinstance(found, dict) else {}


def manager(answer: Answer) -> Document:
    """The manager in an answer, empty where there is none."""
    found = extension(answer).get("manager")
    return found if isinstance(found, dict) else {"value": found} if found else {}


def shown_now(users: Users, user: Document) -> Answer:
    """The user as it is shown now."""
    return users.client.get(users.path(user))


@clause("7643-4.3-02")
def test_the_extension_comes_back_under_its_urn(read: Answer) -> None:
    """The attributes of the extension come back in a container named by its URN, which `schemas` lists."""
    inside = extension(read).get("department") == WORDS["department"]
    schemas = read.resource.get("schemas") if read.ok else None
    right = inside and ENTERPRISE_USER in (schemas or []) and read.resource.get("department") is None
    holds("7643-4.3-02", right, expected=f"{ENTERPRISE_USER}, and in schemas", observed=read.body[:400], answer=read)


@clause("7643-4.3-03")
def test_an_employee_number_is_text(read: Answer) -> None:
    """An employeeNumber that looks like a number keeps its zeros."""
    found = extension(read).get("employeeNumber")
    holds("7643-4.3-03", found == "007", expected="'007'", observed=told(found, read), answer=read)


@clause("7643-4.3-04")
def test_the_words_of_the_extension_are_kept(read: Answer) -> None:
    """costCenter, organization, division and department are kept character for character."""
    found = {name: extension(read).get(name) for name in WORDS}
    holds("7643-4.3-04", found == WORDS, expected=str(WORDS), observed=told(found, read), answer=read)


@clause("7643-4.3-05", "7643-4.3-06")
def test_a_manager_is_another_user(users: Users, read: Answer, chief: Document) -> None:
    """A manager is shown by id, and by a reference that leads to that user."""
    found = manager(read)
    right = found.get("value") == chief["id"]
    holds("7643-4.3-05", right, expected=str(chief["id"]), observed=told(found, read), answer=read)
    if "$ref" not in found:
        not_applicable("7643-4.3-06", "the manager is shown without a reference")
        return
    led = users.client.get(place(found["$ref"]))
    same = led.ok and led.resource.get("id") == chief["id"]
    holds("7643-4.3-06", same, expected=f"200, the user {chief['id']}", observed=shown(led), answer=led)


@clause("7643-4.3-07")
@budget(5)
def test_the_name_of_a_manager_is_read_only(users: Users, chief: Document, target: Target) -> None:
    """The displayName of a manager is the target's, whatever a body says, and a PATCH of it is refused."""
    claimed = {"value": chief["id"], "displayName": "Impostor"}
    answer = users.post(employed(users, manager=claimed))
    found = manager(reread(users, answer) if answer.ok else answer)
    right = found.get("value") == chief["id"] and found.get("displayName") in (None, chief.get("displayName"))
    holds("7643-4.3-07", right, expected="ignored", observed=told(found, answer), answer=answer)
    if answer.ok and target.has("patch"):
        path = f"{ENTERPRISE_USER}:manager.displayName"
        tried = users.client.patch(users.path(answer.resource), [{"op": "replace", "path": path, "value": "Impostor"}])
        same = manager(shown_now(users, answer.resource)) == found
        refused("7643-4.3-07", tried, status=400, scim_type="mutability", unchanged=same)


@clause("7643-4.3-08")
def test_the_id_of_a_manager_is_case_exact(users: Users, made: Answer, chief: Document) -> None:
    """The id of a manager in another case finds nobody."""
    other = str(chief["id"]).swapcase()
    if other == chief["id"]:
        not_applicable("7643-4.3-08", "ids have no letters here")
        return
    own = f'userName eq "{made.resource.get("userName")}" and {ENTERPRISE_USER}:manager.value eq '
    answers = [users.client.query(users.endpoint, f'{own}"{id_}"') for id_ in (chief["id"], other)]
    seen = [answer.total if answer.ok else shown(answer) for answer in answers]
    holds("7643-4.3-08", seen == [1, 0], expected="1, 0", observed=seen, answer=answers[1])


@clause("PRAC-E-03")
@budget(7)
def test_a_manager_is_read_in_other_shapes(users: Users, chief: Document) -> None:
    """A manager written as a bare id or as a list is understood, or refused."""
    for value in (chief["id"], [{"value": chief["id"]}]):
        made = users.create()
        path = f"{ENTERPRISE_USER}:manager"
        answer = users.client.patch(users.path(made), [{"op": "Add", "path": path, "value": value}])
        found = manager(shown_now(users, made))
        fine = found.get("value") == chief["id"] if answer.ok else answer.status == 400 and not found
        seen = f"{value!r}: {shown(answer)}, then {found}"
        holds("PRAC-E-03", fine, expected="the manager, or 400", observed=seen, answer=answer, harm=answer.ok)


@clause("7643-2.5-04")
@budget(8)
def test_a_manager_is_unassigned(users: Users, chief: Document, target: Target) -> None:
    """A manager is removed by PUT with null and by PATCH, and the department beside it stays."""
    body = employed(users, department="D1", manager={"value": chief["id"]})
    made = users.create(**body)
    put = users.client.put(users.path(made), {**body, ENTERPRISE_USER: {"department": "D1", "manager": None}})
    cleared = shown_now(users, made)
    seen = (shown(put), manager(cleared), extension(cleared).get("department"))
    holds("7643-2.5-04", put.ok and seen[1:] == ({}, "D1"), expected="no manager, D1", observed=seen, answer=put)
    if target.has("patch"):
        other = users.create(**{**body, **{name: users.body()[name] for name in ("userName", "emails")}})
        gone = [{"op": "remove", "path": f"{ENTERPRISE_USER}:manager"}]
        answer = users.client.patch(users.path(other), gone)
        after = shown_now(users, other)
        told_ = (shown(answer), manager(after), extension(after).get("department"))
        holds(
            "7643-2.5-04",
            answer.ok and told_[1:] == ({}, "D1"),
            expected="no manager, D1",
            observed=told_,
            answer=answer,
        )


@clause("7644-3.10-02", "7644-3.10-03")
@budget(6)
def test_the_extension_is_searched_by_its_urn(users: Users) -> None:
    """An attribute of the extension is searched under its URN, written in any case."""
    label = users.run.name("Dept")
    wanted, _ = (
        users.create(**employed(users, department=label)),
        users.create(**employed(users, department=f"{label}2")),
    )
    for clause_id, urn in (("7644-3.10-02", ENTERPRISE_USER), ("7644-3.10-03", ENTERPRISE_USER.upper())):
        answer = users.client.query(users.endpoint, f'{urn}:department eq "{label}"')
        found = [entry.get("id") for entry in answer.resources] if answer.ok else shown(answer)
        holds(clause_id, found == [wanted["id"]], expected=f"one user by {urn}", observed=found, answer=answer)


@clause("7643-3-07")
def test_an_undeclared_extension_is_not_shown(users: Users) -> None:
    """Without the enterprise extension its container is ignored or refused, and never shown."""
    answer = users.post(employed(users, department="D1"))
    found = reread(users, answer) if answer.ok else answer
    text = str(found.resource.get("schemas")) if found.ok else ""
    fine = ENTERPRISE_USER.lower() not in text.lower() and not extension(found) if found.ok else found.status == 400
    holds("7643-3-07", fine, expected="ignored, or 400", observed=told(text, found), answer=found)
