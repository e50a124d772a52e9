"""The larger user bodies of Microsoft's SCIM Validator."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.judging import budget, clause, holds
from conformance.population import OMIT, Users
from conformance.suites.dialects.subject import (
    USER_SCHEMAS,
    Subject,
    compact,
    enterprise,
    known,
    operations,
    whole,
)
from conformance.suites.roles.forms import TASK
from conformance.suites.roles.holder import roles_of
from conformance.target import Target

pytestmark = budget(2)

ROLE_TYPE = "WindowsAzureActiveDirectoryRole"


def person(users: Users, mark: str) -> dict[str, Any]:
    """A value for each attribute that the validator fills, by leaf."""
    plain = {name: f"{name} {mark}" for name in ("displayName", "nickName", "title", "userType")}
    names = {f"name.{part}": f"{part} {mark}" for part in ("formatted", "familyName", "givenName", "middleName")}
    names |= {"name.honorificPrefix": "Dr", "name.honorificSuffix": mark}
    work = {
        f"addresses[work].{part}": f"{part} {mark}" for part in ("formatted", "streetAddress", "locality", "region")
    }
    phones = {f"phoneNumbers[{kind}].value": f"+1 555 01{mark}{n}" for n, kind in enumerate(("work", "mobile", "fax"))}
    parts = ("employeeNumber", "costCenter", "organization", "division")
    extension = {enterprise(part): f"{part} {mark}" for part in parts}
    others = {"active": True, "preferredLanguage": "en-GB", "locale": "en-GB", "timezone": "Europe/Madrid"}
    mail = {"emails[work].value": users.run.email(mark), "emails[work].primary": True}
    return {**mail, **work, **phones, **plain, **names, **extension, **others}


@pytest.fixture(scope="module")
def subject(suite_users: Users, target: Target) -> Subject:
    """One user for the whole file, with a value in each attribute."""
    values = known(target, person(suite_users, "39"))
    return Subject(suite_users, suite_users.create(**{"schemas": USER_SCHEMAS, **whole(values)}))


@clause("ENTRA-8.1-04")
def test_many_attributes_are_replaced_compactly(subject: Subject, target: Target) -> None:
    """Value paths of their own and one path-less object replace many attributes."""
    wanted = known(target, person(subject.users, "40"))
    subject.lands("ENTRA-8.1-04", wanted, *compact("replace", wanted), afresh=True)


@clause("ENTRA-8.1-05")
def test_many_attributes_are_replaced_one_by_one(subject: Subject, target: Target) -> None:
    """One `replace` per attribute replaces many attributes in one request."""
    wanted = known(target, person(subject.users, "41"))
    subject.lands("ENTRA-8.1-05", wanted, *operations("replace", wanted))


@clause("ENTRA-8.1-06")
@budget(3)
def test_many_attributes_are_added(users: Users, target: Target) -> None:
    """Attributes a user was made without are added, by value paths and by one path-less object."""
    made = users.create(emails=OMIT, displayName=OMIT, name=OMIT)
    wanted = known(target, person(users, "42"))
    Subject(users, made).lands("ENTRA-8.1-06", wanted, *compact("add", wanted), afresh=True)


@clause("ENTRA-8.1-11", "ENTRA-8.1-12")
@budget(4)
def test_several_operations_are_applied_in_order(subject: Subject) -> None:
    """Operations on different attributes are all applied, those on one attribute in order."""
    wanted = {"displayName": "Eleven", "name.familyName": "Several", "name.middleName": None}
    sent = [
        {"op": "add", "path": "displayName", "value": "Eleven"},
        {"op": "replace", "path": "name.familyName", "value": "Several"},
        {"op": "remove", "path": "name.middleName"},
    ]
    subject.lands("ENTRA-8.1-11", wanted, *sent)
    values = ("first", "second", "last")
    inorder = ({"op": "replace", "path": "displayName", "value": value} for value in values)
    subject.lands("ENTRA-8.1-12", {"displayName": "last"}, *inorder)


@clause("ENTRA-3.2-08")
def test_the_primary_role_comes_in_parts(subject: Subject) -> None:
    """Value, display and type of the primary role come as operations of their own, and make one role."""
    parts = {"value": TASK, "display": TASK, "type": ROLE_TYPE}
    path = 'roles[primary eq "True"]'
    sent = [{"op": "Replace", "path": f"{path}.{part}", "value": text} for part, text in parts.items()]
    answer = subject.send(*sent)
    told = roles_of(subject.users.read(subject.user)) if answer.ok else []
    holds(
        "ENTRA-3.2-08", told == [TASK], expected=f"2xx, one role {TASK}", observed=(answer.status, told), answer=answer
    )
