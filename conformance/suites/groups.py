"""Groups and their members (RFC 7643 sections 4.2 and 8.4)."""

from __future__ import annotations

from conformance.client import Answer
from conformance.judging import budget, clause, either, holds, not_applicable, refused
from conformance.population import OMIT, Document, Groups, Users
from conformance.suites.filtering.asking import shown
from conformance.suites.links import place
from conformance.suites.users.portrait import objects
from conformance.target import Target


def elements(answer: Answer) -> list[Document]:
    """The members in an answer, none where it is no 2xx."""
    return objects(answer.resource.get("members")) if answer.ok else []


def ids_in(answer: Answer) -> list[str]:
    """The ids of the members in an answer, in order."""
    return sorted(str(element.get("value")) for element in elements(answer))


def current(groups: Groups, group: Document) -> Answer:
    """The group as it is now."""
    return groups.client.get(groups.path(group))


def members(*people: Document) -> list[Document]:
    """The people as members."""
    return [{"value": each["id"]} for each in people]


def wanted(*people: Document) -> list[str]:
    """The ids of the people, in order."""
    return sorted(str(each["id"]) for each in people)


def member_holds(clause_id: str, groups: Groups, answer: Answer, *people: Document) -> None:
    """Judge that a write went well and left the group with exactly these members."""
    found = ids_in(current(groups, answer.resource)) if answer.ok else []
    seen = f"{shown(answer)}, then {found}"
    holds(clause_id, found == wanted(*people), expected=str(wanted(*people)), observed=seen, answer=answer)


@clause("7643-4.2-03")
@budget(4)
def test_a_group_has_a_name(groups: Groups, target: Target) -> None:
    """A group without a displayName, or with null for one, is refused, and none is created."""
    mark = groups.run.name("nameless")
    answers = [groups.post(groups.body(displayName=name, externalId=mark)) for name in (OMIT, None)]
    found = groups.client.query(groups.endpoint, f'externalId eq "{mark}"') if target.has("filter") else None
    none = not any(answer.ok for answer in answers) and not (found and found.ok and found.total)
    worst = next((answer for answer in answers if answer.status != 400), answers[0])
    refused("7643-4.2-03", worst, status=400, scim_type="invalidValue", unchanged=none)


@clause("7643-4.2-04")
def test_two_groups_may_share_a_name(groups: Groups, target: Target) -> None:
    """Two groups have one name, unless the schema says that names are unique."""
    first = groups.create()
    second = groups.post(groups.body(displayName=first["displayName"]))
    definition = target.capabilities.attribute("Group", "displayName") or {}
    unique = definition.get("uniqueness") in {"server", "global"}
    fine = second.status == 409 if unique else second.status == 201 and second.resource.get("id") != first["id"]
    expected = "409, as the schema says" if unique else "201"
    holds("7643-4.2-04", fine, expected=expected, observed=shown(second), answer=second)


@clause("7643-4.2-05")
@budget(4)
def test_a_group_may_be_empty(groups: Groups) -> None:
    """A group is created without members and with an empty list of them."""
    for body in (groups.body(members=OMIT), groups.body(members=[])):
        answer = groups.post(body)
        fine = answer.status == 201 and not elements(current(groups, answer.resource))
        holds("7643-4.2-05", fine, expected="201, no members", observed=shown(answer), answer=answer)


@clause("7643-4.2-06", "7643-4.2-07", "7643-4.2-08")
@budget(6)
def test_members_are_shown_by_id(groups: Groups, people: list[Document]) -> None:
    """Members are shown by id, with the type of each and a reference that leads to it."""
    answer = groups.post(groups.body(members=members(*people[:2])))
    member_holds("7643-4.2-06", groups, answer, *people[:2])
    found = elements(current(groups, answer.resource)) if answer.ok else []
    led = {element["value"]: groups.client.get(place(element["$ref"])) for element in found if element.get("$ref")}
    fine = all(each.ok and each.resource.get("id") == id_ for id_, each in led.items())
    seen = {id_: shown(each) for id_, each in led.items()}
    holds("7643-4.2-07", fine, expected="the members", observed=seen)
    types = {element.get("type", "User") for element in found}
    holds("7643-4.2-08", types <= {"User"}, expected="User", observed=found, answer=answer)


@clause("7643-4.2-09")
@budget(5)
def test_the_name_of_a_member_may_be_sent(groups: Groups, people: list[Document], target: Target) -> None:
    """A member is added with a `display`, on create and by PATCH, which is kept, derived or dropped."""
    named = [{"value": each["id"], "display": "Somebody"} for each in people]
    answer = groups.post(groups.body(members=named[:1]))
    member_holds("7643-4.2-09", groups, answer, people[0])
    if answer.ok and target.has("patch"):
        added = groups.client.patch(
            groups.path(answer.resource), [{"op": "add", "path": "members", "value": named[1:2]}]
        )
        found = ids_in(current(groups, answer.resource))
        fine = added.ok and found == wanted(*people[:2])
        holds("7643-4.2-09", fine, expected="both", observed=f"{shown(added)}, then {found}", answer=added)


