"""The vocabulary follows the target's own schemas and reads values as filters see them."""

from __future__ import annotations

from typing import Any

from conformance.rfc_schema import SCHEMAS
from conformance.strategies.trees import CORE, ENTERPRISE
from conformance.strategies.vocabulary import VOCABULARY, Attribute, elements, known, member, values, vocabulary


def test_the_published_schemas_give_the_published_vocabulary() -> None:
    assert set(vocabulary(SCHEMAS)) == set(VOCABULARY)
    assert vocabulary([]) == VOCABULARY


def test_attributes_a_target_lacks_are_left_out() -> None:
    schema = {
        "id": CORE,
        "attributes": [{"name": "userName"}, {"name": "emails", "subAttributes": [{"name": "value"}]}],
    }
    paths = [attribute.path for attribute in vocabulary([schema])]
    assert paths == ["userName", "externalId", "emails.value", "meta.created", "id"]


def test_the_targets_case_rule_counts() -> None:
    schema = {"id": CORE, "attributes": [{"name": "title", "caseExact": True}]}
    assert Attribute("title", case_exact=True) in vocabulary([schema])
    assert known("title").case_exact is False


def test_paths_know_their_parts() -> None:
    work = Attribute(f"{ENTERPRISE}:manager.value")
    assert (work.parent, work.sub) == (f"{ENTERPRISE}:manager", "value")
    assert (known("userName").parent, known("userName").sub) == ("userName", "")


def test_members_are_found_in_any_case() -> None:
    assert member({"userNAME": "x"}, "userName") == "x"
    assert member({}, "userName") is None


def test_empty_is_no_value() -> None:
    user: dict[str, Any] = {"title": "", "emails": [], "name": None, "nickName": "n", "active": False}
    assert values(user, "title") == values(user, "emails.value") == values(user, "name.familyName") == []
    assert values(user, "active") == [False]
    assert elements(user, "nickName") == ["n"]


def test_values_of_lists_and_extensions() -> None:
    user: dict[str, Any] = {
        "emails": [{"value": "a"}, {"type": "work"}, {"value": "b"}],
        ENTERPRISE: {"department": "D"},
    }
    assert values(user, "emails.value") == ["a", "b"]
    assert values(user, f"{ENTERPRISE}:department") == ["D"]
    assert len(values(user, "emails")) == 3
