"""The clients of Okta and OneLogin, as they create, change and push."""

from __future__ import annotations

import uuid

import pytest

from conformance.judging import budget, clause, either, holds
from conformance.population import Groups, Users
from conformance.rfc_schema import CORE_GROUP, ENTERPRISE_USER
from conformance.strategies.population import Population
from conformance.suites.dialects.club import Club, by_filter, listed, members_of
from conformance.suites.dialects.okta_spec import NUMBERS
from conformance.suites.dialects.subject import USER_SCHEMAS, Subject, faults, known, leaves
from conformance.suites.filtering.asking import shown
from conformance.suites.listing.envelope import envelope, integer
from conformance.suites.matching.people import eq, found_ids
from conformance.target import Target

pytestmark = budget(2)


@pytest.fixture(scope="module")
def subject(suite_users: Users) -> Subject:
    """One user whom Okta changes."""
    return Subject(suite_users, suite_users.create())


@clause("OKTA-9.1-01", "OKTA-9.1-02")
def test_okta_creates_and_matches_a_user(users: Users, target: Target) -> None:
    """A create in Okta's shape is answered with the user, who is then matched with integers for the page."""
    extra = known(target, {"locale": "en-US", "groups": [], "password": f"Pw-{uuid.uuid4()}"})
    body = users.body(externalId=users.run.name("00u"), **extra)
    answer = users.post(body)
    made = answer.resource if answer.ok and answer.body else {}
    sent = {leaf: value for leaf, value in leaves(body).items() if leaf not in {"password", "groups"}}
    wrong = faults({}, leaves(made), sent) + (["password"] if "password" in made else [])
    fine = answer.status == 201 and bool(made.get("id")) and not wrong
    holds("OKTA-9.1-02", fine, expected="201, the user", observed=wrong or answer.status, answer=answer)
    found = users.client.query(users.endpoint, eq("userName", str(body["userName"])), startIndex=1, count=100)
    told = (found_ids(found), [envelope(found).get(name) for name in NUMBERS])
    fine = told[0] == [made.get("id")] and told[1][:2] == [1, 1] and integer(told[1][2])
    holds("OKTA-9.1-01", fine, expected="the one user, integers", observed=told, answer=found)


@clause("OKTA-9.1-03")
@budget(4)
def test_okta_deactivates_and_activates(subject: Subject) -> None:
    """A path-less replace of `active` deactivates and activates, and changes nothing else."""
    for active in (False, True):
        sent = {"op": "replace", "value": {"active": active}}
        subject.lands("OKTA-9.1-03", {"active": active}, sent)


@clause("OKTA-9.1-04")
@budget(3)
def test_okta_updates_by_put(subject: Subject, target: Target) -> None:
    """GET, then PUT of the whole with another name and title changes these and nothing else."""
    users, whole = subject.users, subject.users.read(subject.user)
    subject.user = whole
    title = known(target, {"title": "Pilot"})
    body = {**whole, **title, "name": {**whole.get("name", {}), "givenName": "Ngozi"}}
    answer = users.client.put(users.path(whole), body)
    wrong = subject.shortfall(answer, {"name.givenName": "Ngozi", **title})
    holds("OKTA-9.1-04", not wrong, expected="200, changed", observed=wrong or answer.status, answer=answer)


@pytest.fixture(scope="module")
def club(brief_suite_groups: Groups, settled_population: Population) -> Club:
    """One group for the whole file, with a first member, and three users who are there anyway."""
    people = tuple(str(settled_population.user(local)["id"]) for local in ("ann.lee", "cy", "gil"))
    return Club(brief_suite_groups, brief_suite_groups.create(members=listed(people[:1])), people)


@clause("OKTA-9.1-05")
@budget(1)
def test_okta_creates_a_group(groups: Groups) -> None:
    """A group is created with an empty list of members."""
    answer = groups.post(groups.body(members=[]))
    told = (answer.status, members_of(answer.resource) if answer.ok else shown(answer))
    holds("OKTA-9.1-05", told == (201, []), expected="201, no members", observed=told, answer=answer)


@clause("OKTA-9.1-06", "OKTA-9.1-07", "ENTRA-8.1-10")
@budget(4)
def test_members_are_pushed(club: Club) -> None:
    """The full list makes the members; removing one by filter and adding another does both."""
    one, two, three = club.people
    answer = club.send({"op": "replace", "path": "members", "value": listed((one, two))})
    club.keeps("OKTA-9.1-07 ENTRA-8.1-10", answer, (one, two))
    come = {"op": "add", "path": "members", "value": listed([three], display="c")}
    answer = club.send({"op": "remove", "path": by_filter(one)}, come)
    club.keeps("OKTA-9.1-06", answer, (two, three))


@clause("PRAC-O-02", "PRAC-O-01")
def test_okta_renames_a_group(club: Club) -> None:
    """A path-less replace with the id and a name renames the group; its answer may leave members out."""
    members, name = members_of(club.group), club.groups.run.name("pushed")
    answer = club.send({"op": "replace", "value": {"id": club.group["id"], "displayName": name}})
    told = answer.resource if answer.ok and answer.body else {}
    club.keeps("PRAC-O-02", answer, members, displayName=name)
    variants = {"omitted": told.get("members") is None, "full": members_of(told) == members}
    either("PRAC-O-01", "AMB-63", variants, observed=(answer.status, members_of(told)), answer=answer)


@clause("OKTA-9.1-08")
def test_okta_replaces_a_group(club: Club) -> None:
    """PUT of a group replaces its name and its members."""
    groups, name = club.groups, club.groups.run.name("put")
    body = {"schemas": [CORE_GROUP], "displayName": name, "members": listed(club.people[:1])}
    answer = groups.client.put(groups.path(club.group), body)
    club.keeps("OKTA-9.1-08", answer, club.people[:1], displayName=name)


@clause("OKTA-9.4-01")
@budget(1)
def test_onelogin_names_a_manager_its_own_way(users: Users) -> None:
    """A manager with the unknown sub-attribute `managerId` does no harm."""
    answer = users.post(users.body(schemas=USER_SCHEMAS, **{ENTERPRISE_USER: {"manager": {"managerId": "7"}}}))
    holds("OKTA-9.4-01", answer.ok, expected="201", observed=shown(answer), answer=answer)


@clause("OKTA-9.4-02")
def test_onelogin_has_no_user_agent(club: Club) -> None:
    """A change of a group with an empty User-Agent is answered like any other."""
    nameless = club.groups.client.with_headers({"User-Agent": ""})
    sent = [{"op": "add", "path": "members", "value": listed(club.people[1:2])}]
    answer = nameless.patch(club.groups.path(club.group), sent)
    told = members_of(club.now()) if answer.ok else shown(answer)
    right = answer.ok and club.people[1] in told
    holds("OKTA-9.4-02", right, expected="2xx, a member", observed=told, answer=answer)
