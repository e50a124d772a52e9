"""The queries that Entra's provisioning service sends, as it sends them."""

from __future__ import annotations

import uuid
from urllib.parse import quote, quote_plus

from conformance.judging import budget, clause, holds
from conformance.population import Groups, Users
from conformance.strategies.population import Population
from conformance.strategies.trees import CORE, ENTERPRISE
from conformance.suites.filtering.asking import shown
from conformance.suites.listing.envelope import LIST, envelope
from conformance.suites.matching.people import eq, found_ids, matches
from conformance.target import Target

pytestmark = budget(4, 5)


@clause("ENTRA-1.1-01")
def test_entra_finds_users_by_user_name(population: Population) -> None:
    """Entra finds a user by userName."""
    for local in ("ann.lee", "cy"):
        user = population.user(local)
        text = eq("userName", str(user["userName"]))
        matches("ENTRA-1.1-01", population.scim, population.path, text, [str(user["id"])])


@clause("ENTRA-1.1-02")
def test_entra_finds_users_by_external_id(population: Population) -> None:
    """Entra finds a user by externalId."""
    for local in ("ann.lee", "dee"):
        user = population.user(local)
        text = eq("externalId", str(user["externalId"]))
        matches("ENTRA-1.1-02", population.scim, population.path, text, [str(user["id"])])


@clause("ENTRA-1.1-03")
def test_entra_finds_groups_by_display_name(groups: Groups) -> None:
    """Entra finds a group by displayName."""
    made, _ = groups.create(), groups.create()
    matches("ENTRA-1.1-03", groups.client, groups.endpoint, eq("displayName", made["displayName"]), [made["id"]])


@clause("ENTRA-1.1-04")
def test_entra_finds_disabled_users(users: Users) -> None:
    """A disabled user comes back by id and by filter, as disabled."""
    made = users.create(externalId=str(uuid.uuid4()), active=False)
    read = users.client.get(users.path(made))
    told = read.resource.get("active") if read.ok else shown(read)
    holds("ENTRA-1.1-04", told is False, expected="200, active false", observed=told, answer=read)
    for path in ("userName", "externalId"):
        matches("ENTRA-1.1-04", users.client, users.endpoint, eq(path, str(made[path])), [made["id"]])


@clause("ENTRA-1.2-01")
def test_entra_always_gets_a_list(population: Population) -> None:
    """A filter gives a list, for one hit and for none."""
    name = str(population.user("gil")["userName"])
    for value, hits in ((name, 1), (f"no-{name}", 0)):
        answer = population.scim.query(population.path, eq("userName", value))
        told = envelope(answer)
        right = told.get("schemas") == [LIST] and told.get("totalResults") == hits
        holds("ENTRA-1.2-01", right, expected=f"a list of {hits}", observed=answer.body[:120], answer=answer)


@clause("ENTRA-1.2-02")
def test_entra_never_gets_404_for_no_hit(users: Users) -> None:
    """A filter without a hit gives 200 and totalResults 0, by each usual attribute."""
    for path in ("userName", "externalId", "displayName"):
        matches("ENTRA-1.2-02", users.client, users.endpoint, eq(path, str(uuid.uuid4())), [])


@clause("ENTRA-1.2-03")
@budget(11, 11)
def test_entra_joins_conditions_with_and(users: Users) -> None:
    """Two conditions joined by and find the one user in both orders, or nobody if one is wrong."""
    made, other = users.create(externalId=str(uuid.uuid4())), users.create(externalId=str(uuid.uuid4()))
    name, external, id_ = (eq(path, str(made[path])) for path in ("userName", "externalId", "id"))
    for text in (f"{name} and {external}", f"{external} and {name}", f"{id_} and {name}", f"{name} and {id_}"):
        matches("ENTRA-1.2-03", users.client, users.endpoint, text, [made["id"]])
    wrong = eq("externalId", str(other["externalId"]))
    for text in (f"{name} and {wrong}", f"{wrong} and {name}"):
        matches("ENTRA-1.2-03", users.client, users.endpoint, text, [])


