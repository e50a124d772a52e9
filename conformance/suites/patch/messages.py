"""The PATCH message: its members, its operations, and what is no PATCH of a resource."""

from __future__ import annotations

import uuid
from typing import Any, Final

import pytest

from conformance.client import ScimClient
from conformance.judging import budget, clause, either, holds, refused
from conformance.population import Users
from conformance.rfc_schema import CORE_USER, ENTERPRISE_USER
from conformance.suites.filtering.asking import shown
from conformance.suites.patch.subject import SYNTAX, Bodies, Step, Subject, changes, operation, refuse_all, words_of
from conformance.target import Target

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
WRONG = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
PATHS: Final = {
    "7644-3.5.2-04": (("emails[0].value", "/userName"), ("invalidPath", "invalidFilter")),
    "7644-3.12-25": (("emails[", 'emails[type eq "work"', "", "9x"), ("invalidPath", "invalidFilter")),
    "7644-3.5.2-07": (("name.givenName.x",), ("invalidPath",)),
    "7644-3.12-27": (('emails[type regex "x"]', "emails[type eq].value"), ("invalidFilter", "invalidPath")),
}
"""Clause -> paths that are none, and the keywords of the refusal."""
NAME = {"givenName": "Ada", "familyName": "Lovelace"}


@pytest.fixture(scope="module")
def subject(suite_users: Users) -> Subject:
    """A user that no refused message changes."""
    found = Subject(suite_users, suite_users.create(active=True))
    found.read()
    return found


@pytest.fixture(scope="module")
def word(target: Target) -> str:
    """A text attribute of users."""
    return words_of(target)[0]


def send(subject: Subject, message: object) -> Step:
    """A PATCH with this whole body, and what it did."""
    before = subject.state
    answer = subject.resources.client.request("PATCH", subject.path, json=message)
    return Step(before, answer, subject.read())


@clause("7644-3.5-02")
@budget(1)
def test_patch_is_offered(target: Target) -> None:
    """PATCH is offered."""
    told = target.capabilities.supports("patch")
    holds("7644-3.5-02", told, expected="patch.supported true", observed=told)


@clause("7644-3.5.2-01", "7644-3.5.2-02", "7644-3.5.2-03")
@budget(9)
def test_what_is_no_patch_message_is_refused(subject: Subject, word: str) -> None:
    """A body without the PatchOp URN, without operations, or with one of an unknown op is refused."""
    change, named = operation("replace", word, "New"), {"schemas": [PATCH_OP]}
    strange = [{"op": op, "path": word, "value": "Moved", "from": "userName"} for op in ("move", "test")]
    bodies: Bodies = {
        "7644-3.5.2-01": ([{"Operations": [change]}, {"schemas": [WRONG], "Operations": [change]}], ("invalidSyntax",)),
        "7644-3.5.2-02": ([named, {**named, "Operations": []}, {**named, "Operations": change}], SYNTAX),
        "7644-3.5.2-03": ([[{"path": word, "value": "Bare"}], *([each] for each in strange)], SYNTAX),
    }
    for answer in refuse_all(subject, bodies)["7644-3.5.2-03"]:
        holds("7644-3.5.2-03", not answer.ok, expected="a refusal", observed=shown(answer), answer=answer, harm=True)


@clause("7644-3.5.2-04", "7644-3.12-25", "7644-3.5.2-07", "7644-3.12-27")
@budget(10)
def test_a_path_outside_the_grammar_is_refused(subject: Subject) -> None:
    """An index, a JSON Pointer, a malformed path or filter, and a path of three levels are refused."""
    bodies: Bodies = {
        name: ([[operation("replace", path, "text@example.com")] for path in listed], keywords)
        for name, (listed, keywords) in PATHS.items()
    }
    refuse_all(subject, bodies)


@clause("7644-3.12-26")
def test_a_path_to_an_undefined_attribute_is_refused(subject: Subject) -> None:
    """A path to an attribute that no schema has is refused."""
    for path in ("nope", "name.nope"):
        step = subject.step(operation("replace", path, "text"))
        variants = {word: step.declined(word) for word in ("invalidPath", "noTarget", "invalidValue")}
        told, stored = step.told("nope", "name"), "nope" in {**step.after, **(step.after.get("name") or {})}
        either("7644-3.12-26", "AMB-16", variants, observed=told, answer=step.answer)
        holds("7644-3.12-26", not stored, expected="nothing stored", observed=told, answer=step.answer, harm=True)


@clause("7643-2.1-07")
@budget(2)
def test_message_members_in_another_case_are_read_or_refused(subject: Subject, word: str) -> None:
    """`operations` and `OP` are understood, or the message is refused."""
    lowered = {"OP": "replace", "Path": word, "VALUE": "Lowered"}
    step = send(subject, {"schemas": [PATCH_OP], "operations": [lowered]})
    variants = {"accepted": step.made(**{word: "Lowered"}), "refused": step.declined(*SYNTAX)}
    either("7643-2.1-07", "AMB-49", variants, observed=step.told(word), answer=step.answer)


