"""What attributes and excludedAttributes leave of a user, read by itself or in a list."""

from __future__ import annotations

from typing import Any

from conformance.client import Answer
from conformance.judging import budget, clause, either, holds, not_applicable
from conformance.population import Document, Groups, Users
from conformance.samples import sample
from conformance.strategies.population import Population
from conformance.strategies.trees import literal
from conformance.suites.listing.envelope import fenced
from conformance.suites.projection.showing import (
    Accept,
    always,
    body_of,
    entries,
    has_always,
    one,
    only,
    pairs,
    told,
    whole_but,
)
from conformance.suites.search import asked
from conformance.target import Target

pytestmark = budget(2)

WHO = "cy"


def listed(clause_id: str, population: Population, answer: Answer, accept: Accept) -> None:
    """Judge that a list shows each user of the population as `accept` has it."""
    found = list(pairs(population, answer))
    amiss = next((wrong for entry, whole in found if (wrong := accept(entry, whole))), "") if found else told(answer)
    holds(clause_id, not amiss, expected="each entry projected", observed=amiss, answer=answer)


def shows(clause_id: str, population: Population, answer: Answer, accept: Accept) -> None:
    """Judge that an answer shows one user as `accept` has it."""
    amiss = accept(body_of(answer), population.user(WHO)) if answer.ok else told(answer)
    holds(clause_id, not amiss, expected="the user projected", observed=amiss, answer=answer)


@clause("7644-3.4.2.5-02")
@budget(4)
def test_both_parameters_are_supported(population: Population) -> None:
    """attributes and excludedAttributes both change what is shown, of one user and in a list."""
    for params, kept, gone in (
        ({"attributes": "userName"}, "userName", "emails"),
        ({"excludedAttributes": "emails"}, "userName", "emails"),
    ):
        answers = (one(population, WHO, **params), fenced(population, count=3, **params))
        for answer, documents in zip(answers, ([body_of(answers[0])], entries(answers[1])), strict=True):
            fine = bool(documents) and all(kept in each and gone not in each for each in documents)
            holds("7644-3.4.2.5-02", fine, expected=f"no {gone}", observed=f"{params}: {told(answer)}", answer=answer)


@clause("7644-3.9-02")
@budget(7)
def test_attributes_replace_the_usual_ones(population: Population, empty_group: Document, target: Target) -> None:
    """attributes gives what is named and what is always there, and nothing else, wherever it is sent."""
    names = only({"userName", "title"}, target)
    shows("7644-3.9-02", population, one(population, WHO, attributes="userName,title"), names)
    listed("7644-3.9-02", population, fenced(population, count=200, attributes="userName,title"), names)
    if target.has("search"):
        fence = {"filter": population.fence} if population.fence else {}
        answer = asked(population.scim, population.path, attributes=["userName", "title"], count=200, **fence)
        listed("7644-3.9-02", population, answer, names)
    if target.has("root query"):
        user, group = population.user(WHO), empty_group
        text = f"id eq {literal(str(user['id']))} or id eq {literal(str(group['id']))}"
        answer = population.scim.query("/", text, attributes="userName,title")
        listed("7644-3.9-02", population, answer, names)
        rest = [entry.keys() - always(target, "Group") for entry in entries(answer) if entry.get("id") == group["id"]]
        holds("7644-3.9-02", rest == [set()], expected="no more of the group", observed=rest, answer=answer)


@clause("7644-3.9-06")
@budget(3)
def test_excluded_attributes_leave_the_rest(population: Population) -> None:
    """excludedAttributes takes away what it names, and leaves the rest as it is."""
    names = "emails,name.givenName"
    rest = whole_but("emails", "name.givenName")
    shows("7644-3.9-06", population, one(population, WHO, excludedAttributes=names), rest)
    listed("7644-3.9-06", population, fenced(population, count=200, excludedAttributes=names), rest)
    answer = one(population, WHO, excludedAttributes="emails.type")
    mails = body_of(answer).get("emails")
    wanted = [{key: value for key, value in mail.items() if key != "type"} for mail in population.user(WHO)["emails"]]
    holds("7644-3.9-06", mails == wanted, expected=f"{wanted}", observed=mails, answer=answer)


