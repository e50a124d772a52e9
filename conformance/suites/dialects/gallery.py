"""The direct SCIM tests of Microsoft's validation template for gallery applications."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, holds
from conformance.population import Document, Groups, Users
from conformance.published import Published
from conformance.rfc_schema import CORE_GROUP, CORE_USER
from conformance.strategies.lists import ids
from conformance.suites.dialects.subject import (
    USER_SCHEMAS,
    Subject,
    Values,
    compact,
    enterprise,
    known,
    operations,
    plainly,
)
from conformance.suites.filtering.asking import shown
from conformance.target import Capabilities, Target

pytestmark = budget(8)

Form = Callable[[str, Values], list[Document]]
"""Writes operations of one kind for values."""

PAGE: Final = 5
MAPPED: Final = (
    *("userName", "active", "displayName", "title", "preferredLanguage", "externalId"),
    *("name.givenName", "name.familyName", "name.formatted", "emails.value", "emails.type"),
    *(f"addresses.{part}" for part in ("formatted", "streetAddress", "locality", "region", "postalCode", "country")),
    *("addresses.type", "phoneNumbers.value", "phoneNumbers.type", "employeeNumber", "department", "manager"),
)
"""The targets of the default mappings of a new application; externalId belongs to every resource."""
STAYS: Final = "phoneNumbers[work].value"
"""The leaf beside another of its list that nothing clears."""


@pytest.fixture(scope="module")
def subject(suite_users: Users) -> Subject:
    """One user for the whole file."""
    return Subject(suite_users, suite_users.create(schemas=USER_SCHEMAS))


def optional(mark: str) -> dict[str, Any]:
    """Values of optional attributes, by leaf."""
    values: dict[str, Any] = {
        "displayName": f"Nulled {mark}",
        "title": f"Title {mark}",
        "name.middleName": f"Middle {mark}",
        "addresses[work].streetAddress": f"Rue {mark}",
        "addresses[work].locality": f"Bonn {mark}",
        "phoneNumbers[mobile].value": f"+1 555 01{mark}",
        STAYS: f"+1 555 02{mark}",
        "preferredLanguage": "fr-FR",
        enterprise("division"): f"Division {mark}",
        enterprise("costCenter"): f"C{mark}",
    }
    return values


def cleared(subject: Subject, clause_id: str, values: Values, form: Form, empty: str | None) -> None:
    """Judge that nothing, in this form, clears these leaves but the one that stays; they are filled before."""
    there = subject.fill(values, *plainly(values))
    there.pop(STAYS, None)
    subject.lands(clause_id, dict.fromkeys(there), *form("replace", dict.fromkeys(there, empty)))


@clause("ENTRA-8.2-03", "ENTRA-8.2-04")
def test_optional_attributes_are_cleared_one_by_one(subject: Subject, target: Target) -> None:
    """Empty strings and nulls, one operation per attribute, clear optional attributes."""
    values = known(target, optional("3"))
    for clause_id, empty in (("ENTRA-8.2-03", ""), ("ENTRA-8.2-04", None)):
        cleared(subject, clause_id, values, operations, empty)


@clause("ENTRA-8.2-05", "ENTRA-8.2-06")
def test_optional_attributes_are_cleared_compactly(subject: Subject, target: Target) -> None:
    """Empty strings and nulls under flat keys of one path-less object clear optional attributes."""
    values = known(target, optional("5"))
    for clause_id, empty in (("ENTRA-8.2-05", ""), ("ENTRA-8.2-06", None)):
        cleared(subject, clause_id, values, compact, empty)


@clause("ENTRA-8.2-01", "ENTRA-8.2-02")
@budget(1)
def test_the_mapped_attributes_are_discovered(published: Published, target: Target) -> None:
    """`/Schemas` describes every attribute of the default mappings, and the core Group."""
    answer = published.get("/Schemas")
    found = answer.resources if answer.ok else []
    told = Capabilities.from_documents({}, found, list(target.capabilities.resource_types))
    lacking = [name for name in MAPPED if name != "externalId" and told.attribute("User", name) is None]
    lacking = lacking if told.schema(CORE_USER) else list(MAPPED)
    holds("ENTRA-8.2-01", not lacking, expected="all of them", observed=lacking or "all of them", answer=answer)
    listed = [entry.get("id") for entry in found]
    core = told.schema(CORE_GROUP) is not None
    holds("ENTRA-8.2-02", core, expected=CORE_GROUP, observed=listed or shown(answer), answer=answer)


def pages(clause_id: str, resources: Users | Groups) -> None:
    """Judge two pages of five, the second one from where the first one ends."""
    seen: list[str] = []
    for start in (1, PAGE + 1):
        answer: Answer = resources.client.query(resources.endpoint, startIndex=start, count=PAGE)
        found = ids(answer.resources) if answer.ok else []
        told = (answer.status, answer.resource.get("startIndex") if answer.ok else None, len(found))
        fine = told[:2] == (200, start) and 0 < len(found) <= PAGE and not set(found) & set(seen)
        expected = f"200, startIndex {start}, 1 to {PAGE} others"
        holds(clause_id, fine, expected=expected, observed=told, answer=answer)
        seen += found


@clause("ENTRA-8.2-07")
@pytest.mark.usefixtures("settled_population")
@budget(2)
def test_users_come_page_by_page(users: Users) -> None:
    """Users are listed in pages of five, each from the index that is asked for."""
    pages("ENTRA-8.2-07", users)


@clause("ENTRA-8.2-08")
@budget(9)
def test_groups_come_page_by_page(groups: Groups) -> None:
    """Groups are listed in pages of five, each from the index that is asked for."""
    there = groups.client.query(groups.endpoint, count=1).total
    for _ in range(PAGE + 1 - there):
        groups.create()
    pages("ENTRA-8.2-08", groups)