@clause("7643-4.2-10")
def test_a_member_does_not_become_another(groups: Groups, people: list[Document]) -> None:
    """Another id for a member is refused as mutability, and the members stay."""
    group = groups.create(members=members(*people[:2]))
    path = f'members[value eq "{people[0]["id"]}"].value'
    answer = groups.client.patch(groups.path(group), [{"op": "replace", "path": path, "value": people[2]["id"]}])
    same = ids_in(current(groups, group)) == wanted(*people[:2])
    refused("7643-4.2-10", answer, status=400, scim_type="mutability", unchanged=same)


@clause("7643-4.2-11")
@budget(4)
def test_a_group_may_be_a_member(groups: Groups, people: list[Document]) -> None:
    """A group beside a user is a member of its type, or refused."""
    inner = groups.create()
    both = [*members(people[0]), {"value": inner["id"], "type": "Group"}]
    answer = groups.post(groups.body(members=both))
    if not answer.ok:
        holds("7643-4.2-11", answer.status == 400, expected="201 or 400", observed=shown(answer), answer=answer)
        return
    found = {str(each.get("value")): each.get("type") for each in elements(current(groups, answer.resource))}
    fine = sorted(found) == wanted(people[0], inner) and found.get(inner["id"], "Group") in ("Group", None)
    holds("7643-4.2-11", fine, expected="a user and a group", observed=found, answer=answer)


@clause("7643-4.2-12")
def test_a_required_part_of_a_member_is_required(groups: Groups, target: Target) -> None:
    """A member without its value is refused where the schema requires one."""
    definition = target.capabilities.attribute("Group", "members.value") or {}
    if definition.get("required") is not True:
        not_applicable("7643-4.2-12", "the schema does not require members.value")
        return
    answer = groups.post(groups.body(members=[{"display": "Somebody"}]))
    refused("7643-4.2-12", answer, status=400, scim_type="invalidValue")


@clause("7644-3.5.2.1-01")
@budget(6)
def test_a_present_member_is_added_without_effect(groups: Groups, people: list[Document]) -> None:
    """A member that is present, or named twice, is there once, and the others stay."""
    group = groups.create(members=members(people[0]))
    for value in (members(people[1]), members(people[1], people[0], people[1])):
        answer = groups.client.patch(groups.path(group), [{"op": "add", "path": "members", "value": value}])
        found = ids_in(current(groups, group))
        fine = answer.ok and found == wanted(*people[:2])
        holds("7644-3.5.2.1-01", fine, expected="each once", observed=f"{shown(answer)}, then {found}", answer=answer)


@clause("PRAC-O-01")
@budget(5)
def test_a_patched_group_shows_all_members_or_none(groups: Groups, people: list[Document]) -> None:
    """The answer to a PATCH of a group holds all its members or leaves them out."""
    group = groups.create(members=members(*people[:2]))
    added = [{"op": "add", "path": "members", "value": members(people[2])}]
    answer = groups.client.patch(groups.path(group), added)
    if answer.ok and not answer.body:
        answer = groups.client.patch(groups.path(group), added, params={"attributes": "displayName,members"})
    if answer.ok and not answer.body:
        not_applicable("PRAC-O-01", "a PATCH of a group is answered without a body")
        return
    found = ids_in(answer)
    variants = {"full": found == wanted(*people), "omitted": answer.ok and not answer.resource.get("members")}
    either("PRAC-O-01", "AMB-63", variants, observed=f"{shown(answer)}, {len(found)} of 3", answer=answer)


@clause("PRAC-E-02")
@budget(5)
def test_a_group_is_read_without_its_members(groups: Groups, people: list[Document], target: Target) -> None:
    """excludedAttributes=members leaves the members out, by id and in a list, and nothing else."""
    group = groups.create(members=members(*people[:2]))
    lean = {"excludedAttributes": "members"}
    answers = [groups.client.get(groups.path(group), params=lean)]
    found = [answers[0].resource if answers[0].ok else {}]
    if target.has("filter"):
        answers.append(groups.client.query(groups.endpoint, f'displayName eq "{group["displayName"]}"', **lean))
        found += answers[1].resources if answers[1].ok else [{}]
    for entry in found:
        fine = "members" not in entry and (entry.get("id"), entry.get("displayName")) == (
            group["id"],
            group["displayName"],
        )
        holds("PRAC-E-02", fine, expected="the group without members", observed=str(entry)[:200], answer=answers[-1])
    there = ids_in(current(groups, group)) == wanted(*people[:2])
    holds("PRAC-E-02", there, expected="members otherwise", observed=there)


@clause("7643-2.3.7-05")
@budget(6)
def test_a_deleted_user_is_a_member_no_more(users: Users, groups: Groups, people: list[Document]) -> None:
    """A deleted user is gone from its group, or an id that leads nowhere."""
    gone = users.create()
    group = groups.create(members=members(gone, people[0]))
    users.client.delete(users.path(gone))
    answer, after = current(groups, group), users.client.get(users.path(gone))
    found = ids_in(answer)
    dangling = found == wanted(gone, people[0]) and after.status == 404
    variants = {"removed": found == wanted(people[0]), "dangling": dangling}
    either("7643-2.3.7-05", "AMB-21", variants, observed=f"{shown(answer)}: {found}", answer=answer)
    stays = str(people[0]["id"]) in found
    holds("7643-2.3.7-05", stays, expected="the other member", observed=found, answer=answer, harm=True)
