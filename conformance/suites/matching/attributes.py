"""Every attribute that can be matched finds the right users, through their whole life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, holds, refused
from conformance.population import Groups, Users
from conformance.strategies.trees import literal
from conformance.strategies.values import HOSTILE
from conformance.suites.filtering.asking import shown
from conformance.suites.matching.people import OWN, Matched, document, eq, make, matches, paths_of, value_for
from conformance.target import Target

pytestmark = budget(4, 5)


@dataclass(frozen=True, slots=True)
class Company:
    """One user with values of its own, and three who share theirs."""

    users: Users
    paths: Sequence[str]
    single: Matched
    sharers: tuple[Matched, ...]


@pytest.fixture(scope="module")
def company(suite_users: Users, target: Target) -> Company:
    """The users that are only read."""
    paths = paths_of(target)[: 5 if suite_users.run.effort == "quick" else None]
    tag = suite_users.run.name("shared")
    shared = {path: value_for(suite_users.run, path, tag) for path in paths if path not in OWN}
    sharers = tuple(make(suite_users, paths, shared=shared) for _ in range(3))
    return Company(suite_users, paths, make(suite_users, paths), sharers)


@clause("SAM-MATCH-01")
@budget(8, 22)
def test_a_value_of_ones_own_finds_one(company: Company) -> None:
    """A value of one user's own finds exactly that user, by each attribute."""
    for path, value in {"id": company.single.id, **company.single.given}.items():
        matches("SAM-MATCH-01", company.users.client, company.users.endpoint, eq(path, value), [company.single.id])


@clause("SAM-MATCH-02")
@budget(5, 19)
def test_a_shared_value_finds_all(company: Company) -> None:
    """A value that three users share finds those three, by each attribute."""
    everyone = [sharer.id for sharer in company.sharers]
    for path, value in company.sharers[0].given.items():
        if path not in OWN:
            matches("SAM-MATCH-02", company.users.client, company.users.endpoint, eq(path, value), everyone)


@clause("SAM-MATCH-03")
@budget(8, 22)
def test_an_absent_value_finds_nobody(company: Company) -> None:
    """A value that nobody has gives an empty list, by each attribute."""
    tag = company.users.run.name("absent")
    for path in ("id", *company.single.given):
        text = eq(path, value_for(company.users.run, path, tag))
        matches("SAM-MATCH-03", company.users.client, company.users.endpoint, text, [])


@clause("SAM-MATCH-04")
def test_two_spellings_of_the_work_address(company: Company) -> None:
    """The dotted and the bracketed spelling of the work address find the same users."""
    for matched, wanted in (
        (company.single, [company.single.id]),
        (company.sharers[0], [s.id for s in company.sharers]),
    ):
        address = literal(matched.given["emails.value"])
        for text in (f"emails.value eq {address}", f'emails[type eq "work"].value eq {address}'):
            matches("SAM-MATCH-04", company.users.client, company.users.endpoint, text, wanted)


@clause("SAM-MATCH-05")
@budget(10, 10)
def test_the_value_path_keeps_to_its_type(users: Users) -> None:
    """A home address is not found as a work address."""
    work, home = users.run.email("work"), users.run.email("home")
    mails = [{"type": "work", "value": work, "primary": True}, {"type": "home", "value": home}]
    made = users.create(emails=mails)
    for kind, address, wanted in (("work", home, []), ("home", home, [made["id"]]), ("home", work, [])):
        matches("SAM-MATCH-05", users.client, users.endpoint, f'emails[type eq "{kind}"].value eq "{address}"', wanted)
        both = f'emails[type eq "{kind}" and value eq "{address}"]'
        matches("SAM-MATCH-05", users.client, users.endpoint, both, wanted)


def changed(users: Users, paths: Sequence[str], how: str) -> tuple[Matched, dict[str, str]]:
    """A user whose every attribute was changed by that method, and the values from before."""
    before = make(users, paths)
    tag = users.run.name("new")
    given = {path: value_for(users.run, path, tag) for path in before.given}
    if how == "PUT":
        answer = users.client.put(users.path(before.user), users.body(**document(given)))
    else:
        spelled = {
            "emails.value": 'emails[type eq "work"].value',
            "phoneNumbers.value": 'phoneNumbers[type eq "work"].value',
        }
        writes = [{"op": "replace", "path": spelled.get(path, path), "value": value} for path, value in given.items()]
        answer = users.client.patch(users.path(before.user), writes)
    holds("SAM-MATCH-06", answer.ok, expected=f"the {how} is accepted", observed=shown(answer), answer=answer)
    return Matched(before.user, given), dict(before.given)


@pytest.fixture(scope="module")
def usual(target: Target, suite_users: Users) -> Sequence[str]:
    """The attributes that are changed."""
    return paths_of(target)[: 4 if suite_users.run.effort == "quick" else 9]


@clause("SAM-MATCH-06", "SAM-MATCH-07")
@budget(13, 24)
def test_a_replaced_user_matches_by_the_new_values(users: Users, usual: Sequence[str]) -> None:
    """After a PUT, a user is found by the new value of each attribute and not by the old."""
    _found_by_new_values(users, usual, "PUT")


@clause("SAM-MATCH-06", "SAM-MATCH-07")
@budget(13, 24)
def test_a_patched_user_matches_by_the_new_values(users: Users, usual: Sequence[str], target: Target) -> None:
    """After a PATCH, a user is found by the new value of each attribute and not by the old."""
    _found_by_new_values(users, usual, "PATCH" if target.has("patch") else "PUT")


