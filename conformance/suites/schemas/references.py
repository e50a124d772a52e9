"""References to resources (RFC 7643 section 2.3.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

import pytest

from conformance.client import Answer
from conformance.described import every
from conformance.judging import budget, clause, either, holds, not_applicable
from conformance.population import Document, Groups, Users
from conformance.specimens import Specimen
from conformance.suites.schemas.comparing import body_of, nothing
from conformance.target import Target

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
NOBODY = "0f0e0d0c-0b0a-0908-0706-050403020100"
FITTING = (200, 401, 403)  # what the references lead to was made just now, so that it is there


@pytest.fixture(scope="module")
def linked(suite_users: Users, suite_groups: Groups, target: Target) -> list[Document]:
    """A user with a manager, and the group both are in, as they are read."""
    manager = suite_users.create()
    urn = {"schemas": [*suite_users.body()["schemas"], ENTERPRISE], ENTERPRISE: {"manager": {"value": manager["id"]}}}
    user = suite_users.create(**(urn if target.has("extension:enterprise") else {}))
    found = [suite_users.read(user)]
    if target.has("type:Group"):
        group = suite_groups.create(members=[{"value": manager["id"]}, {"value": user["id"]}])
        found = [suite_users.read(user), suite_groups.read(group)]
    return found


def links(value: Any) -> list[Mapping[str, Any]]:
    """Every object below a value that has a `$ref`."""
    if isinstance(value, list):
        return [found for item in value for found in links(item)]
    if not isinstance(value, dict):
        return []
    own = [value] if isinstance(value.get("$ref"), str) else []
    return own + [found for item in value.values() for found in links(item)]


@clause("7643-2.3.7-01")
@budget(6)
def test_references_are_uris_below_the_base(
    linked: Sequence[Document], users: Users, specimens: Sequence[Specimen]
) -> None:
    """meta.location and $ref are URIs that lead below the base, and the location finds its resource."""
    base = users.client.base + "/"
    for document in linked:
        location = str((document.get("meta") or {}).get("location"))
        places = {location: urljoin(base, location)} | {
            each["$ref"]: urljoin(base, each["$ref"]) for each in links(document)
        }
        outside = [text for text, place in places.items() if not place.startswith(base)]
        nothing("7643-2.3.7-01", outside, expected=f"URIs below {base}")
        answer = users.client.get(places[location])
        same = body_of(answer).get("id") == document["id"]
        holds("7643-2.3.7-01", same, expected=f"GET {location}: the resource", observed=answer.status, answer=answer)
    odd = [f"{each}: {value!r}" for specimen in specimens for each in every(specimen.attributes)
           if each.type == "reference" for value in each.values(specimen.asked) if not _is_uri(value)]  # fmt: skip
    nothing("7643-2.3.7-01", odd, expected="URIs where the schema says reference")


def _is_uri(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and not set(value) & set(' <>"{}|\\^`')


@clause("7643-2.3.7-02")
@budget(6)
def test_references_lead_to_their_resource(linked: Sequence[Document], users: Users) -> None:
    """GET of each $ref gives the resource whose id stands beside it."""
    found = {each["$ref"]: each.get("value") for document in linked for each in links(document)}
    if not found:
        not_applicable("7643-2.3.7-02", "no $ref is shown")
    for reference, identifier in found.items():
        answer = users.client.get(urljoin(users.client.base + "/", reference))
        led = answer.status in FITTING and (not answer.ok or body_of(answer).get("id") == identifier)
        holds(
            "7643-2.3.7-02",
            led,
            expected=f"{reference}: {identifier}",
            observed=(answer.status, body_of(answer).get("id")),
            answer=answer,
        )


@clause("7643-2.3.7-03")
@budget(4)
def test_a_reference_to_nobody_is_taken_or_refused(users: Users, groups: Groups, target: Target) -> None:
    """A member or manager that does not exist is stored as it is, or refused."""
    if target.has("type:Group"):
        member = users.create()["id"]
        answer = groups.post(groups.body(members=[{"value": member}, {"value": NOBODY}]))
        shown = [each.get("value") for each in body_of(answer).get("members") or []]
        _dangling("members", answer, shown, [member, NOBODY])
    if target.has("extension:enterprise"):
        urns = [*users.body()["schemas"], ENTERPRISE]
        answer = users.post(users.body(schemas=urns, **{ENTERPRISE: {"manager": {"value": NOBODY}}}))
        manager = (body_of(answer).get(ENTERPRISE) or {}).get("manager") or {}
        _dangling("manager", answer, [manager["value"]] if "value" in manager else [], [NOBODY])
    elif not target.has("type:Group"):
        not_applicable("7643-2.3.7-03", "the target has neither groups nor managers")


def _dangling(what: str, answer: Answer, shown: Sequence[object], sent: Sequence[object]) -> None:
    """Judge what became of references of which the last leads nowhere: all stay, the last is dropped, or 4xx."""
    variants = {
        "stored": answer.ok and list(shown) == list(sent),
        "refused": answer.status in (400, 404, 409),
        "dropped": answer.ok and list(shown) == list(sent[:-1]),
    }
    either("7643-2.3.7-03", "AMB-20", variants, observed=(answer.status, shown), about=what, answer=answer)