@clause("ENTRA-1.2-04")
def test_entra_matches_the_work_address(users: Users) -> None:
    """The work address is matched, the home address of the same user is not."""
    work, home = users.run.email("work"), users.run.email("home")
    mails = [{"type": "work", "value": work, "primary": True}, {"type": "home", "value": home}]
    made = users.create(emails=mails)
    for address, wanted in ((work, [made["id"]]), (home, []), (users.run.email("nobody"), [])):
        text = f'emails[type eq "work"].value eq "{address}"'
        matches("ENTRA-1.2-04", users.client, users.endpoint, text, wanted)


@clause("ENTRA-1.2-06")
@budget(10, 10)
def test_the_feature_flag_is_ignored(users: Users) -> None:
    """The feature flag of the tenant URL changes no answer."""
    text = quote(eq("userName", str(users.create()["userName"])))
    for flag in ("aadOptscim062020", "aadOptscim062020="):
        plain, flagged = (users.client.get(f"{users.endpoint}?{part}filter={text}") for part in ("", f"{flag}&"))
        same = found_ids(flagged) == found_ids(plain)
        holds("ENTRA-1.2-06", same, expected="the same answer", observed=shown(flagged), answer=flagged)
        made = users.client.post(f"{users.endpoint}?{flag}", users.body())
        holds("ENTRA-1.2-06", made.status == 201, expected="201", observed=shown(made), answer=made)


@clause("ENTRA-1.3-01")
def test_form_encoding_is_understood(population: Population) -> None:
    """A plus sign for a blank, %22 and %40 are understood."""
    user = population.user("fay1")
    answer = population.scim.get(f"{population.path}?filter={quote_plus(eq('userName', str(user['userName'])))}")
    told = found_ids(answer)
    holds("ENTRA-1.3-01", told == [user["id"]], expected="the one user", observed=told, answer=answer)


@clause("ENTRA-1.3-02")
def test_percent_encoding_is_understood(population: Population) -> None:
    """%20 and %22 are understood, with and without an encoded at sign."""
    user = population.user("fay1")
    for safe in ("", "@"):
        text = quote(eq("userName", str(user["userName"])), safe=safe)
        answer = population.scim.get(f"{population.path}?filter={text}")
        told = found_ids(answer)
        holds("ENTRA-1.3-02", told == [user["id"]], expected="the one user", observed=told, answer=answer)


@clause("ENTRA-1.3-03")
def test_an_encoded_plus_is_a_plus(users: Users) -> None:
    """%2B is a plus sign, never a blank."""
    base = users.run.name("plus")
    plus, blank = (users.create(externalId=f"{base}{sign}b") for sign in ("+", " "))
    for made in (plus, blank):
        answer = users.client.get(f"{users.endpoint}?filter={quote_plus(eq('externalId', str(made['externalId'])))}")
        told = found_ids(answer)
        holds("ENTRA-1.3-03", told == [made["id"]], expected="the one user", observed=told, answer=answer)


def connection_test(clause_id: str, users: Users | Groups, path: str) -> None:
    """Judge that a query for a random UUID gives an empty list."""
    answer = users.client.get(f"{users.endpoint}?filter={quote_plus(eq(path, str(uuid.uuid4())))}")
    told = envelope(answer)
    right = told.get("schemas") == [LIST] and told.get("totalResults") == 0 and not told.get("Resources")
    holds(clause_id, right, expected="200, an empty list", observed=answer.body[:160] or answer.status, answer=answer)


@clause("ENTRA-1.4-01")
def test_the_connection_test_for_users(users: Users) -> None:
    """The connection test finds no user and gets an empty list."""
    connection_test("ENTRA-1.4-01", users, "userName")


@clause("ENTRA-1.4-02")
def test_the_connection_test_for_groups(groups: Groups) -> None:
    """The connection test finds no group and gets an empty list."""
    connection_test("ENTRA-1.4-02", groups, "displayName")


