"""PATCH on attributes with several values."""

from __future__ import annotations

from typing import Any

import pytest

from mock_samanage.scim.dialect import STRICT
from mock_samanage.scim.errors import InvalidFilter, InvalidPath, InvalidValue, NoTarget
from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.multivalued import equalities
from tests.mock_samanage.scim.patching import ADA, HOME, WORK, emails, operation, patched, refused

OTHER = {"type": "other", "value": "o@x"}
SECONDARY = {**WORK, "primary": False}
ON_OTHER = 'emails[type eq "other"].value'
SETTING = pytest.mark.parametrize("op", ["add", "replace"])


@pytest.mark.parametrize("value", [[OTHER], OTHER, [OTHER, OTHER], [HOME, OTHER]])
def test_add_appends_what_is_not_there_yet(value: Any) -> None:
    """AMB-36 for the bare object."""
    assert emails(operation("add", "emails", value)) == [WORK, HOME, OTHER]
    assert emails(operation("add", None, {"emails": value})) == [WORK, HOME, OTHER]


@pytest.mark.parametrize("value", [[HOME], {"type": "HOME", "value": "H@X"}, [], None, [{}], [WORK, HOME]])
def test_adding_what_is_there_changes_nothing(value: Any) -> None:
    folded = emails(operation("add", "emails", value))
    assert [{k: str(v).lower() for k, v in item.items()} for item in folded] == [
        {k: str(v).lower() for k, v in item.items()} for item in (WORK, HOME)
    ]


def test_adding_a_value_again_takes_over_its_other_parts() -> None:
    again = {**HOME, "display": "at home", "primary": True}
    assert emails(operation("add", "emails", again)) == [SECONDARY, again]


def test_replace_without_a_filter_replaces_the_list() -> None:
    assert emails(operation("replace", "emails", [OTHER])) == [OTHER]
    assert emails(operation("replace", None, {"emails": [OTHER, OTHER]})) == [OTHER]
    assert emails(operation("replace", "emails", [OTHER]), start=[]) == [OTHER]


@pytest.mark.parametrize("empty", [[], None, "", [{}], [{"value": ""}]])
def test_replace_by_nothing_unassigns(empty: Any) -> None:
    assert emails(operation("replace", "emails", empty)) is None


@pytest.mark.parametrize("made", [operation("remove", "emails"), operation("remove", "emails", None)])
def test_remove_without_a_filter_removes_all(made: dict[str, Any]) -> None:
    assert emails(made) is None


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ([{"value": "h@x"}], [WORK]),
        ({"value": "H@X", "type": "Home"}, [WORK]),
        (["h@x"], [WORK]),
        ([{"value": "h@x", "type": "work"}], [WORK, HOME]),
        ([{"value": "none"}], [WORK, HOME]),
        ([{"value": "h@x"}, {"type": "work"}], None),
        ([], [WORK, HOME]),
        ([{}], [WORK, HOME]),
    ],
)
def test_remove_with_a_list_removes_what_is_listed(value: Any, left: Any) -> None:
    """AMB-25."""
    assert emails(operation("Remove", "emails", value)) == left


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ('emails[type eq "home"]', [WORK]),
        ('EMAILS[TYPE eq "HOME" and value ew "@x"]', [WORK]),
        ('emails[type eq "home" or primary eq true]', None),
        ("emails[primary eq true]", [HOME]),
        ('emails[primary eq "True"]', [HOME]),
        ('emails[not (type eq "home")]', [HOME]),
        ('emails[type eq "none"]', [WORK, HOME]),
    ],
)
def test_remove_with_a_filter_removes_what_matches(path: str, left: Any) -> None:
    """AMB-24 for a filter that matches nothing."""
    assert emails(operation("remove", path)) == left


def test_remove_of_a_part_takes_it_from_the_matching_values() -> None:
    assert emails(operation("remove", 'emails[type eq "home"].value')) == [WORK, {"type": "home"}]
    assert emails(operation("remove", "emails.type")) == [{"value": "w@x", "primary": True}, {"value": "h@x"}]
    assert emails(operation("remove", 'emails[value eq "v"].value'), start=[{"value": "v"}]) is None


@SETTING
def test_a_part_of_every_matching_value_is_set(op: str) -> None:
    two = [{"type": "work", "value": "a"}, {"type": "work", "value": "b"}, HOME]
    after = emails(operation(op, 'emails[type eq "work"].display', "D"), start=two)
    assert after == [{**two[0], "display": "D"}, {**two[1], "display": "D"}, HOME]


@SETTING
def test_a_filter_without_a_part_sets_the_named_parts(op: str) -> None:
    """AMB-26."""
    for value in ({"value": "n@x"}, [{"VALUE": "n@x"}]):
        assert emails(operation(op, 'emails[type eq "home"]', value)) == [WORK, {"type": "home", "value": "n@x"}]


@pytest.mark.parametrize("empty", [None, [], {}, ""])
def test_a_matching_value_replaced_by_nothing_goes(empty: Any) -> None:
    assert emails(operation("replace", 'emails[type eq "home"]', empty)) == [WORK]


def test_a_part_replaced_by_nothing_goes() -> None:
    assert emails(operation("replace", 'emails[type eq "home"].value', "")) == [WORK, {"type": "home"}]


