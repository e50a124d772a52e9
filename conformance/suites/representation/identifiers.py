"""id and externalId."""

from __future__ import annotations

import uuid

from conformance.accounts import Accounts
from conformance.judging import budget, clause, either, holds, not_applicable
from conformance.population import Users
from conformance.strategies.lists import ids
from conformance.suites.states import resulting, whole
from conformance.target import Target


@clause("7643-3.1-07")
def test_the_provider_issues_the_id(users: Users) -> None:
    """An id in the body of a create is ignored."""
    claimed = str(uuid.uuid4())
    answer = users.post(users.body(id=claimed))
    told = answer.resource.get("id") if answer.ok else answer.status
    fine, strict = answer.ok and told not in (None, claimed), answer.status == 400
    holds("7643-3.1-07", fine, expected="2xx, another id", observed=told, answer=answer, tolerated=strict)


@clause("7643-3.1-09", "7643-3.1-10")
@budget(6)
def test_ids_are_exact_and_always_shown(users: Users) -> None:
    """An id in another case is another id, and no projection leaves the id out."""
    made = users.create()
    asked = ({"attributes": "userName"}, {"excludedAttributes": "id,userName"})
    shown = [users.client.get(users.path(made), params=each).resource.get("id") for each in asked]
    holds("7643-3.1-10", shown == [made["id"]] * 2, expected=str(made["id"]), observed=shown)
    flipped = made["id"].swapcase()
    if flipped == made["id"]:
        not_applicable("7643-3.1-09", f"ids have no letters: {made['id']}")
        return
    direct, found = users.client.get(users.path(flipped)), users.client.query(users.endpoint, f'id eq "{flipped}"')
    told = (direct.status, found.total if found.ok else found.status)
    holds("7643-3.1-09", told == (404, 0), expected="404, and no hit", observed=told, answer=direct)


@clause("7643-3.1-11", "7643-3.1-15")
@budget(9)
def test_an_external_id_is_kept_and_found_exactly(users: Users, target: Target) -> None:
    """externalId is stored verbatim, can be changed, and finds its resource in that case only."""
    external = f"ExtÀ-{users.run.name('x')}"
    made = users.create(externalId=external)
    told = [users.read(made).get("externalId")]
    flipped = f"eXTà-{external[5:]}"
    found = [users.client.query(users.endpoint, f'externalId eq "{each}"') for each in (external, flipped)]
    seen = [ids(answer.resources) if answer.ok else [str(answer.status)] for answer in found]
    holds(
        "7643-3.1-15", seen == [[made["id"]], []], expected=f"{made['id']}, then none", observed=seen, answer=found[1]
    )
    answer = users.client.put(users.path(made), whole(users, made, externalId=flipped))
    wanted, told = [external, flipped], [*told, resulting(users, made, answer).get("externalId")]
    if target.has("patch"):
        operation = {"op": "replace", "path": "externalId", "value": external.upper()}
        answer = users.client.patch(users.path(made), [operation])
        wanted, told = [*wanted, external.upper()], [*told, resulting(users, made, answer).get("externalId")]
    holds("7643-3.1-11", told == wanted, expected=str(wanted), observed=told, answer=answer)


@clause("7643-3.1-13")
def test_two_users_may_share_an_external_id(users: Users) -> None:
    """A second user with the same externalId is created, and the first stays as it is."""
    external = users.run.name("shared")
    first = users.create(externalId=external)
    answer = users.post(users.body(externalId=external))
    kept = users.read(first) == first
    variants = {
        "both": kept and answer.status == 201 and answer.resource.get("id") != first["id"],
        "conflict": kept and answer.status == 409,
    }
    either("7643-3.1-13", "AMB-19", variants, observed=(answer.status, answer.scim_type), answer=answer)


@clause("7643-3.1-14")
@budget(8)
def test_an_external_id_belongs_to_its_domain(accounts: Accounts, users: Users) -> None:
    """Two accounts may use one externalId, and a filter finds the own user only."""
    external, made, found = users.run.name("domain"), [], []
    clients = [accounts.create().bearer() for _ in range(2)]
    for client in clients:
        answer = client.post(users.endpoint, users.body(externalId=external))
        made.append([answer.resource.get("id") if answer.ok else answer.status, answer.resource.get("userName")])
    for client in clients:
        answer = client.query(users.endpoint, f'externalId eq "{external}"')
        found.append([value for each in answer.resources for value in (each.get("id"), each.get("userName"))])
    holds("7643-3.1-14", found == made, expected=str(made), observed=found, answer=answer)
