"""Who may set attributes, and when (RFC 7643 section 7, `mutability`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from conformance.client import Answer
from conformance.described import Described, every, with_value
from conformance.judging import budget, clause, holds, not_applicable
from conformance.likeness import alike, unlike
from conformance.population import Document
from conformance.specimens import Specimen, Workshop
from conformance.suites.schemas.comparing import Workshops, made, none_found, nothing
from conformance.target import Target

CLAIM = "claimed by the client"


def settable(specimen: Specimen) -> list[Described]:
    """The attributes that may be set at any time, and whose values the target took."""
    return [
        each
        for each in specimen.attributes
        if each.held(specimen.sent) is not None and each.says("mutability") == "readWrite"
    ]


def changed(workshop: Workshop, each: Described, before: Any, variant: int) -> Any:
    """Another value of an attribute; parts that are immutable keep theirs."""
    value = workshop.variety.value(each, variant)
    if isinstance(value, dict) and isinstance(before, dict):
        fixed = {sub.name for sub in each.subs if sub.says("mutability") == "immutable"}
        return {**value, **{name: part for name, part in before.items() if name in fixed}}
    return value


@clause("7643-7-15")
@budget(18)
def test_writable_attributes_are_updated_by_put_and_patch(
    workshops: Workshops, specimens: Sequence[Specimen], target: Target
) -> None:
    """Every attribute that is described as readWrite shows a new value after PUT and after PATCH."""
    for specimen in specimens:
        workshop, wanted = workshops[specimen.kind], settable(specimen)
        body = workshop.body(only={each.path for each in wanted})
        before = made(workshop, body)
        _updated(workshop, before, body, wanted, patch=False)
        if target.has("patch"):
            _updated(workshop, before, body, wanted, patch=True)


def _updated(workshop: Workshop, before: Document, body: Document, wanted: Sequence[Described], *, patch: bool) -> None:
    """Judge that a write of new values to all the attributes shows in a GET."""
    after = body
    for each in wanted:
        after = with_value(after, each, changed(workshop, each, each.held(body), 0 if patch else 1))
    client, path = workshop.resources.client, workshop.resources.path(before)
    operations = [{"op": "replace", "path": each.path, "value": each.held(after)} for each in wanted]
    answer = client.patch(path, operations) if patch else client.put(path, after)
    verb = "PATCH" if patch else "PUT"
    holds(
        "7643-7-15",
        answer.ok,
        expected=f"{verb} of new values: 2xx",
        observed=f"{answer.status} {answer.body[:300]!r}",
        answer=answer,
    )
    if answer.ok:
        nothing(
            "7643-7-15",
            unlike(wanted, after, workshop.resources.read(before)),
            expected=f"{verb}: the new values",
            answer=answer,
        )


@clause("7643-7-14")
@budget(10)
def test_read_only_attributes_stay_whatever_a_client_writes(workshops: Workshops, target: Target) -> None:
    """Attributes described as readOnly are not changed by POST, PUT or PATCH."""
    workshop = workshops["User"]
    claims = [each for each in every(workshop.attributes) if each.says("mutability") == "readOnly" and _claimable(each)]
    body = workshop.body(only={each.top.path for each in claims if each.parent})
    for each in claims:
        body = with_value(body, each, [{"value": CLAIM}] if each.type == "complex" else CLAIM)
    body = {**body, "meta": {"resourceType": CLAIM, "created": "2001-01-01T00:00:00Z"}}
    before = made(workshop, body)
    _unclaimed(claims, before)
    client, path = workshop.resources.client, workshop.resources.path(before)
    client.put(path, {**body, "id": before["id"]})
    after = workshop.resources.read(before)
    _unclaimed(claims, after)
    same = after.get("meta", {}).get("created") == before.get("meta", {}).get("created")
    holds("7643-7-14", same, expected="meta.created as it was", observed=after.get("meta"))
    if target.has("patch"):
        _patched(workshop, before, claims)


def _claimable(each: Described) -> bool:
    """Whether a text can be claimed for the attribute: a list of objects, or a text of its own or of a writable one."""
    if each.parent is not None:
        return each.type == "string" and each.parent.writable and not each.is_list
    return each.type == "string" or (each.type == "complex" and each.is_list)


def _unclaimed(claims: Sequence[Described], shown: Document) -> None:
    taken = [each for each in claims if CLAIM in json.dumps(each.values(shown))]
    nothing("7643-7-14", taken, expected="no readOnly value of the client")
    own = shown.get("meta", {}).get("resourceType") != CLAIM
    holds("7643-7-14", own, expected="meta.resourceType as the server has it", observed=shown.get("meta"))


def _patched(workshop: Workshop, before: Document, claims: Sequence[Described]) -> None:
    """Judge PATCH on readOnly attributes: the value stays, and the refusal is 400 mutability."""
    tops = [each for each in claims if each.parent is None][:2]
    tried: list[tuple[str, Any]] = [
        (each.path, [{"value": CLAIM}] if each.type == "complex" else CLAIM) for each in tops
    ]
    client, path = workshop.resources.client, workshop.resources.path(before)
    for name, value in [("id", CLAIM), ("meta.created", "2001-01-01T00:00:00Z"), *tried]:
        answer = client.patch(path, [{"op": "replace", "path": name, "value": value}])
        _refusal(name, answer)
    after = workshop.resources.read(before)
    _unclaimed(claims, after)
    same = (after.get("id"), after.get("meta", {}).get("created")) == (
        before["id"],
        before.get("meta", {}).get("created"),
    )
    holds("7643-7-14", same, expected="id and meta.created as they were", observed=(after.get("id"), after.get("meta")))


def _refusal(name: str, answer: Answer) -> None:
    told = (answer.status, answer.scim_type)
    sound = answer.status == 400 and answer.scim_type in ("mutability", None)
    holds("7643-7-14", sound, expected=f"PATCH {name}: 400 mutability", observed=told, answer=answer, tolerated=True)


@clause("7643-7-16")
@budget(32)
def test_immutable_attributes_keep_their_first_value(
    workshops: Workshops, specimens: Sequence[Specimen], target: Target
) -> None:
    """Attributes described as immutable keep their first value through PUT and PATCH."""
    fixed = [
        (specimen, each)
        for specimen in specimens
        for each in specimen.every(mutability="immutable")
        if each.name != "$ref"
    ]
    if none_found("7643-7-16", fixed, "immutable attribute"):
        return
    if all(each.is_list for _, each in fixed) and not target.has("patch"):
        not_applicable("7643-7-16", "only parts of elements are immutable, and there is no PATCH")
        return
    for specimen, each in fixed:
        workshop = workshops[specimen.kind]
        body = workshop.body(only={each.top.path})
        before = made(workshop, body)
        for verb, write in _attempts(workshop, each, body, patch=target.has("patch")):
            answer = write(workshop.resources.path(before))
            shown = each.values(workshop.resources.read(before))
            lost = [value for value in each.values(body) if not any(alike(each, value, other) for other in shown)]
            holds("7643-7-16", not lost, expected=f"{verb} {each}: {each.values(body)}", observed=shown, answer=answer)


def _attempts(workshop: Workshop, each: Described, body: Document, *, patch: bool) -> Iterator[tuple[str, Any]]:
    """The writes that would change the value, each a function of the path."""
    other = workshop.variety.value(each, 1)
    client = workshop.resources.client
    if not each.is_list:
        yield "PUT", lambda path: client.put(path, with_value(body, each, other))
    if patch:
        place = each.path
        if each.parent is not None and each.is_list:
            key = json.dumps(each.parent.held(body)[0].get("value"))
            place = f"{each.parent.path}[value eq {key}].{each.name}"
        yield "PATCH", lambda path: client.patch(path, [{"op": "replace", "path": place, "value": other}])
