"""Groups in the shapes in which Entra and its validators send them."""

from __future__ import annotations

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, either, holds
from conformance.population import Document, Groups
from conformance.rfc_schema import CORE_GROUP
from conformance.strategies.population import Population
from conformance.suites.dialects.club import Club, by_filter, listed, members_of
from conformance.suites.dialects.subject import refusal
from conformance.suites.dialects.updates import gone_once_and_for_all
from conformance.suites.filtering.asking import shown
from conformance.suites.matching.people import eq

pytestmark = budget(4)

FOREIGN = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
PEOPLE = ("ann.lee", "cy", "dee", "fay1", "gil", "hal")


@pytest.fixture(scope="module")
def club(brief_suite_groups: Groups, settled_population: Population) -> Club:
    """One group for the whole file, with a first member, and users who are there anyway."""
    people = tuple(str(settled_population.user(local)["id"]) for local in PEOPLE)
    made = brief_suite_groups.create(externalId=brief_suite_groups.run.name("ext"), members=listed(people[:1]))
    return Club(brief_suite_groups, made, people)


def as_sent(clause_id: str, answer: Answer, body: Document) -> None:
    """Judge that a create gives a group with the values that were sent, and nothing else."""
    made = answer.resource if answer.ok else {}
    seen = {name: made.get(name) for name in ("displayName", "externalId")}
    fine = answer.status in {200, 201} and bool(made.get("id")) and not members_of(made)
    fine = fine and seen == {name: body[name] for name in seen} and FOREIGN not in made.get("schemas", [])
    observed = (answer.status, made) if answer.ok else refusal(answer)
    holds(clause_id, fine, expected="201, as sent, no members", observed=observed, answer=answer)


@clause("ENTRA-1.7-02")
@budget(1)
def test_entra_creates_a_group(groups: Groups) -> None:
    """A create with a second schema URN gives a group without members."""
    others = {"externalId": groups.run.name("ext"), "meta": {"resourceType": "Group"}}
    body = groups.body(schemas=[CORE_GROUP, FOREIGN], **others)
    as_sent("ENTRA-1.7-02", groups.post(body), body)


@clause("ENTRA-8.1-18", "ENTRA-8.1-07")
@budget(2)
def test_a_group_is_created_once(groups: Groups) -> None:
    """A create with a name and an externalId gives a group; the same again gives 409."""
    body = groups.body(externalId=groups.run.name("ext"))
    as_sent("ENTRA-8.1-18", groups.post(body), body)
    again = groups.post(body)
    holds("ENTRA-8.1-07", again.status == 409, expected="409", observed=refusal(again), answer=again)


@clause("PRAC-E-08", "ENTRA-1.7-05", "ENTRA-1.7-04")
def test_entra_adds_members(club: Club) -> None:
    """`Add` with several members beside a null `$ref` adds them all, and the answer does not list them."""
    club.begin(club.people[:1])
    answer = club.send({"op": "Add", "path": "members", "value": listed(club.people[1:], **{"$ref": None})})
    lists = answer.ok and bool(answer.body) and bool(members_of(answer.resource))
    holds("ENTRA-1.7-04", not lists, expected="204, or no members", observed=answer.status, answer=answer)
    club.keeps("PRAC-E-08 ENTRA-1.7-05", answer, club.people)


@clause("PRAC-E-06", "ENTRA-2.7-01")
def test_entra_removes_members_by_a_list(club: Club) -> None:
    """`Remove` with a list removes those members, or all of them, or is refused."""
    club.begin(club.people)
    answer = club.send({"op": "Remove", "path": "members", "value": listed(club.people[:2])})
    club.keeps("ENTRA-2.7-01", answer, club.people[2:])
    left = members_of(club.group)
    only = answer.ok and left == sorted(club.people[2:])
    variants = {"listed": only, "all": answer.ok and not left, "refused": answer.status == 400}
    either("PRAC-E-06", "AMB-25", variants, observed=(answer.status, left), answer=answer)


