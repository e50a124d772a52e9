"""The population holds what the checks ask for."""

from __future__ import annotations

import json
from collections import Counter

from conformance.strategies.population import LEAST
from conformance.strategies.trees import ENTERPRISE
from conformance.strategies.users import PEOPLE, body, people
from conformance.strategies.values import DECOYS, HOSTILE
from conformance.strategies.vocabulary import values

BODIES = [body(person, mark="m-", domain="x.example", enterprise=True) for person in people()]


def test_there_are_24_to_40_users() -> None:
    assert LEAST <= len(BODIES) <= 40


def test_user_names_and_external_ids_are_unique() -> None:
    for name in ("userName", "externalId"):
        assert max(Counter(user[name].casefold() for user in BODIES).values()) == 1


def test_everything_begins_with_the_mark() -> None:
    for user in BODIES:
        assert user["userName"].startswith("m-")
        assert user["externalId"].startswith("m-")
        assert user["userType"] == "m-"
        assert all(mail["value"].startswith("m-") for mail in user["emails"])


def test_truth_tables_have_every_combination() -> None:
    rows = {(bool(person.title), person.active) for person in PEOPLE}
    assert {(True, True), (True, False), (False, True), (False, False)} <= rows


def test_types_of_addresses_are_unique_within_a_user() -> None:
    for user in BODIES:
        assert max(Counter(values(user, "emails.type")).values(), default=1) == 1
        assert sum(mail["primary"] for mail in user["emails"]) <= 1


def test_some_primary_address_is_not_the_first() -> None:
    assert any(user["emails"] and any(mail["primary"] for mail in user["emails"][1:]) for user in BODIES)


def test_some_value_is_shared_and_some_differ_in_case_only() -> None:
    families = Counter(person.family for person in PEOPLE)
    assert max(families.values()) > 1
    assert len({family.casefold() for family in families}) < len(families)


def test_hostile_texts_reach_the_population_with_their_decoys() -> None:
    text = json.dumps(BODIES)
    for reason in ("quotes", "backslash", "percent", "underscore", "plus", "ampersand", "non-BMP", "combining", "long"):
        assert json.dumps(HOSTILE[reason])[1:-1] in text
    assert all(json.dumps(decoy)[1:-1] in text for decoy in DECOYS.values())
    assert len(HOSTILE["long"]) == 1000
    assert len(HOSTILE["one character"]) == 1


def test_without_the_extension_nothing_of_it_is_sent() -> None:
    user = body(PEOPLE[0], mark="m-", domain="x.example", enterprise=False)
    assert ENTERPRISE not in user
    assert ENTERPRISE not in user["schemas"]