def _found_by_new_values(users: Users, paths: Sequence[str], how: str) -> None:
    after, old = changed(users, paths, how)
    for path, value in after.given.items():
        matches("SAM-MATCH-06", users.client, users.endpoint, eq(path, value), [after.id])
        matches("SAM-MATCH-07", users.client, users.endpoint, eq(path, old[path]), [])


@clause("SAM-MATCH-08")
@budget(10, 15)
def test_a_deleted_user_matches_nothing(users: Users, usual: Sequence[str]) -> None:
    """A deleted user is found by none of its values."""
    matched = make(users, usual)
    users.client.delete(users.path(matched.user))
    for path, value in {"id": matched.id, **matched.given}.items():
        matches("SAM-MATCH-08", users.client, users.endpoint, eq(path, value), [])


@clause("SAM-MATCH-09")
@budget(10, 15)
def test_a_disabled_user_still_matches(users: Users, usual: Sequence[str], target: Target) -> None:
    """A disabled user is found by each of its values."""
    matched = make(users, usual)
    off = [{"op": "replace", "path": "active", "value": False}]
    if target.has("patch"):
        users.client.patch(users.path(matched.user), off)
    else:
        users.client.put(users.path(matched.user), users.body(**document(matched.given), active=False))
    for path, value in {"id": matched.id, **matched.given}.items():
        matches("SAM-MATCH-09", users.client, users.endpoint, eq(path, value), [matched.id])


@clause("SAM-MATCH-10")
@budget(8, 8)
def test_a_new_user_matches_at_once(users: Users) -> None:
    """A user is found as soon as the create is answered."""
    for _ in range(3):
        made = users.create()
        matches("SAM-MATCH-10", users.client, users.endpoint, eq("userName", made["userName"]), [made["id"]])


@clause("SAM-MATCH-11")
def test_matching_follows_the_case_rules(company: Company) -> None:
    """userName and addresses match in any case, externalId only as it is."""
    single = company.single
    for path, wanted in (("userName", [single.id]), ("emails.value", [single.id]), ("externalId", [])):
        text = eq(path, single.given[path].swapcase())
        matches("SAM-MATCH-11", company.users.client, company.users.endpoint, text, wanted)


NEAR = ("{}", "{}x", "x{}", "{}%", "{}_", "{}+b", "{} b")
SPECIAL = (
    "quotes",
    "backslash",
    "percent",
    "plus",
    "ampersand",
    "hash and semicolon",
    "non-BMP",
    "Latin-1",
    "SQL injection",
)


@clause("SAM-MATCH-12")
@budget(18, 18)
def test_no_near_value_matches(users: Users) -> None:
    """A value is told from its prefixes, suffixes, parts and wildcard forms."""
    base = users.run.name("near")
    made = {text: users.create(title=text)["id"] for text in (shape.format(base) for shape in NEAR)}
    for text, id_ in made.items():
        matches("SAM-MATCH-12", users.client, users.endpoint, eq("title", text), [id_])


@clause("ENTRA-1.2-05")
@budget(11, 22)
def test_special_characters_match(users: Users) -> None:
    """Special characters in a matched value do no harm."""
    for reason in SPECIAL[: 4 if users.run.effort == "quick" else None]:
        value = f"{users.run.name()} {HOSTILE[reason]}"
        answer = users.post(users.body(externalId=value))
        if not answer.ok:
            holds("ENTRA-1.2-05", answer.status < 500, expected="201 or 4xx", observed=shown(answer), answer=answer)
            continue
        matches("ENTRA-1.2-05", users.client, users.endpoint, eq("externalId", value), [answer.resource["id"]])


@clause("SAM-MATCH-13")
@budget(10, 10)
def test_groups_match_by_name(groups: Groups) -> None:
    """A group is found by its name, after a change by the new one only, once deleted never."""
    made = groups.create()
    old, new = str(made["displayName"]), groups.run.name("renamed")
    matches("SAM-MATCH-13", groups.client, groups.endpoint, eq("displayName", old), [made["id"]])
    groups.client.put(groups.path(made), groups.body(displayName=new))
    matches("SAM-MATCH-13", groups.client, groups.endpoint, eq("displayName", old), [])
    matches("SAM-MATCH-13", groups.client, groups.endpoint, eq("displayName", new), [made["id"]])
    groups.client.delete(groups.path(made))
    matches("SAM-MATCH-13", groups.client, groups.endpoint, eq("displayName", new), [])


@clause("SAM-MATCH-14")
def test_every_attribute_is_filterable(company: Company, target: Target) -> None:
    """By default each attribute of the schema can be filtered on."""
    for schema in target.capabilities.schemas_of("User"):
        urn = "" if ":core:" in str(schema.get("id")) else f"{schema.get('id')}:"
        entries = (entry for entry in schema.get("attributes") or () if entry.get("returned") != "never")
        conditions = [f"{urn}{entry['name']} pr" for entry in entries]
        if _admitted(company, " or ".join(conditions)).status != 200:
            conditions = [text for text in conditions if _admitted(company, text).status != 200]
            holds("SAM-MATCH-14", not conditions, expected="200 for each", observed=f"refused: {conditions}")
        holds("SAM-MATCH-14", True, expected="200", observed=f"{len(conditions)} attributes of {schema.get('id')}")


def _admitted(company: Company, text: str) -> Answer:
    return company.users.client.query(company.users.endpoint, text, count=0)


@clause("SAM-MATCH-15")
def test_passwords_never_match(users: Users) -> None:
    """A password is never filterable."""
    for text in ('password eq "x"', "password pr", 'not (password eq "x")'):
        refused(
            "SAM-MATCH-15", users.client.query(users.endpoint, text, count=1), status=400, scim_type="invalidFilter"
        )
