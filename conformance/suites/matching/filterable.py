"""The set of filterable attributes of an account: what is outside is refused, and never finds everyone."""

from __future__ import annotations

import pytest

from conformance.accounts import AccountHandle, Accounts
from conformance.client import Answer
from conformance.judging import budget, clause, holds, refused
from conformance.population import Users
from conformance.run import Run
from conformance.strategies.trees import CORE
from conformance.suites.filtering.asking import shown

pytestmark = budget(4, 5)

SET = ["userName", "externalId", "name", "emails.value"]


@pytest.fixture
def account(accounts: Accounts) -> AccountHandle:
    """A fresh account that can be matched by four attributes."""
    found = accounts.create()
    found.hook("filterable.set", attributes=SET)
    return found


@pytest.fixture
def staff(account: AccountHandle, run: Run) -> Users:
    """The users of the fresh account; they go with it."""
    return Users(account.bearer(), run, "/Users")


def outside(clause_id: str, answer: Answer) -> None:
    """Judge that a filter with an attribute outside of the set is refused."""
    refused(clause_id, answer, status=400, scim_type="invalidFilter")


def admitted(clause_id: str, staff: Users, *texts: str) -> None:
    """Judge that filters are answered 200."""
    for text in texts:
        answer = staff.client.query(staff.endpoint, text, count=1)
        holds(clause_id, answer.status == 200, expected=f"{text}: 200", observed=shown(answer), answer=answer)


@clause("SAM-MATCH-16")
@budget(8, 8)
def test_attributes_outside_the_set_are_refused(staff: Users) -> None:
    """A filter on an attribute outside of the set is refused, whatever the operator."""
    staff.create(title="Engineer")
    for text in ('title eq "Engineer"', 'title eq "Nobody"', "title pr", 'title ne "x"', 'displayName eq "x"'):
        outside("SAM-MATCH-16", staff.client.query(staff.endpoint, text))


@clause("SAM-MATCH-17")
@budget(12, 12)
def test_the_set_holds_wherever_a_filter_stands(staff: Users) -> None:
    """An attribute outside of the set is refused inside any filter, in any spelling."""
    name = f'userName eq "{staff.create()["userName"]}"'
    for text in (
        f'{name} and title eq "x"',
        f"{name} or title pr",
        "not (title pr)",
        f'({name}) or ((title eq "x"))',
        'phoneNumbers[type eq "work"]',
        'TITLE eq "x"',
        f'{CORE}:title eq "x"',
        'emails[type eq "work" and display eq "x"]',
    ):
        outside("SAM-MATCH-17", staff.client.query(staff.endpoint, text))


@clause("SAM-MATCH-18")
def test_the_set_holds_in_searches(staff: Users) -> None:
    """The set holds in a search body."""
    search = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "title pr"}
    outside("SAM-MATCH-18", staff.client.post(f"{staff.endpoint}/.search", search))


@clause("SAM-MATCH-19")
def test_the_set_holds_at_the_root(staff: Users) -> None:
    """The set holds in a query on the base URI."""
    outside("SAM-MATCH-19", staff.client.query("/", "title pr"))


@clause("SAM-MATCH-20")
def test_common_attributes_are_always_filterable(account: AccountHandle, staff: Users) -> None:
    """id, schemas and meta are filterable with an empty set too."""
    account.hook("filterable.set", attributes=[])
    texts = ('id eq "x"', f'schemas eq "{CORE}"', 'meta.lastModified ge "2011-05-13T04:42:34Z"')
    admitted("SAM-MATCH-20", staff, *texts)


@clause("SAM-MATCH-21")
def test_complex_attributes_bring_their_parts(staff: Users) -> None:
    """A complex attribute in the set brings its sub-attributes."""
    admitted("SAM-MATCH-21", staff, 'name.familyName eq "x"', 'name.givenName sw "x"', "name pr")


@clause("SAM-MATCH-22")
@budget(7, 7)
def test_addresses_are_admitted_in_every_spelling(staff: Users) -> None:
    """emails.value in the set admits each spelling of it and no other part of an address."""
    spellings = ('emails.value eq "x"', 'emails[type eq "work"].value eq "x"', 'emails eq "x"')
    admitted("SAM-MATCH-22", staff, *spellings, 'emails[value eq "x" and primary eq true]')
    outside("SAM-MATCH-22", staff.client.query(staff.endpoint, 'emails.display eq "x"'))


@clause("SAM-MATCH-23")
def test_the_set_does_not_bind_patches(account: AccountHandle, staff: Users) -> None:
    """A PATCH path may filter by any attribute."""
    account.hook("filterable.set", attributes=["userName"])
    made = staff.create()
    write = {"op": "replace", "path": 'emails[type eq "work"].value', "value": staff.run.email("patched")}
    answer = staff.client.patch(staff.path(made), [write])
    holds("SAM-MATCH-23", answer.ok, expected="2xx", observed=shown(answer), answer=answer)


@clause("SAM-MATCH-24")
def test_a_change_of_the_set_applies_at_once(account: AccountHandle, staff: Users) -> None:
    """A change of the set applies to the next request."""
    account.hook("filterable.set", attributes=[*SET, "title"])
    admitted("SAM-MATCH-24", staff, 'title eq "x"')
    account.hook("filterable.set", attributes=SET)
    outside("SAM-MATCH-24", staff.client.query(staff.endpoint, 'title eq "x"'))


@clause("SAM-MATCH-25")
def test_the_refusal_names_the_attribute(staff: Users) -> None:
    """The refusal of an attribute names it."""
    for name in ("title", "displayName"):
        answer = staff.client.query(staff.endpoint, f'{name} eq "x"')
        told = (answer.error or {}).get("detail")
        right = answer.status == 400 and isinstance(told, str) and name.lower() in told.lower()
        holds("SAM-MATCH-25", right, expected=f"400 that names {name}", observed=told, answer=answer)
