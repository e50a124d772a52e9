"""Accounts of one server are kept apart (RFC 7644 section 6); needs the hook account.create."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from conformance.accounts import AccountHandle, Accounts
from conformance.client import Answer, ScimClient
from conformance.judging import budget, clause, either, holds, not_applicable, observe
from conformance.population import Document, Users
from conformance.run import Run
from conformance.suites.resources import object_of
from conformance.target import Target

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
HIDDEN = (401, 403, 404)


@dataclass(frozen=True, slots=True)
class Tenant:
    """An account, a client with its own credential, and users made in it."""

    account: AccountHandle
    users: Users
    people: list[Document]

    @property
    def client(self) -> ScimClient:
        """The client with the credential of this account, at the URL of this account."""
        return self.users.client

    @property
    def usernames(self) -> set[str]:
        """The userNames of the users made in it."""
        return {str(each["userName"]) for each in self.people}

    def listed(self) -> list[Document]:
        """The users of the account as its own credential lists them, the first hundred."""
        return self.client.query(self.users.endpoint, count=100).resources

    def names(self) -> set[str]:
        """The userNames among them."""
        return {str(each.get("userName")) for each in self.listed()}


def tenant_of(account: AccountHandle, run: Run, target: Target, people: int) -> Tenant:
    """An account with so many users."""
    client = account.bearer() if account.token else account.basic()
    users = Users(client, run, target.capabilities.endpoint("User"))
    names = [run.email("person") for _ in range(people)]
    return Tenant(account, users, [users.create(userName=each, displayName=each, title="Planner") for each in names])


@pytest.fixture(scope="module")
def tenants(suite_accounts: Accounts, run: Run, target: Target) -> tuple[Tenant, Tenant]:
    """Two accounts; the first has more users, so that one of its ids means nothing in the second."""
    return tenant_of(suite_accounts.create(), run, target, 3), tenant_of(suite_accounts.create(), run, target, 1)


def named_in_one(first: Tenant, second: Tenant) -> str:
    """An id of the first account that names nothing in the second, whose list may leak what the first account has."""
    leaked = {str(each["userName"]) for each in first.people}
    own = {str(each.get("id")) for each in second.listed() if each.get("userName") not in leaked}
    return next(str(each["id"]) for each in reversed(first.people) if str(each["id"]) not in own)


def reached(answer: Answer, first: Tenant) -> bool:
    """Whether an answer shows data of the first account, or did what was asked."""
    return answer.ok or any(str(each["userName"]).encode() in answer.body for each in first.people)


@clause("7644-6.1-01", "7644-6.1-03")
@budget(14)
def test_tenants_see_and_touch_their_own_data_only(tenants: tuple[Tenant, Tenant]) -> None:
    """What one tenant holds is neither listed nor found nor changed with another one's credential."""
    first, second = tenants
    path = first.users.path(named_in_one(first, second))
    before = first.client.get(path).resource
    answers = touching(second, path)
    told, leaks = [each.status for each in answers], any(reached(each, first) for each in answers)
    variants = {"not-found": set(told) == {404}, "forbidden": set(told) <= {403, 404}}
    either("7644-6.1-01", "AMB-64", variants, observed=told, answer=answers[0])
    kept = first.client.get(path)
    same = kept.ok and kept.resource == before
    holds("7644-6.1-01", same and not leaks, expected="hidden, unchanged", observed=told, answer=kept, harm=True)
    listed = [each.names() for each in tenants]
    told_names = [sorted(names & other) for names, other in zip(listed, reversed(listed), strict=True)]
    holds("7644-6.1-01", not any(told_names), expected="disjoint lists", observed=told_names, harm=True)
    whole = all(own.usernames <= names for own, names in zip(tenants, listed, strict=True))
    inferred("7644-6.1-03", tenants, whole=whole and not any(told_names))


def touching(tenant: Tenant, path: str) -> list[Answer]:
    """The answers to reading, changing and deleting what stands at a path."""
    operations: Any = [{"op": "replace", "path": "title", "value": "Taken over"}]
    return [
        tenant.client.get(path),
        tenant.client.patch(path, operations),
        tenant.client.put(path, tenant.users.body(title="Taken over")),
        tenant.client.delete(path),
    ]


def inferred(clause_id: str, tenants: tuple[Tenant, Tenant], *, whole: bool) -> None:
    """Judge that one URL shows each credential its own data; another URL for each tenant names the tenant."""
    urls = [each.account.url for each in tenants]
    if urls[0] != urls[1]:
        not_applicable(clause_id, "the URL names the tenant")
        return
    holds(clause_id, whole, expected="all of its own data, no other", observed=f"own data only: {whole}", harm=True)


