"""Projection of what a write answers; what is stored is another matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.client import Answer
from conformance.judging import budget, clause, holds, observe
from conformance.population import Users
from conformance.suites.projection.showing import body_of, told
from conformance.target import Target

NAMED = {"attributes": "userName"}
LEFT_OUT = {"excludedAttributes": "emails,name.givenName"}


def projected(what: str, answer: Answer, params: Mapping[str, str]) -> None:
    """Judge that the answer to a write shows what it was asked for, or has no body."""
    found = body_of(answer)
    if answer.ok and not answer.body:
        observe("7644-3.9-08", f"{what} is answered {answer.status} without a body")
        return
    name = found.get("name")
    if params is NAMED:
        fine = {"id", "userName"} <= found.keys() and not found.keys() & {"emails", "name", "displayName", "meta"}
    else:
        fine = {"id", "userName", "displayName", "meta"} <= found.keys() and "emails" not in found
        fine = fine and isinstance(name, dict) and "familyName" in name and "givenName" not in name
    holds("7644-3.9-08", fine, expected=f"{what} with {params}", observed=told(answer), answer=answer)


def stored(users: Users, id_: str, sent: Mapping[str, Any]) -> None:
    """Judge that what is stored is what was sent, whatever was shown."""
    answer = users.client.get(users.path(id_))
    found = body_of(answer)
    odd = [name for name in ("userName", "displayName", "title") if found.get(name) != sent[name]]
    name, mails = found.get("name") or {}, found.get("emails") or []
    odd += [part for part in sent["name"] if name.get(part) != sent["name"][part]]
    odd += ["emails"] * ([mail.get("value") for mail in mails] != [mail["value"] for mail in sent["emails"]])
    holds("7644-3.9-09", not odd, expected="all that was sent", observed=f"differs: {odd}", answer=answer, harm=True)


@clause("7644-3.9-08", "7644-3.9-09")
@budget(10)
def test_writes_are_projected_and_stored_whole(users: Users, target: Target) -> None:
    """The answer to a create, replace or modify is projected, and what is stored is not."""
    for params in (NAMED, LEFT_OUT):
        sent = users.body(title="Engineer")
        answer = users.client.post(users.endpoint, sent, params=params)
        projected("POST", answer, params)
        id_ = str(answer.resource["id"])
        users.made.append(id_)
        stored(users, id_, sent)
        sent |= {"id": id_, "title": "Analyst"}
        projected("PUT", users.client.put(users.path(id_), sent, params=params), params)
        if target.has("patch"):
            operation = {"op": "replace", "path": "displayName", "value": "Augusta King"}
            projected("PATCH", users.client.patch(users.path(id_), [operation], params=params), params)
            sent["displayName"] = "Augusta King"
        stored(users, id_, sent)
