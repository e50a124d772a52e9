"""Filters in SQL mean what they mean in memory; the corners that a database could get wrong, one by one."""

from __future__ import annotations

from typing import Any

import pytest

from mock_samanage.scim.errors import InvalidFilter
from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.store.keys import PREFIX
from tests.mock_samanage.store.tenants import GROUP, NOW, USER, Tenant

LENGTHS = (PREFIX - 1, PREFIX, PREFIX + 1, 1_000, 10_000)


@pytest.mark.parametrize("op", ["co", "sw", "ew", "eq"])
def test_an_operand_is_text_and_no_pattern(tenant: Tenant, op: str) -> None:
    odd = ["%", "_", "*", "\\\\", "'", '\\"', "[a]", "?", ".", "' OR 1=1 --", "\\u0001", "\U0001f600"]
    users = {text: tenant.user(f"u{number}", title=_spoken(text)) for number, text in enumerate(odd)}
    for text, user in users.items():
        found = tenant.ids(f'title {op} "{text}"')
        assert user.id in found, text
        assert found == [each.id for other, each in users.items() if _holds(op, _spoken(other), _spoken(text))], text


def _spoken(text: str) -> str:
    return text.replace('\\"', '"').replace("\\\\", "\\").replace("\\u0001", "\x01")


def _holds(op: str, value: str, operand: str) -> bool:
    value, operand = value.lower(), operand.lower()
    return {
        "co": operand in value,
        "sw": value.startswith(operand),
        "ew": value.endswith(operand),
        "eq": value == operand,
    }[op]


@pytest.mark.parametrize("length", LENGTHS)
def test_long_values_compare_whole(tenant: Tenant, length: int) -> None:
    long = "x" * length
    same = tenant.user("same", title=long.upper())
    more = tenant.user("more", title=long + "y")
    less = tenant.user("less", title=long[:-1])
    other = tenant.user("other", title=long[:-1] + "z")
    asked = {
        "eq": [same],
        "sw": [same, more],
        "co": [same, more],
        "ew": [same],
        "gt": [more, other],
        "ge": [same, more, other],
        "lt": [less],
        "le": [same, less],
        "ne": [more, less, other],
    }
    for op, wanted in asked.items():
        assert tenant.ids(f'title {op} "{long}"') == [user.id for user in wanted], op
    assert tenant.names(sort="title") == ["less", "same", "more", "other"]
    assert tenant.names(sort="title", descending=True) == ["other", "more", "same", "less"]
    assert tenant.ids(f'title ew "{long[1:]}y"') == [more.id]


def test_a_needle_across_the_edge_of_the_prefix_is_found(tenant: Tenant) -> None:
    user = tenant.user("ada", title="a" * (PREFIX - 2) + "needle" + "b" * 50)
    assert tenant.ids('title co "NEEDLE"') == tenant.ids('title ew "needle' + "b" * 50 + '"') == [user.id]


def test_a_beginning_at_the_end_of_unicode_has_no_upper_bound(tenant: Tenant) -> None:
    last = "\U0010ffff"
    one, two = tenant.user("one", title=last * 2), tenant.user("two", title="a" + last + "b")
    assert tenant.ids(f'title sw "{last}"') == [one.id]
    assert tenant.ids(f'title sw "a{last}"') == [two.id]
    before = tenant.user("three", title="\ud7ff!")
    tenant.user("four", title="\ue000")
    assert tenant.ids('title sw "\ud7ff"') == [before.id]


def test_the_empty_operand_is_part_of_every_value(tenant: Tenant) -> None:
    some, empty, none = tenant.user("a", title="t"), tenant.user("b", title=""), tenant.user("c")
    for op in ("co", "sw", "ew", "ge"):
        assert tenant.ids(f'title {op} ""') == [some.id, empty.id], op
    assert tenant.ids('title eq ""') == [empty.id]
    assert tenant.ids("title pr") == [some.id]
    assert tenant.ids("not (title pr)") == tenant.ids("title eq null") == [empty.id, none.id]


def test_operands_that_no_text_can_hold_match_nothing(tenant: Tenant) -> None:
    user = tenant.user("ada", title="t")
    for operand in ("\\u0000", "\\ud800", "t\\u0000"):
        for op in ("eq", "co", "sw", "ew"):
            assert tenant.ids(f'title {op} "{operand}"') == [], (op, operand)
        assert tenant.ids(f'id eq "{operand}"') == []
        assert tenant.ids(f'title ne "{operand}"') == [user.id]