@clause("7644-6.1-01")
@budget(9)
def test_no_query_or_reference_leads_to_another_tenant(tenants: tuple[Tenant, Tenant], scim: ScimClient) -> None:
    """A filter, a search, a list, a membership or another account's GET shows nothing of a tenant."""
    first, second = tenants
    person = first.people[0]
    by_name = f'userName eq "{person["userName"]}"'
    answers = [second.client.query(second.users.endpoint, by_name), scim.get(first.users.path(person))]
    answers.append(second.client.post(f"{second.users.endpoint}/.search", {"schemas": [SEARCH], "count": 100}))
    answers += through_groups(first, second, person)
    secrets = [str(each["userName"]).encode() for each in first.people]
    leaks = [str(each) for each in answers if any(secret in each.body for secret in secrets)]
    holds("7644-6.1-01", not leaks, expected="nothing of the first tenant", observed=leaks or "nothing", harm=True)


def through_groups(first: Tenant, second: Tenant, person: Mapping[str, Any]) -> list[Answer]:
    """What the second tenant sees of a group of the first, and of a group of its own that names a foreign member."""
    endpoint = first.users.endpoint.replace("Users", "Groups")
    group = {
        "schemas": [GROUP],
        "displayName": first.users.run.name(str(person["userName"])),
        "members": [{"value": str(person["id"])}],
    }
    if not first.client.post(endpoint, group).ok:
        return []
    foreign = second.client.post(endpoint, {**group, "displayName": second.users.run.name("foreign")})
    answers = [second.client.query(endpoint, count=100), foreign]
    if made := object_of(foreign).get("id"):
        answers.append(second.client.get(f"{endpoint}/{made}"))
    return answers


@clause("7644-6.1-02")
@budget(5)
def test_a_credential_and_a_url_of_different_tenants_collide(tenants: tuple[Tenant, Tenant]) -> None:
    """The credential of one tenant at the URL of another is refused for reading and writing."""
    first, second = tenants
    if first.account.url == second.account.url:
        not_applicable("7644-6.1-02", "no URL names a tenant: all accounts have the same")
        return
    stranger = first.client.at(second.client.base)
    body = second.users.body()
    for answer in (stranger.query(second.users.endpoint, count=5), stranger.post(second.users.endpoint, body)):
        told = f"{answer.exchange.method}: {answer.status}"
        refusing = answer.status in HIDDEN
        holds("7644-6.1-02", refusing, expected="401, 403 or 404", observed=told, answer=answer, harm=answer.ok)
    made = {body["userName"]} & (first.names() | second.names())
    holds("7644-6.1-02", not made, expected="nothing created", observed=sorted(made) or "nothing", harm=True)


@clause("7644-6.2-02", "7643-7-34")
@budget(6)
def test_names_and_external_ids_belong_to_the_tenant(tenants: tuple[Tenant, Tenant]) -> None:
    """Two tenants may each have a user of one userName and externalId, and neither a second one."""
    first, second = tenants
    taken = {"userName": first.users.run.email("twin"), "externalId": first.users.run.name("twin")}
    answers = [each.users.post(each.users.body(**taken)) for each in tenants]
    told = [each.status for each in answers]
    if told == [201, 409]:
        observe("7643-7-34", "userNames are unique over all tenants")
        answers[1] = second.users.post(second.users.body(externalId=taken["externalId"]))
    else:
        holds("7643-7-34", told == [201, 201], expected="201, 201", observed=told, answer=answers[1])
    told = [each.status for each in answers]
    holds("7644-6.2-02", told == [201, 201], expected="201, 201", observed=told, answer=answers[1])
    for tenant, answer in zip(tenants, answers, strict=True):
        shown = tenant.client.get(tenant.users.path(str(object_of(answer).get("id"))))
        kept = object_of(shown).get("externalId") if shown.ok else shown.status
        holds("7643-7-34", shown.ok, expected="a user of each", observed=shown.status, answer=shown)
        holds("7644-6.2-02", kept == taken["externalId"], expected=str(taken["externalId"]), observed=kept)
    again = second.users.post(second.users.body(userName=object_of(answers[1]).get("userName")))
    holds("7643-7-34", again.status == 409, expected="409 for a second one", observed=again.status, answer=again)


@clause("7644-3.7-24")
@budget(6)
def test_bulk_does_not_cross_tenants(tenants: tuple[Tenant, Tenant]) -> None:
    """A bulk operation on a resource of another tenant fails with 404 and changes nothing."""
    first, second = tenants
    first.people.append(first.users.create(title="Planner"))
    path = first.users.path(named_in_one(first, second))
    before = first.client.get(path).resource
    change: Any = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "title", "value": "Taken over"}],
    }
    operations = [
        {"method": "PATCH", "path": path, "data": change},
        {"method": "PUT", "path": path, "data": second.users.body(title="Taken over")},
        {"method": "DELETE", "path": path},
    ]
    answer = second.client.post("/Bulk", {"schemas": [BULK], "Operations": operations})
    told = [str(each.get("status")) for each in object_of(answer).get("Operations", [])]
    right = len(told) == 3 and all("404" in each or "403" in each for each in told)
    holds("7644-3.7-24", right, expected="404 thrice", observed=told or answer.status, answer=answer)
    kept = first.client.get(path)
    same = kept.ok and kept.resource == before
    holds("7644-3.7-24", same, expected="unchanged", observed=kept.status, answer=kept, harm=True)
