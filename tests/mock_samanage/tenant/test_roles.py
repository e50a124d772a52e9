"""The role parser: what names a role, what empties it, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_samanage.scim.errors import InvalidValue
from mock_samanage.tenant.roles import ADMINISTRATOR, BUILT_IN, RoleRules, assign, canonical

RULES = RoleRules((*BUILT_IN, "Field Agent"))
TASK = "Service Task User"
ENTRA = json.dumps({"id": "0d2f7c1e", "value": TASK, "displayName": TASK})


@pytest.mark.parametrize(
    "value",
    [
        {"displayName": TASK},
        {"displayname": TASK},
        {"VALUE": TASK},
        {"display": TASK},
        {"value": TASK, "display": TASK, "displayName": TASK},
        {"value": TASK, "display": None, "displayName": ""},
        {"id": 7, "type": ["any"], "primary": "True", "value": TASK},
        {"value": TASK, "comment": "unknown keys are ignored"},
        json.dumps({"displayName": TASK}),
        f' {{ "displayName" : "{TASK}" }} ',
        [{"displayName": TASK}],
        [json.dumps({"displayName": TASK})],
        [{"value": ENTRA}],
        {"value": ENTRA},
        [{"primary": True, "type": "WindowsAzureActiveDirectoryRole", "value": TASK}],
        [{"value": TASK}, {"display": TASK}],
        [{"value": TASK}, {"value": ENTRA}],
        [{"value": TASK}, None],
    ],
)
def test_every_understood_form_names_the_role(value: object) -> None:
    assert RULES.read(value) == TASK


def test_a_custom_role_is_a_role() -> None:
    assert RULES.read({"displayName": "Field Agent"}) == "Field Agent"


@pytest.mark.parametrize(
    "value",
    [None, [], "", [{"value": ""}], [{"value": None}], {"displayName": ""}, [None], [""], [{"value": ""}, None]],
)
def test_an_empty_value_names_no_role(value: object) -> None:
    assert RULES.read(value) is None


MALFORMED: list[Any] = [
    '{"displayName":"Requester"',
    "{'displayName':'Requester'}",
    "{“displayName”:“Requester”}",
    '{"displayName":"Requester",}',
    '{"displayName":"Requester"} x',
    json.dumps(json.dumps({"displayName": "Requester"})),
    json.dumps({"value": json.dumps({"value": "Requester"})}),
    {"value": json.dumps({"value": json.dumps({"value": "Requester"})})},
    {"value": json.dumps([{"value": "Requester"}])},
    {"display": json.dumps({"value": "Requester"})},
    json.dumps([{"displayName": "Requester"}]),
    "Requester",
    ["Requester"],
    {"role": "Requester"},
    {"name": "Requester"},
    {"displayName ": "Requester"},
    {"displayName": "requester"},
    {"displayName": "Requester "},
    {"displayName": "Planner"},
    {"displayName": 7},
    {"displayName": True},
    {"displayName": ["Requester"]},
    {"value": {"displayName": "Requester"}},
    [[{"displayName": "Requester"}]],
    [{"displayName": "Requester"}, {"displayName": ADMINISTRATOR}],
    [{"displayName": "Requester"}, {}],
    {"displayName": "Requester", "value": ADMINISTRATOR},
    {"displayName": "Requester", "DISPLAYNAME": ADMINISTRATOR},
    {"displayName": "Requester", "value": json.dumps({"displayName": ADMINISTRATOR})},
    '{"displayName":"Requester","displayName":"Administrator"}',
    '{"displayName":"Requester","displayName":"Requester"}',
    {"value": '{"value":"Administrator","value":"Requester"}'},
    '{"displayName":"Requester","x":NaN}',
    {},
    {"primary": True},
    7,
    1.5,
    True,
    "null",
    "7",
    '"Requester"',
    "[" * 5000,
    '{"a":' * 5000,
    "x" * 10_000,
    {"displayName": "x" * 10_000},
    {"displayName": "\ud800"},
    {"value": '{"displayName":"\\ud800"}'},
    {"displayName": "Requester\u0000"},
    json.dumps({"displayName": "Requester", "big": "9" * 10_000}) + "9" * 5000,
]


@pytest.mark.parametrize("value", MALFORMED, ids=range(len(MALFORMED)))
def test_what_is_not_understood_is_refused_with_the_right_form(value: object) -> None:
    with pytest.raises(InvalidValue) as refusal:
        RULES.read(value)
    detail = refusal.value.detail
    assert '{"displayName": "Requester"}' in detail
    assert len(detail) < 600
    assert detail.encode()


def test_the_message_quotes_the_offending_part() -> None:
    with pytest.raises(InvalidValue, match=r'"Planner" is no role of this account; its roles are Administrator, '):
        RULES.read([{"value": "Requester"}, {"value": "Planner"}])


def test_a_message_cuts_what_it_quotes() -> None:
    with pytest.raises(InvalidValue) as refusal:
        RULES.read({"displayName": "y" * 10_000})
    assert refusal.value.detail.count("y") < 100


CONFLICT = {"value": TASK, "display": "Requester", "displayName": "Requester"}


def test_disagreeing_keys_are_settled_as_the_quirk_says() -> None:
    assert RoleRules(key_conflict="value").read(CONFLICT) == TASK
    assert RoleRules(key_conflict="displayName").read(CONFLICT) == "Requester"
    assert RoleRules(key_conflict="displayName").read({"value": TASK, "display": "Requester"}) == "Requester"
    with pytest.raises(InvalidValue, match="different roles"):
        RoleRules().read(CONFLICT)


def test_a_conflict_the_quirk_cannot_settle_is_refused() -> None:
    with pytest.raises(InvalidValue, match="different roles"):
        RoleRules(key_conflict="value").read({"display": TASK, "displayName": "Requester"})
    with pytest.raises(InvalidValue, match="different roles"):
        RoleRules(key_conflict="value").read({"value": TASK, "VALUE": "Requester"})


def test_the_first_of_several_roles_is_taken_as_the_quirk_says() -> None:
    several = [{"value": TASK}, {"value": ADMINISTRATOR}]
    assert RoleRules(several="first").read(several) == TASK
    with pytest.raises(InvalidValue, match="2 different roles"):
        RoleRules().read(several)


def test_a_user_keeps_a_role_the_account_no_longer_lists() -> None:
    assert RoleRules().knowing("Old Role").read({"value": "Old Role"}) == "Old Role"


def test_assign_keeps_the_role_where_none_is_sent() -> None:
    document: dict[str, Any] = {}
    assign(document, RULES, kept=TASK)
    assert document["roles"] == canonical(TASK)


def test_assign_takes_the_default_for_a_new_user_and_for_an_empty_value() -> None:
    documents: list[dict[str, Any]] = [{}, {"roles": None}, {"roles": []}, {"roles": [{"value": ""}]}]
    for document in documents:
        assign(document, RoleRules(default="Service Agent User"), kept=None)
        assert document["roles"] == canonical("Service Agent User")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["Requester", TASK, "{}"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["value", "Value", "display", "displayName", "id", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values)
def test_no_value_without_the_word_ever_yields_administrator(value: object) -> None:
    texts = [value, json.dumps(value), {"value": json.dumps(value)}, [{"displayName": json.dumps(value)}]]
    for form in texts:
        try:
            role = RULES.read(form)
        except InvalidValue:
            continue
        assert role in {None, "Requester", TASK}


@given(st.text(alphabet="{}\":,'”\\ \n", max_size=6), st.integers(0, 30))
def test_a_damaged_form_is_refused_or_means_the_same(noise: str, at: int) -> None:
    text = json.dumps({"displayName": "Requester"})
    try:
        role = RULES.read(text[:at] + noise + text[at:])
    except InvalidValue:
        return
    assert role in {None, "Requester"}