def test_a_bracket_speaks_of_one_element(tenant: Tenant) -> None:
    both = [{"type": "work", "value": "a@x"}, {"type": "home", "value": "b@y", "primary": True}]
    one = tenant.user("one", emails=both)
    two = tenant.user("two", emails=[{"type": "home", "value": "a@x"}])
    three = tenant.user("three", emails=[{"value": "c@z"}])
    none = tenant.user("none")
    asked = {
        'emails[type eq "work" and value eq "a@x"]': [one],
        'emails[type eq "work" and value eq "b@y"]': [],
        'emails.type eq "work" and emails.value eq "b@y"': [one],
        'emails[type eq "work"].value eq "a@x"': [one],
        'emails[type eq "home"].value sw "a"': [two],
        'emails[not (type eq "work")]': [one, two, three],
        "emails[not (type pr)]": [three],
        'not (emails[type eq "work"])': [two, three, none],
        'emails[type eq "work" or value co "@z"]': [one, three],
        'emails[primary eq true and type eq "home"]': [one],
        'emails[primary eq true and not (type eq "home")]': [],
        'emails[value sw "a" and (type eq "home" or type eq "other")]': [two],
        'emails[type eq "home"] and emails[type eq "work"]': [one],
        'emails[type eq "work"] or emails[value eq "c@z"]': [one, three],
        'emails co "@"': [one, two, three],
        'userName eq "one" and emails[type eq "home" and value eq "b@y"]': [one],
    }
    for filter, wanted in asked.items():
        assert tenant.ids(filter) == [user.id for user in wanted], filter


def test_singular_complex_attributes_and_extensions_are_found(tenant: Tenant) -> None:
    boss = tenant.user("boss", name={"familyName": "Boss", "givenName": "The"})
    enterprise: dict[str, Any] = {ENTERPRISE_URN: {"manager": {"value": boss.id}, "department": "R&D"}}
    user = tenant.user("ada", **enterprise)
    asked = {
        'name[familyName eq "boss" and givenName eq "the"]': [boss],
        "name pr": [boss],
        f'manager eq "{boss.id}"': [user],
        f'{ENTERPRISE_URN}:manager.value eq "{boss.id}"': [user],
        f'id eq "{user.id}" and manager eq "{boss.id}"': [user],
        f'id eq "{boss.id}" and manager eq "{boss.id}"': [],
        f'manager.$ref eq "/Users/{boss.id}"': [user],
        'department sw "r&"': [user],
        "manager pr": [user],
    }
    for filter, wanted in asked.items():
        assert tenant.ids(filter) == [each.id for each in wanted], filter


def test_what_stands_in_columns_is_filtered_like_the_rest(tenant: Tenant) -> None:
    one, two = tenant.user("one", id="A1"), tenant.user("two", id="a2", now=NOW + 1_000_000)
    with tenant.store.writing() as session:
        two = session.touch(two, now=NOW + 5_000_000)
    asked = {
        'id eq "A1"': [one],
        'id eq "a1"': [],
        'id sw "a"': [two],
        'id co "1"': [one],
        'id gt "A1"': [two],
        "id pr": [one, two],
        'meta.created eq "2023-11-14T22:13:20Z"': [one],
        'meta.created gt "2023-11-14T23:13:20+01:00"': [two],
        'meta.lastModified ge "2023-11-14T22:13:25Z"': [two],
        'meta.lastModified lt "2023-11-14T22:13:25Z"': [one],
        'meta.version eq "W/\\"2\\""': [two],
        'meta.version sw "W/\\"1"': [one],
        'meta.resourceType eq "User"': [one, two],
        'meta.resourceType eq "user"': [],
        'meta[resourceType eq "User" and version eq "W/\\"1\\""]': [one],
        "meta pr": [one, two],
        f'meta.location eq "https://host/scim/Users/{one.id}"': [one],
        'userName sw "t" and meta.created gt "2023-11-14T22:13:20Z"': [two],
        'not (id eq "A1")': [two],
    }
    for filter, wanted in asked.items():
        assert tenant.ids(filter) == [user.id for user in wanted], filter


def test_over_several_types_an_unknown_attribute_is_unassigned(tenant: Tenant) -> None:
    user, group = tenant.user("ada", displayName="Same"), tenant.group("same")
    asked = {
        'displayName eq "same"': [user, group],
        'userName eq "ada"': [user],
        'not (userName eq "ada")': [group],
        'userName eq "ada" or displayName eq "SAME"': [user, group],
        'nosuch eq "x"': [],
        "not (nosuch pr)": [user, group],
        'meta.resourceType eq "Group"': [group],
        'userName eq "nobody"': [],
        f'members.value eq "{user.id}" or userName pr': [user],
    }
    for filter, wanted in asked.items():
        assert tenant.ids(filter, USER, GROUP) == [each.id for each in wanted], filter
    with pytest.raises(InvalidFilter, match="nosuch"):
        tenant.ids('nosuch eq "x"', USER)


def test_string_booleans_are_coerced_or_refused_as_asked(tenant: Tenant) -> None:
    user = tenant.user("ada", active=True)
    assert tenant.ids('active eq "True"') == [user.id]
    with pytest.raises(InvalidFilter):
        tenant.ids('active eq "True"', string_booleans="refuse")
