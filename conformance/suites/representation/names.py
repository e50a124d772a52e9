"""Names: their case, their order, and names given twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from conformance.judging import budget, clause, either, holds
from conformance.population import Document, Users
from conformance.rfc_schema import CORE_USER
from conformance.suites.states import carries, resulting
from conformance.target import Target

SHOUTED = CORE_USER.upper()


def reversed_members(value: Any) -> Any:
    """The JSON value with the members of every object the other way round."""
    if isinstance(value, Mapping):
        return {name: reversed_members(item) for name, item in reversed(list(value.items()))}
    return [reversed_members(item) for item in value] if isinstance(value, list) else value


def renamed(body: Document) -> Document:
    """The body with its names in odd case, those of sub-attributes too; `schemas` stays."""
    found = {name.swapcase(): value for name, value in body.items() if name not in ("schemas", "name", "emails")}
    name = {key.upper(): value for key, value in body["name"].items()}
    emails = [{key.capitalize(): value for key, value in each.items()} for each in body["emails"]]
    return {"schemas": body["schemas"], **found, "NAME": name, "eMAILS": emails}


def values(body: Document) -> Document:
    """What a read must show of a body, `schemas` aside."""
    return {name: body[name] for name in ("userName", "name", "displayName", "title", "emails")}


@clause("7643-2.1-04", "7643-2.3.8-03")
def test_case_and_order_of_names_do_not_matter(users: Users) -> None:
    """Names in another case and members in another order make the same user."""
    for clause_id, change in (("7643-2.1-04", renamed), ("7643-2.3.8-03", reversed_members)):
        body = users.body(title="Planner")
        answer = users.post(change(body))
        found = resulting(users, answer.resource, answer) if answer.ok else {}
        told = {name: found.get(name) for name in values(body)} if found else (answer.status, answer.body[:200])
        fine = answer.ok and carries(found, values(body))
        holds(clause_id, fine, expected=f"2xx, {values(body)}"[:300], observed=told, answer=answer)


@clause("7644-3.10-01")
@budget(7)
def test_qualified_names_are_read_in_any_case(users: Users, target: Target) -> None:
    """The URN, the attribute and the sub-attribute of a qualified name are read in any case."""
    made = users.create(title="Planner")
    path, told = users.path(made), {}
    if target.has("filter"):
        answer = users.client.query(users.endpoint, f'{SHOUTED}:USERNAME eq "{made["userName"]}"')
        told["filter"] = answer.ok and [each.get("id") for each in answer.resources] == [made["id"]]
        both = f'{SHOUTED}:Name.FamilyNAME sw "Love" and USERNAME eq "{made["userName"]}"'
        answer = users.client.query(users.endpoint, both)
        told["sub-attribute"] = answer.ok and [each.get("id") for each in answer.resources] == [made["id"]]
    answer = users.client.get(path, params={"attributes": f"{SHOUTED}:TITLE,{SHOUTED.lower()}:nAME.givenNAME"})
    shown = {name: value for name, value in answer.resource.items() if name not in ("schemas", "id", "meta")}
    told["attributes"] = shown == {"title": "Planner", "name": {"givenName": "Ada"}}
    if target.has("patch"):
        operation = {"op": "replace", "path": f"{SHOUTED}:NAME.GIVENNAME", "value": "Grace"}
        answer = users.client.patch(path, [operation])
        name = users.read(made).get("name") or {}
        told["path"] = answer.ok and (name.get("givenName"), name.get("familyName")) == ("Grace", "Lovelace")
    holds("7644-3.10-01", all(told.values()), expected="as in the schema's case", observed=told, answer=answer)


@clause("7159-4-01")
@budget(5)
def test_a_name_given_twice_is_refused_or_one_wins(users: Users) -> None:
    """A body that names userName twice is refused, or the same one of the two wins each time."""
    exact: list[tuple[int, object]] = []
    folded: list[tuple[int, object]] = []
    for second, seen in (("userName", exact), ("userName", exact), ("USERNAME", folded)):
        names = [users.run.email(hint) for hint in ("first", "last")]
        body = json.dumps(users.body(userName=names[0]))[:-1] + f', "{second}": "{names[1]}"}}'
        answer = users.client.request("POST", users.endpoint, body=body.encode())
        found = answer.resource if answer.ok else {}
        users.made += [str(found["id"])] if "id" in found else []
        winner = names.index(found["userName"]) if found.get("userName") in names else "neither"
        seen.append((answer.status, winner) if answer.ok else (answer.status, answer.scim_type))
    for about, seen in (("the same case", exact), ("another case", folded)):
        steady = len(set(seen)) == 1 and seen[0][1] != "neither"
        variants = {"refused": {status for status, _ in seen} == {400}, "one-wins": steady and seen[0][0] < 300}
        either("7159-4-01", "AMB-45", variants, observed=seen, about=about, answer=answer)