@SETTING
def test_a_filter_without_a_match_makes_the_value_it_describes(op: str) -> None:
    """AMB-23, AMB-72; Microsoft Entra ID expects it."""
    assert emails(operation(op, ON_OTHER, "o@x")) == [WORK, HOME, OTHER]
    assert emails(operation(op, ON_OTHER, "o@x"), start=[]) == [OTHER]
    assert emails(operation(op, 'emails[type eq "other"]', {"value": "o@x"})) == [WORK, HOME, OTHER]
    assert emails(operation(op, 'emails[type eq "other"]', [{"Type": "other", "value": "o@x"}])) == [WORK, HOME, OTHER]


def test_several_parts_of_a_new_value_arrive_one_by_one() -> None:
    after = patched(
        operation("Add", 'addresses[type eq "work"].streetAddress', "1 Way"),
        operation("Add", 'addresses[type eq "work"].locality', "Ulm"),
    )
    assert after["addresses"] == [{"type": "work", "streetAddress": "1 Way", "locality": "Ulm"}]


def test_a_new_value_may_be_primary_by_its_filter() -> None:
    made = operation("Add", 'emails[primary eq "True" and type eq "other"].value', "o@x")
    assert emails(made) == [SECONDARY, HOME, {"primary": True, **OTHER}]


@SETTING
def test_a_filter_without_a_match_has_no_target_in_the_strict_dialect(op: str) -> None:
    for document in (ADA, {**ADA, "emails": []}):
        assert "selects no value" in refused(
            NoTarget, operation(op, ON_OTHER, "o@x"), dialect=STRICT, document=document
        )


@pytest.mark.parametrize(
    "condition",
    [
        'type ne "work" and type ne "home"',
        'type eq "a" or type eq "b"',
        'type eq "a" and type eq "b"',
        'value sw "q"',
        "display pr",
        "type eq null and value eq null",
    ],
)
def test_a_filter_that_describes_no_value_has_no_target(condition: str) -> None:
    refused(NoTarget, operation("add", f"emails[{condition}].value", "x"))


def test_clearing_what_does_not_exist_changes_nothing() -> None:
    assert emails(operation("replace", ON_OTHER, "")) == [WORK, HOME]
    assert emails(operation("replace", 'emails[type eq "other"]', None)) == [WORK, HOME]


@SETTING
def test_a_new_primary_value_takes_the_place_of_the_old(op: str) -> None:
    assert emails(operation(op, 'emails[type eq "home"].primary', "true")) == [SECONDARY, {**HOME, "primary": True}]
    assert emails(operation(op, 'emails[type eq "home"]', {"primary": True})) == [SECONDARY, {**HOME, "primary": True}]


def test_an_added_primary_value_takes_the_place_of_the_old() -> None:
    assert emails(operation("add", "emails", {**OTHER, "primary": True})) == [
        SECONDARY,
        HOME,
        {**OTHER, "primary": True},
    ]


@pytest.mark.parametrize(
    "made",
    [
        operation("replace", "emails", [{"value": "a", "primary": True}, {"value": "b", "primary": True}]),
        operation("add", "emails", [{"value": "a", "primary": True}, {"value": "b", "primary": True}]),
        operation("replace", "emails.primary", True),
        operation("replace", "emails[value pr]", {"primary": True}),
    ],
)
def test_one_operation_cannot_make_two_values_primary(made: dict[str, Any]) -> None:
    assert "primary" in refused(InvalidValue, made)


def test_a_part_without_a_filter_means_every_value() -> None:
    assert emails(operation("replace", "emails.display", "D")) == [{**WORK, "display": "D"}, {**HOME, "display": "D"}]
    assert emails(operation("replace", "emails.value", "n@x"), start=[]) == [{"value": "n@x"}]
    assert emails(operation("add", "emails.value", "n@x")) == [WORK, HOME, {"value": "n@x"}]


def test_values_that_become_equal_are_one() -> None:
    twins = [{"type": "work", "value": "a"}, {"type": "work", "value": "b"}]
    assert emails(operation("replace", "emails.value", "c"), start=twins) == [{"type": "work", "value": "c"}]


def test_later_filters_see_earlier_changes() -> None:
    after = emails(operation("add", "emails", OTHER), operation("replace", ON_OTHER, "n@x"))
    assert after == [WORK, HOME, {"type": "other", "value": "n@x"}]


@pytest.mark.parametrize(
    ("path", "value", "kind"),
    [
        ('emails[type eq "home"]', "str", InvalidValue),
        ('emails[type eq "home"]', [HOME, OTHER], InvalidValue),
        ('emails[type eq "home"].value', 5, InvalidValue),
        ('emails[type eq "home"].primary', "maybe", InvalidValue),
        ('emails[type eq "none"].value', 5, InvalidValue),
        ('emails[type eq "home"].nope', "x", InvalidPath),
        ("emails.nope", "x", InvalidPath),
        ('emails[nope eq "home"]', {"value": "x"}, InvalidFilter),
        ("emails[0]", {"value": "x"}, InvalidFilter),
        ('emails[type eq "home"', "x", InvalidFilter),
    ],
)
def test_what_does_not_fit_is_refused(path: str, value: Any, kind: type[Any]) -> None:
    refused(kind, operation("replace", path, value))


@pytest.mark.parametrize(
    ("text", "demanded"),
    [
        ('type eq "a"', {"type": "a"}),
        ('type eq "a" and primary eq true', {"type": "a", "primary": True}),
        ('type eq "a" and (value eq "b" and type eq "a")', {"type": "a", "value": "b"}),
        ('type eq "a" or value eq "b"', None),
        ('not (type eq "a")', None),
        ("type eq null", None),
    ],
)
def test_eq_terms_describe_a_value(text: str, demanded: Any) -> None:
    assert equalities(parse_filter(text)) == demanded