@clause("7644-3.4.2.5-04")
def test_what_is_always_returned_cannot_be_excluded(population: Population, target: Target) -> None:
    """excludedAttributes leaves id and all that is returned always, of one user and in a list."""
    core = (target.capabilities.schemas_of("User") or [{}])[0]
    fixed = {"id", *(str(entry["name"]) for entry in core.get("attributes") or [] if has_always(entry))}
    names = ",".join(sorted(fixed))
    keep = whole_but("title")
    shows("7644-3.4.2.5-04", population, one(population, WHO, excludedAttributes=f"{names},title"), keep)
    answer = fenced(population, count=200, excludedAttributes=f"{names},title")
    listed("7644-3.4.2.5-04", population, answer, keep)


@clause("7644-3.4.2.5-05")
@budget(5)
def test_members_can_be_left_out(users: Users, groups: Groups) -> None:
    """excludedAttributes=members leaves the members out of groups, in lists too, and the members stay."""
    user = users.create()
    group = groups.create(members=[{"value": user["id"]}])
    text = f"displayName eq {literal(str(group['displayName']))}"
    answer = groups.client.query(groups.endpoint, text, excludedAttributes="members")
    single = groups.client.get(groups.path(group), params={"excludedAttributes": "members"})
    for found in (next(iter(entries(answer)), {}), body_of(single)):
        fine = "members" not in found and found.get("displayName") == group["displayName"]
        holds("7644-3.4.2.5-05", fine, expected="no members", observed=sorted(found), answer=answer)
    members = [member.get("value") for member in groups.read(group).get("members") or []]
    holds("7644-3.4.2.5-05", members == [user["id"]], expected="one member still", observed=members, harm=True)


@clause("7644-3.9-07")
def test_both_parameters_at_once(population: Population, target: Target) -> None:
    """attributes and excludedAttributes at once are refused, or one or both are applied."""
    answer = one(population, WHO, attributes="userName,title", excludedAttributes="title")
    found, whole = body_of(answer), population.user(WHO)
    variants = {
        "refused": answer.status == 400,
        "attributes": answer.ok and not only({"userName", "title"}, target)(found, whole),
        "excluded": answer.ok and not whole_but("title")(found, whole),
        "both": answer.ok and not only({"userName"}, target)(found, whole),
    }
    either("7644-3.9-07", "AMB-12", variants, observed=told(answer), answer=answer)


@clause("7643-3-09")
def test_schemas_stay_in_what_is_shown(population: Population) -> None:
    """schemas is part of what is shown, whatever is named or left out."""
    for params in ({"attributes": "userName"}, {"excludedAttributes": "schemas"}):
        answer = one(population, WHO, **params)
        found = body_of(answer)
        variants = {"present": bool(found.get("schemas")), "absent": answer.ok and "schemas" not in found}
        about = next(iter(params))
        either("7643-3-09", "AMB-33", variants, observed=told(answer), about=about, answer=answer)


@clause("7643-7-33")
@budget(3)
def test_what_is_returned_on_request_comes_when_named(users: Users, target: Target) -> None:
    """An attribute that is returned on request is shown when it is named."""
    for schema in target.capabilities.schemas_of("User")[:1]:
        for entry in schema.get("attributes") or []:
            if entry.get("returned") == "request" and entry.get("mutability") != "readOnly":
                requested(users, str(entry["name"]), sample(entry))
                return
    not_applicable("7643-7-33", "no attribute of the core User that can be written is returned on request")


def requested(users: Users, name: str, value: Any) -> None:
    """Judge that an attribute of a new user comes when it is named."""
    answer = users.post(users.body(**{name: value}))
    if not answer.ok:
        not_applicable("7643-7-33", f"no value of {name} is known: {told(answer)}")
        return
    read = users.client.get(users.path(answer.resource), params={"attributes": name})
    holds("7643-7-33", name in body_of(read), expected=name, observed=told(read), answer=read)
