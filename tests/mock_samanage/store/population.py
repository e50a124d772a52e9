"""Random resources and random filters whose values meet often enough to matter."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st

from mock_samanage.scim.filter import And, AttrPath, Compare, Filter, Not, Operator, Or, Present, ValuePath
from mock_samanage.scim.path import parse_attr_path
from mock_samanage.scim.registry import ENTERPRISE_URN, GROUP_URN, USER_URN
from mock_samanage.store.keys import PREFIX

EDGE = "z" * (PREFIX - 1)
TEXTS = [
    *("", "a", "A", "b", "ab", "Ab", "abc", "aé", "ae\u0301", "É", "ß", "SS", "İ", "i", "\u0131", "Σ", "ς", "10", "9"),
    *("%", "a%", "_", "\\", "'", '"', "\n", " ", "\uffff", "\U0001f600", "\U0010ffff", "\U0001f600a", "\ue000"),
    *(EDGE, EDGE + "z", EDGE + "zz", EDGE + "Zz\U0001f600", EDGE + "a", "z" * 400, "true", "work", "User"),
]
TYPES = ["work", "Work", "home", "other"]
SIMPLE = ["userName", "title", "nickName", "displayName", "externalId", "profileUrl", "preferredLanguage"]
PARTS = ["name.familyName", "name.givenName", "department", "manager.value", "manager", "employeeNumber"]
LISTS = ["emails", "emails.value", "emails.type", "phoneNumbers.value", "roles.value", "photos.value", "schemas"]
LINKS = ["groups", "groups.value", "groups.display", "groups.type", "members.value", "members.display", "members.type"]
META = ["id", "meta.version", "meta.resourceType"]
TIMES = ["meta.created", "meta.lastModified"]
BOOLEANS = ["active", "emails.primary"]
COMPLEX = ["name", "emails", "phoneNumbers", "roles", "groups", "meta", "manager", "members", "x509Certificates"]
BRACKETS = {
    "emails": ["value", "type", "primary", "display"],
    "phoneNumbers": ["value", "type"],
    "name": ["familyName", "givenName"],
    "groups": ["value", "display", "type"],
    "members": ["value", "display", "type"],
    "schemas": ["value"],
    "manager": ["value"],
    "meta": ["resourceType", "version"],
}
INSTANTS = [1_700_000_000_000_000 + step * 500_000 for step in range(6)]


def user(random_: random.Random, number: int) -> dict[str, Any]:
    """A user document with some of everything."""
    some: dict[str, Any] = {name: random_.choice(TEXTS) for name in SIMPLE if random_.random() < 0.5}
    document = {"schemas": [USER_URN], **some, "userName": f"{random_.choice(TEXTS)}{number}"}
    for name, types in (("emails", TYPES), ("phoneNumbers", TYPES), ("photos", ["photo"])):
        if random_.random() < 0.6:
            document[name] = _elements(random_, types)
    if random_.random() < 0.6:
        document["name"] = {part: random_.choice(TEXTS) for part in random_.sample(["familyName", "givenName"], 1)}
    if random_.random() < 0.7:
        document["active"] = random_.random() < 0.7
    if random_.random() < 0.5:
        document["schemas"].append(ENTERPRISE_URN)
        document[ENTERPRISE_URN] = {"department": random_.choice(TEXTS), "manager": {"value": random_.choice("123")}}
    if random_.random() < 0.5:
        document["roles"] = [{"value": random_.choice(TEXTS), "primary": True}]
    return document


def group(random_: random.Random, number: int) -> dict[str, Any]:
    """A group document."""
    document: dict[str, Any] = {"schemas": [GROUP_URN], "displayName": f"{random_.choice(TEXTS)}{number}"}
    if random_.random() < 0.5:
        document["externalId"] = random_.choice(TEXTS)
    return document


def _elements(random_: random.Random, types: list[str]) -> list[dict[str, Any]]:
    elements = []
    for _ in range(random_.randint(1, 3)):
        element: dict[str, Any] = {"value": random_.choice(TEXTS), "type": random_.choice(types)}
        if random_.random() < 0.4:
            del element["type"]
        if random_.random() < 0.3:
            element["primary"] = random_.random() < 0.5
        if random_.random() < 0.3:
            element["display"] = random_.choice(TEXTS)
        elements.append(element)
    return elements


_texts = st.sampled_from(TEXTS) | st.sampled_from(["1", "2", "3", 'W/"1"', 'W/"2"', "direct", "Group", USER_URN])
_orders = st.sampled_from([Operator.EQ, Operator.NE, Operator.GT, Operator.GE, Operator.LT, Operator.LE])
_times = st.sampled_from(
    ["2023-11-14T22:13:20Z", "2023-11-14T22:13:20.5Z", "2023-11-14T23:13:21+01:00", "1969-01-01T00:00:00Z"]
)


def _paths(names: list[str]) -> st.SearchStrategy[AttrPath]:
    return st.sampled_from([parse_attr_path(name) for name in names])


def _leaves(texts: list[str], booleans: list[str], present: list[str]) -> st.SearchStrategy[Filter]:
    on_text = st.builds(Compare, _paths(texts), st.sampled_from(Operator), _texts | st.none())
    on_boolean = st.builds(Compare, _paths(booleans), st.sampled_from([Operator.EQ, Operator.NE]), st.booleans())
    return (
        on_text | on_boolean | st.builds(Present, _paths(present))
        if booleans
        else on_text | st.builds(Present, _paths(present))
    )


def _bracket(name: str) -> st.SearchStrategy[Filter]:
    subs = BRACKETS[name]
    leaves = _leaves([sub for sub in subs if sub != "primary"], [sub for sub in subs if sub == "primary"], subs)
    return st.builds(ValuePath, st.just(parse_attr_path(name)), _trees(leaves, 4))


def _trees(leaves: st.SearchStrategy[Filter], most: int) -> st.SearchStrategy[Filter]:
    def larger(smaller: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
        terms = st.lists(smaller, min_size=2, max_size=3).map(tuple)
        return st.builds(And, terms) | st.builds(Or, terms) | st.builds(Not, smaller)

    return st.recursive(leaves, larger, max_leaves=most)


def filters() -> st.SearchStrategy[Filter]:
    """Filters over everything a user or a group can have."""
    texts = SIMPLE + PARTS + LISTS + LINKS + META
    on_time = st.builds(Compare, _paths(TIMES), _orders, _times)
    brackets = st.sampled_from(sorted(BRACKETS)).flatmap(_bracket)
    return _trees(_leaves(texts, BOOLEANS, texts + TIMES + COMPLEX + BOOLEANS) | on_time | brackets, 7)
