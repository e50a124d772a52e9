"""What holds for every PATCH, whatever it says."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mock_samanage.scim.dialect import ENTRA, STRICT, Dialect
from mock_samanage.scim.errors import BadRequest
from mock_samanage.scim.messages import PATCH_OP_URN
from mock_samanage.scim.patch import apply_patch
from mock_samanage.scim.registry import ENTERPRISE_URN, GROUP, USER
from mock_samanage.scim.validation import validate
from tests.mock_samanage.scim.patching import ADA, OPS, SHOWN, Listed

ATTRIBUTES = st.sampled_from(
    [
        *(
            "userName",
            "title",
            "active",
            "name",
            "emails",
            "addresses",
            "photos",
            "groups",
            "id",
            "meta",
            "schemas",
            "nope",
        ),
        *("manager", "password", "externalId", "x509Certificates", f"{ENTERPRISE_URN}:department", ENTERPRISE_URN),
    ]
)
PARTS = st.sampled_from(["value", "type", "primary", "display", "$ref", "givenName", "nope", "country"])
FILTERS = st.sampled_from(
    [
        'type eq "work"',
        'primary eq "True"',
        "value pr",
        'not (type eq "home")',
        'value eq "n" and type eq "m"',
        "x",
        "type eq 5",
    ]
)
PATHS = st.one_of(
    ATTRIBUTES,
    st.builds("{}.{}".format, ATTRIBUTES, PARTS),
    st.builds("{}[{}]".format, ATTRIBUTES, FILTERS),
    st.builds("{}[{}].{}".format, ATTRIBUTES, FILTERS, PARTS),
    st.text(max_size=6),
)
SCALARS = st.sampled_from([None, True, False, "True", "", "w@x", "h@x", "work", "home", "https://x/Users/1", 5, 1.5])
OBJECTS = st.dictionaries(PARTS, SCALARS, max_size=3)
VALUES = SCALARS | OBJECTS | st.lists(SCALARS | OBJECTS, max_size=3)
WILD = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "replace", "remove", "Add", "move"])},
    optional={"path": PATHS, "value": VALUES | st.dictionaries(PATHS, VALUES, max_size=3)},
)
TEXTS = st.sampled_from(["", "w@x", "h@x", "n@x", "work", "home"])
FLAGS = st.sampled_from([True, False, "True", None])
EMAILS = st.fixed_dictionaries({}, optional={"value": TEXTS, "type": TEXTS, "primary": FLAGS, "display": TEXTS})
FITTING = {
    **dict.fromkeys(("title", "name.givenName", "externalId", "department", f"{ENTERPRISE_URN}:manager"), TEXTS),
    **dict.fromkeys(("emails.value", 'emails[type eq "work"].value', "emails[value pr].display"), TEXTS),
    **dict.fromkeys(("active", 'emails[type eq "n"].primary', 'emails[value eq "h@x"].primary'), FLAGS),
    **dict.fromkeys(("emails", 'emails[type eq "home"]', 'emails[not (type eq "home")]'), EMAILS | st.none()),
    "name": st.dictionaries(st.sampled_from(["givenName", "FAMILYNAME"]), TEXTS, max_size=2),
}
TAME: st.SearchStrategy[Any] = st.sampled_from(sorted(FITTING)).flatmap(
    lambda path: st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "replace", "remove"]), "path": st.just(path), "value": FITTING[path]}
    )
)
LISTS = st.fixed_dictionaries(
    {
        "op": st.sampled_from(["add", "replace", "remove"]),
        "path": st.just("emails"),
        "value": st.lists(EMAILS, max_size=3),
    }
)
FLAT = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "replace"]), "value": st.fixed_dictionaries({}, optional=FITTING)}
)
UNFILTERED = LISTS | TAME.filter(lambda operation: "[" not in operation["path"])
OPERATIONS = st.integers(0, 9).flatmap(lambda draw: WILD if draw == 0 else TAME | LISTS | FLAT)
MESSAGES = st.fixed_dictionaries(
    {"schemas": st.just([PATCH_OP_URN]), "Operations": st.lists(OPERATIONS, min_size=1, max_size=4)}
)


@given(body=MESSAGES, dialect=st.sampled_from([ENTRA, STRICT]))
def test_a_patch_changes_nothing_it_was_given_and_ends_in_a_valid_document(
    body: dict[str, Any], dialect: Dialect
) -> None:
    document, message = deepcopy(ADA), deepcopy(body)
    try:
        after = apply_patch(USER, document, message, dialect=dialect, shown=SHOWN)
    except BadRequest as error:
        assert error.detail  # noqa: PT017
    else:
        assert validate(USER, after, dialect=dialect) == after
    assert (document, message) == (ADA, body)


@given(operation=UNFILTERED, dialect=st.sampled_from([ENTRA, STRICT]))
def test_a_replace_without_a_filter_repeated_changes_nothing_more(operation: dict[str, Any], dialect: Dialect) -> None:
    body = {"schemas": [PATCH_OP_URN], "Operations": [{**operation, "op": "replace"}]}
    try:
        once = apply_patch(USER, ADA, body, dialect=dialect)
    except BadRequest:
        return
    assert apply_patch(USER, once, body, dialect=dialect) == once


@given(path=PATHS, value=VALUES, op=st.sampled_from(["add", "replace", "remove"]))
def test_a_failing_operation_behind_others_leaves_nothing(path: str, value: Any, op: str) -> None:
    document = deepcopy(ADA)
    operations = [{"op": op, "path": path, "value": value}, {"op": "remove", "path": "userName"}]
    try:
        apply_patch(USER, document, {"schemas": [PATCH_OP_URN], "Operations": operations}, dialect=ENTRA)
    except BadRequest:
        assert document == ADA
    else:
        raise AssertionError("userName is required and was removed")


MEMBER_PATHS = st.sampled_from(
    [
        "members",
        "members.value",
        'members[value eq "A"]',
        'members[type eq "User"].value',
        'members[value eq "Z"].$ref',
        "id",
    ]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["A", "Z", "add", "remove", "members", "title", PATCH_OP_URN]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["op", "PATH", "value", "type", "$ref", "members"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(body=st.dictionaries(st.sampled_from(["schemas", "Operations", "operations", "x"]), JSON, max_size=3))
def test_any_json_as_message_is_applied_or_refused(body: dict[str, Any]) -> None:
    with suppress(BadRequest):
        apply_patch(USER, ADA, {"schemas": [PATCH_OP_URN], **body}, dialect=ENTRA)


@given(op=st.sampled_from(["add", "replace", "remove"]), path=MEMBER_PATHS, value=JSON, listed=st.booleans())
def test_any_value_for_members_is_applied_or_refused(op: str, path: str, value: Any, *, listed: bool) -> None:
    body = {"schemas": [PATCH_OP_URN], "Operations": [{"op": op, "path": path, "value": value}]}
    members = Listed("A", "B")
    document = OPS if listed else {**OPS, "members": [{"value": "A"}, {"value": "B", "type": "User"}]}
    with suppress(BadRequest):
        after = apply_patch(GROUP, document, body, dialect=ENTRA, members=members if listed else None)
        assert validate(GROUP, after, dialect=ENTRA) == after
    assert all(members.ids)


IDS = st.lists(st.sampled_from("ABCD"), max_size=3)
MEMBERSHIP = st.one_of(
    st.tuples(st.sampled_from(["add", "replace", "list"]), IDS),
    st.tuples(st.sampled_from(["filter", "clear", "empty"]), IDS),
)


def membership(word: str, ids: list[str]) -> dict[str, Any]:
    listed = [{"value": name} for name in ids]
    condition = " or ".join(f'value eq "{name}"' for name in ids) or 'value eq "nobody"'
    forms: dict[str, dict[str, Any]] = {
        "add": {"op": "Add", "path": "members", "value": listed},
        "replace": {"op": "replace", "value": {"members": listed}},
        "list": {"op": "remove", "path": "members", "value": listed},
        "filter": {"op": "remove", "path": f"members[{condition}]"},
        "clear": {"op": "remove", "path": "members"},
        "empty": {"op": "replace", "path": "members", "value": None},
    }
    return forms[word]


def expected_members(before: set[str], word: str, ids: set[str]) -> set[str]:
    if word in {"list", "filter"}:
        return before - ids
    return {"add": before | ids, "replace": ids}.get(word, set())


@given(steps=st.lists(MEMBERSHIP, min_size=1, max_size=5), stored=st.booleans())
def test_members_are_what_the_operations_say_one_after_the_other(
    steps: list[tuple[str, list[str]]], *, stored: bool
) -> None:
    members, model = Listed("A", "B"), {"A", "B"}
    document = OPS if stored else {**OPS, "members": [{"value": "A"}, {"value": "B"}]}
    for word, ids in steps:
        model = expected_members(model, word, set(ids))
    body = {"schemas": [PATCH_OP_URN], "Operations": [membership(word, ids) for word, ids in steps]}
    after = apply_patch(GROUP, document, body, dialect=STRICT, members=members if stored else None)
    found = members.ids if stored else [element["value"] for element in after.get("members", [])]
    assert (set(found), len(found)) == (model, len(model))
