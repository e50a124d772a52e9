"""What a PATCH may not do: read-only and required attributes, wrong values, taken names; and that it is undone."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, either, holds, refused
from conformance.population import OMIT, Groups, Users
from conformance.suites.filtering.asking import shown
from conformance.suites.patch.subject import SYNTAX, Bodies, Subject, operation, refuse_all, refuses, same, words_of
from conformance.target import Target

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
EPOCH = "2001-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def subject(suite_users: Users) -> Subject:
    """A user with one text, whom no refused message changes."""
    found = Subject(suite_users, suite_users.create())
    found.read()
    return found


@pytest.fixture(scope="module")
def word(target: Target) -> str:
    """A text attribute of users."""
    return words_of(target)[0]


def is_error(answer: Answer) -> bool:
    """Whether a refusal carries a SCIM Error that repeats its status."""
    found = answer.error or {}
    return found.get("schemas") == [ERROR] and str(found.get("status")) == str(answer.status)


@clause("7644-3.5.2-08", "7644-3.5.2.2-11", "7644-3.12-31")
@budget(10)
def test_read_only_and_required_attributes_stay(subject: Subject, target: Target) -> None:
    """An operation on a read-only attribute is refused, and so is removing or emptying a required one."""
    foreign = subject.resources.run.name("id")
    fixed = [operation("add", "id", foreign), operation("replace", "id", foreign)]
    fixed.append(operation("replace", "meta.created", EPOCH))
    if target.has("attribute:User.groups"):
        fixed += [operation("add", "groups", [{"value": subject.state["id"]}]), operation("remove", "groups")]
    gone = [operation("remove", path) for path in ("userName", "id")]
    emptied = [operation("replace", "userName", empty) for empty in ("", None)]
    bodies: Bodies = {
        "7644-3.5.2-08": ([[each] for each in fixed], ("mutability",)),
        "7644-3.5.2.2-11": ([[each] for each in gone], ("mutability",)),
        "7644-3.12-31": ([[each] for each in emptied], ("invalidValue", "mutability")),
    }
    refuse_all(subject, bodies)


@clause("7644-3.5.2-09")
def test_read_only_members_of_a_value_change_nothing(subject: Subject, word: str) -> None:
    """A path-less value with the own id is accepted or refused; with another id it does not change the id."""
    own = subject.step(operation("replace", None, {"id": subject.state["id"], word: "Own"}))
    variants = {"equal-accepted": own.made(**{word: "Own"}), "refused": own.declined("mutability")}
    either("7644-3.5.2-09", "AMB-14", variants, observed=own.told("id", word), about="own id", answer=own.answer)
    step = subject.step(operation("replace", None, {"id": subject.resources.run.name("id"), word: "Other"}))
    ignored = step.answer.ok and step.after["id"] == step.before["id"] and not step.differences(**{word: "Other"})
    variants = {"refused": step.declined("mutability", "invalidValue"), "patch-ignored": ignored}
    told = step.told("id", word)
    either("7644-3.5.2-09", "AMB-14", variants, observed=told, about="foreign id", answer=step.answer)


@clause("7644-3.5.2-12", "7644-3.5.2.3-07")
@budget(6)
def test_a_value_of_another_type_is_refused(subject: Subject, word: str) -> None:
    """A value that does not fit the schema of its attribute is refused with 400 invalidValue."""
    wrong = [
        ("replace", "active", "maybe"),
        ("add", "emails", "str"),
        ("replace", word, {"a": 1}),
        ("add", "name", "x"),
    ]
    text = [operation("replace", "name", "str")]
    bodies = [[operation(*each)] for each in wrong]
    refuse_all(subject, {"7644-3.5.2-12": (bodies, SYNTAX), "7644-3.5.2.3-07": ([text], SYNTAX)})


@clause("7644-3.5.2.1-02", "7644-3.12-29", "7644-3.5.2.2-01")
def test_an_operation_lacks_nothing(subject: Subject, word: str) -> None:
    """An add or a replace without a value, and a remove without a path, are refused."""
    bodies: Bodies = {
        "7644-3.5.2.1-02": ([[operation("add", word)]], SYNTAX),
        "7644-3.12-29": ([[operation("replace", word)]], SYNTAX),
        "7644-3.5.2.2-01": ([[operation("remove")]], ("noTarget",)),
    }
    refuse_all(subject, bodies)


@clause("7643-3.3-06")
@budget(2)
def test_the_base_schema_stays(subject: Subject) -> None:
    """Removing `schemas` is refused, and never takes the base schema away."""
    step = subject.step(operation("remove", "schemas"))
    kept = set(step.before["schemas"]) <= set(step.after.get("schemas") or [])
    told = step.told("schemas")
    holds("7643-3.3-06", kept, expected="the URN of the base schema stays", observed=told, answer=step.answer)
    if kept:
        fine = step.declined("mutability", "invalidValue")
        holds("7643-3.3-06", fine, expected="400 mutability", observed=told, answer=step.answer, tolerated=True)


@clause("7644-3.12-30")
@budget(3)
def test_a_taken_name_cannot_be_patched_in(subject: Subject, users: Users) -> None:
    """Replacing a userName by a taken one is refused as a uniqueness error."""
    taken = users.create()["userName"]
    step = subject.step(operation("replace", "userName", taken))
    answer = step.answer
    refused("7644-3.12-30", answer, status=(409, 400), scim_type="uniqueness", unchanged=step.traceless)


@clause("7644-3.5.2-15", "7644-3.5.2-16", "7644-3.5.2.2-11")
@budget(5)
def test_a_failing_operation_undoes_the_others(subject: Subject, groups: Groups, word: str, target: Target) -> None:
    """When one operation fails, the answer is a SCIM Error, and none of the others has an effect."""
    first, last = operation("replace", word, "Half"), operation("add", "emails", [{"value": "half@example.com"}])
    removal = operation("remove", "id")
    answer = _undone(subject, [first, removal, last])
    if target.has("type:Group"):
        group = Subject(groups, groups.create())
        member = operation("add", "members", [{"value": str(subject.state["id"])}])
        renamed = operation("replace", "displayName", groups.run.name("half"))
        answer = _undone(group, [member, renamed, operation("remove", "displayName")])
    refused("7644-3.5.2.2-11", answer, status=400, scim_type="mutability")


def _undone(subject: Subject, operations: list[dict[str, Any]]) -> Answer:
    before, answer = subject.state, subject.send(*operations)
    traceless = same(before, subject.read())
    fine, told = answer.status >= 400 and traceless, f"{shown(answer)}{'' if traceless else ', and the state changed'}"
    holds("7644-3.5.2-15", fine, expected="an error, nothing changed", observed=told, answer=answer)
    shape = is_error(answer)
    holds("7644-3.5.2-16", shape, expected="a SCIM Error with the status", observed=answer.body[:200], answer=answer)
    return answer


@clause("7644-3.5.2.3-10")
@budget(2)
def test_a_filter_without_a_match_has_no_target(subject: Subject) -> None:
    """A replace whose filter selects no value is refused with 400 noTarget, and changes nothing."""
    change = operation("replace", 'emails[type eq "other"].value', subject.resources.run.email("other"))
    refuses("7644-3.5.2.3-10", subject, change, scim_type="noTarget")


@clause("7644-3.5.2.3-10")
@budget(3)
def test_a_filter_on_no_values_has_no_target_or_makes_one(users: Users) -> None:
    """A replace with a filter, on an attribute without values, is refused or makes the value it describes."""
    subject = Subject(users, users.create(emails=OMIT))
    address = users.run.email("other")
    step = subject.step(operation("replace", 'emails[type eq "other"].value', address))
    created = step.made(emails=[{"type": "other", "value": address}])
    variants = {"noTarget": step.declined("noTarget"), "created": created}
    either("7644-3.5.2.3-10", "AMB-72", variants, observed=step.told("emails"), answer=step.answer)


@clause("7643-4.1.1-25")
def test_a_patched_password_is_not_shown(subject: Subject) -> None:
    """A password set by PATCH is in no answer."""
    secret = subject.resources.run.name("Pw1!")
    step = subject.step(operation("replace", "password", secret))
    silent = secret.encode() not in step.answer.body and "password" not in step.after
    told = shown(step.answer) if silent else "the password is shown"
    holds("7643-4.1.1-25", silent, expected="no password", observed=told, answer=step.answer, harm=True)
    holds("7643-4.1.1-25", step.answer.ok, expected="2xx", observed=told, answer=step.answer)