@clause("7643-2.2-03")
@budget(3)
def test_op_is_read_in_any_case(users: Users, target: Target) -> None:
    """Add, REPLACE and Remove are understood as add, replace and remove."""
    first, second = words_of(target)[:2]
    subject = Subject(users, users.create(**{first: "Old", second: "Old"}))
    step = subject.step(
        operation("Remove", second), operation("REPLACE", first, "New"), operation("Add", "externalId", "x-1")
    )
    wanted = {first: "New", second: None, "externalId": "x-1"}
    variants = {"accepted": step.made(**wanted), "refused": step.declined(*SYNTAX)}
    either("7643-2.2-03", "AMB-15", variants, observed=step.told(*wanted), answer=step.answer)


@clause("7644-3.5.2-05")
@budget(3)
def test_every_form_of_path_is_understood(users: Users, target: Target) -> None:
    """A path is an attribute, a sub-attribute, a value filter, or a value filter and a sub-attribute."""
    address, word = users.run.email("old"), words_of(target)[0]
    work, home = {"type": "work", "value": address}, {"type": "home", "value": f"home.{address}"}
    subject = Subject(users, users.create(name=NAME, emails=[work, home], **{word: "Old"}))
    step = subject.step(
        operation("replace", word, "New"),
        operation("replace", "name.familyName", "King"),
        operation("replace", 'emails[type eq "work"]', {**work, "value": f"new.{address}"}),
        operation("replace", 'emails[type eq "home"].value', f"newer.{address}"),
    )
    emails = [{**work, "value": f"new.{address}"}, {**home, "value": f"newer.{address}"}]
    changes("7644-3.5.2-05", step, **{word: "New", "name": {**NAME, "familyName": "King"}, "emails": emails})


@clause("7644-3.5.2-06", "7644-3.5.2-21", "7644-3.10-11")
@budget(6)
def test_paths_may_be_qualified_and_in_any_case(users: Users, target: Target) -> None:
    """Paths are understood with the URN of their schema, which is listed from then on, and in any case."""
    word, renamed = words_of(target)[0], users.run.email("renamed")
    subject = Subject(users, users.create(name=NAME))
    qualified = [operation("replace", f"{CORE_USER}:userName", renamed), operation("add", f"{CORE_USER}:{word}", "Q")]
    wanted: dict[str, Any] = {"userName": renamed, word: "Q"}
    if target.has("extension:enterprise"):
        wanted[ENTERPRISE_USER] = {"department": "Sales", "manager": {"value": str(users.create()["id"])}}
        for path, value in (("department", "Sales"), ("manager.value", wanted[ENTERPRISE_USER]["manager"]["value"])):
            qualified.append(operation("add", f"{ENTERPRISE_USER}:{path}", value))
    changes("7644-3.5.2-06", subject.step(*qualified), **wanted)
    listed = subject.state.get("schemas") or []
    holds("7644-3.5.2-21", ENTERPRISE_USER in listed, expected=ENTERPRISE_USER, observed=listed)
    loud = [operation("replace", "NAME.FAMILYNAME", "Byron"), operation("replace", word.upper(), "Loud")]
    changes("7644-3.10-11", subject.step(*loud), **{"name": {**NAME, "familyName": "Byron"}, word: "Loud"})


@clause("7644-3.12-32")
@budget(1)
def test_a_broken_patch_body_is_refused(subject: Subject) -> None:
    """A PATCH body that is no JSON gives 400 invalidSyntax."""
    body = f'{{"schemas":["{PATCH_OP}"],"Operations":['.encode()
    answer = subject.resources.client.request("PATCH", subject.path, body=body)
    refused("7644-3.12-32", answer, status=400, scim_type=SYNTAX)


@clause("7644-3.8-04")
@budget(2)
def test_json_patch_is_another_language(subject: Subject, word: str) -> None:
    """A body labelled as JSON Patch is refused, or read as the PatchOp it is."""
    client, before = subject.resources.client, subject.state
    message = {"schemas": [PATCH_OP], "Operations": [operation("replace", word, "Labelled")]}
    answer = client.patch(subject.path, message, content_type="application/json-patch+json")
    step = Step(before, answer, subject.read())
    fine = step.made(**{word: "Labelled"}) or (answer.status in (400, 415) and step.traceless)
    holds("7644-3.8-04", fine, expected="415, 400, or applied", observed=step.told(word), answer=answer)


@clause("7644-3.12-28", "7644-3.2-07")
@budget(2)
def test_patch_needs_a_resource(scim: ScimClient, users: Users, word: str) -> None:
    """PATCH of an unknown user gives 404; PATCH of all users is not defined."""
    change = [operation("replace", word, "Nobody")]
    answer = scim.patch(users.path(str(uuid.uuid4())), change)
    refused("7644-3.12-28", answer, status=404)
    collection = scim.patch(users.endpoint, change)
    refused("7644-3.2-07", collection, status=(404, 405, 501))