@clause("ENTRA-2.7-02", "ENTRA-2.7-03")
@budget(6)
def test_entra_removes_members_by_filter(club: Club) -> None:
    """`remove` of a member by filter removes that one; two such operations remove both."""
    club.begin(club.people[2:])
    answer = club.send({"op": "remove", "path": by_filter(club.people[2])})
    club.keeps("ENTRA-2.7-02", answer, club.people[3:])
    answer = club.send(*({"op": "remove", "path": by_filter(each)} for each in club.people[3:5]))
    club.keeps("ENTRA-2.7-03", answer, club.people[5:])


@clause("ENTRA-1.7-06")
def test_a_member_is_added_again(club: Club) -> None:
    """Adding a member again succeeds and changes nothing."""
    club.begin(club.people[5:])
    answer = club.send({"op": "Add", "path": "members", "value": listed(club.people[5:], **{"$ref": None})})
    club.keeps("ENTRA-1.7-06", answer, club.people[5:])


@clause("ENTRA-1.7-07")
def test_a_group_is_a_member(club: Club) -> None:
    """A group can be a member, by its id."""
    inner = str(club.groups.create()["id"])
    answer = club.send({"op": "Add", "path": "members", "value": listed([inner], **{"$ref": None})})
    told = members_of(club.now()) if answer.ok else shown(answer)
    expected, lost = f"2xx, {inner} is a member", answer.ok
    right = answer.ok and inner in told
    holds("ENTRA-1.7-07", right, expected=expected, observed=told, answer=answer, harm=lost)


@clause("PRAC-E-02")
def test_members_are_left_out(club: Club) -> None:
    """A group with members is read by id and found by name without them, where they are not wanted."""
    club.begin(members_of(club.group) or club.people[:1])
    groups, name = club.groups, str(club.group["displayName"])
    one = groups.client.get(groups.path(club.group), params={"excludedAttributes": "members"})
    found = groups.client.query(groups.endpoint, eq("displayName", name), excludedAttributes="members")
    seen = [*([one.resource] if one.ok else []), *(found.resources if found.ok else [])]
    fine = [each.get("id") for each in seen] == [club.group["id"]] * 2 and not any("members" in each for each in seen)
    holds("PRAC-E-02", fine, expected="the group twice, no members", observed=seen, answer=found)


@clause("ENTRA-1.7-03", "ENTRA-8.1-09", "ENTRA-8.1-08")
@budget(5)
def test_a_group_is_renamed(club: Club) -> None:
    """A group is renamed with and without a path, and gets another externalId, and keeps its members."""
    members, run = members_of(club.group), club.groups.run
    name, external, again = run.name("renamed"), run.name("ext"), run.name("again")
    first = club.send({"op": "Replace", "path": "displayName", "value": name})
    second = club.send({"op": "replace", "value": {"externalId": external}})
    club.keeps(
        "ENTRA-1.7-03 ENTRA-8.1-08", second if first.ok else first, members, displayName=name, externalId=external
    )
    answer = club.send({"op": "replace", "value": {"displayName": again}})
    club.keeps("ENTRA-8.1-09", answer, members, displayName=again)


@clause("ENTRA-8.1-15")
def test_a_member_comes_and_goes_in_one_request(club: Club) -> None:
    """A member that is added and removed in one request is no member; the others stay."""
    guest = club.people[0]
    members = [each for each in members_of(club.group) if each != guest] or club.people[1:2]
    club.begin(members)
    come, go = {"op": "Add", "path": "members", "value": listed([guest])}, {"op": "Remove", "path": by_filter(guest)}
    answer: Answer = club.send(come, go)
    club.keeps("ENTRA-8.1-15", answer, members)


@clause("ENTRA-1.7-08", "ENTRA-8.1-16", "ENTRA-8.1-17")
@budget(5)
def test_entra_deletes_a_group(groups: Groups) -> None:
    """A deleted group is gone; deleting it again, or one that never was, gives 404 too."""
    path = groups.path(groups.create())
    gone_once_and_for_all(groups, path, ("ENTRA-1.7-08", "ENTRA-8.1-16", "ENTRA-8.1-17"))