@clause("ENTRA-1.4-03")
def test_the_connection_test_with_a_wrong_token(users: Users) -> None:
    """The connection test with a wrong token gets 401."""
    stranger = users.client.bearer(f"wrong-{uuid.uuid4()}")
    answer = stranger.query(users.endpoint, eq("userName", str(uuid.uuid4())))
    holds("ENTRA-1.4-03", answer.status == 401, expected="401", observed=shown(answer), answer=answer)


def both_orders(one: str, other: str) -> tuple[str, str]:
    """Two conditions joined by and, in both orders."""
    return f"{one} and {other}", f"{other} and {one}"


def right(users: Users | Groups, text: str, wanted: list[str]) -> bool:
    """Whether a reference test, which asks for ids only, finds what it is to find."""
    return found_ids(users.client.query(users.endpoint, text, attributes="id")) == wanted


@clause("ENTRA-1.6-01")
@budget(12, 12)
def test_entra_tests_the_manager(users: Users, population: Population) -> None:
    """A reference is tested by id and manager, in both orders, with or without the schema URN."""
    boss, other = (str(population.user(local)["id"]) for local in ("gil", "hal"))
    made = str(users.create(schemas=[CORE, ENTERPRISE], **{ENTERPRISE: {"manager": {"value": boss}}})["id"])
    wrong: dict[str, list[str]] = {}
    for path in ("manager", f"{ENTERPRISE}:manager"):
        tests = [(text, [made]) for text in both_orders(eq("id", made), eq(path, boss))]
        tests += [(text, []) for text in both_orders(eq("id", made), eq(path, other))]
        wrong[path] = [text for text, wanted in tests if not right(users, text, wanted)]
    fine = not all(wrong.values())
    holds(
        "ENTRA-1.6-01", fine, expected="right under one of the names", observed=[texts[:1] for texts in wrong.values()]
    )


@clause("ENTRA-1.6-02")
@budget(12, 12)
def test_entra_tests_a_membership(brief_groups: Groups, population: Population) -> None:
    """A membership is tested by id and members, in both orders and both spellings."""
    member, stranger = (str(population.user(local)["id"]) for local in ("gil", "hal"))
    made = str(brief_groups.create(members=[{"value": member}])["id"])
    for path in ("members", "members.value"):
        tests = [(text, [made]) for text in both_orders(eq("id", made), eq(path, member))]
        tests += [(text, []) for text in both_orders(eq("id", made), eq(path, stranger))]
        for text, wanted in tests:
            told = "" if right(brief_groups, text, wanted) else "another answer"
            holds("ENTRA-1.6-02", not told, expected=f"{text}: {wanted}", observed=told or "as expected")


@clause("ENTRA-1.7-01")
def test_entra_matches_groups_without_members(brief_groups: Groups, population: Population) -> None:
    """A group is matched without its members."""
    made = brief_groups.create(members=[{"value": str(population.user("gil")["id"])}])
    text = eq("displayName", str(made["displayName"]))
    answer = brief_groups.client.query(brief_groups.endpoint, text, excludedAttributes="members")
    told = found_ids(answer)
    holds("ENTRA-1.7-01", told == [made["id"]], expected="the one group", observed=told, answer=answer)
    bare = answer.ok and not any(entry.get("members") for entry in answer.resources)
    holds("ENTRA-1.7-01", bare, expected="no members", observed=answer.body[:160], answer=answer)


@clause("ENTRA-8.1-01")
def test_entra_finds_users_in_capitals(population: Population) -> None:
    """A user is found by its userName in capitals."""
    user = population.user("Bob_Ray")
    text = eq("userName", str(user["userName"]).upper())
    matches("ENTRA-8.1-01", population.scim, population.path, text, [str(user["id"])])


@clause("ENTRA-8.1-02")
def test_entra_finds_groups_in_capitals(groups: Groups, target: Target) -> None:
    """A group is found by its displayName in capitals, unless its schema tells case apart."""
    made = groups.create()
    declared = target.capabilities.attribute("Group", "displayName") or {}
    wanted = [] if declared.get("caseExact") is True else [made["id"]]
    text = eq("displayName", str(made["displayName"]).upper())
    matches("ENTRA-8.1-02", groups.client, groups.endpoint, text, wanted)
