"""The bound tree: canonical paths, keys, normal form, and what is refused."""

from __future__ import annotations

import pytest

from mock_samanage.scim.bind import bind, bind_elements
from mock_samanage.scim.bound import (
    EVERYTHING,
    NOTHING,
    BoundAnd,
    BoundCompare,
    BoundFilter,
    BoundNot,
    BoundOr,
    BoundPresent,
    BoundValuePath,
)
from mock_samanage.scim.comparison import Key
from mock_samanage.scim.errors import InvalidFilter
from mock_samanage.scim.filter import And, AttrPath, Operator, Present, ValuePath, parse_filter
from mock_samanage.scim.reference import identifier
from mock_samanage.scim.registry import ENTERPRISE_URN, GROUP, GROUP_URN, USER, USER_URN
from mock_samanage.scim.schema import Resolved, ResourceType


def resolved(path: str) -> Resolved:
    uri, _, rest = path.rpartition(":")
    name, _, sub = rest.partition(".")
    found = (GROUP if name == "members" else USER).resolve(AttrPath(uri or None, name, sub or None))
    assert found is not None
    assert found.path == path
    return found


def compare(path: str, key: Key, op: Operator = Operator.EQ) -> BoundCompare:
    return BoundCompare(path, op, key, resolved(path))


def present(path: str) -> BoundPresent:
    return BoundPresent(path, resolved(path))


def element(path: str, inner: BoundFilter) -> BoundValuePath:
    return BoundValuePath(path, inner, resolved(path))


def bound(text: str, kind: ResourceType = USER) -> BoundFilter:
    return bind(parse_filter(text), kind)


MANAGER = f"{ENTERPRISE_URN}:manager.value"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('USERNAME eq "JÖrg"', compare("userName", "jörg")),
        ('externalId sw "Ab"', compare("externalId", "Ab", Operator.SW)),
        (f'{USER_URN.upper()}:NAME.givenname gt "Z"', compare("name.givenName", "z", Operator.GT)),
        (f'{ENTERPRISE_URN}:Department co "D"', compare(f"{ENTERPRISE_URN}:department", "d", Operator.CO)),
        ('department eq "D"', compare(f"{ENTERPRISE_URN}:department", "d")),
        ('meta.Created ge "1970-01-01T00:00:01Z"', compare("meta.created", 1_000_000, Operator.GE)),
        ("active eq false", compare("active", key=False)),
        ('active eq "False"', compare("active", key=False)),
        (f'schemas eq "{USER_URN}"', compare("schemas", USER_URN.lower())),
        ('profileUrl sw "https://E"', compare("profileUrl", "https://E", Operator.SW)),
        ('x509Certificates eq "QQ=="', compare("x509Certificates.value", "QQ==")),
        ('emails co "@X"', compare("emails.value", "@x", Operator.CO)),
        ("emails pr", present("emails")),
        ("name pr", present("name")),
        ('manager eq "5"', compare(MANAGER, "5")),
        ('title ne "A"', BoundNot(compare("title", "a"))),
        ("title eq null", BoundNot(present("title"))),
        ("title ne null", present("title")),
        ("emails eq null", BoundNot(present("emails.value"))),
        ('title eq ""', compare("title", "")),
        ('not (title ne "A")', compare("title", "a")),
        ('emails[type eq "Work" and value ne "A"]', None),
        ('schemas[value sw "urn:"]', element("schemas", compare("schemas", "urn:", Operator.SW))),
        ('name[familyName eq "A"]', element("name", compare("name.familyName", "a"))),
        (
            "title pr and (active eq true and (userType pr or nickName pr or (title pr)))",
            BoundAnd(
                (
                    present("title"),
                    compare("active", key=True),
                    BoundOr((present("userType"), present("nickName"), present("title"))),
                )
            ),
        ),
        ('manager.$ref eq "https://host/scim/v2/Users/5"', compare(MANAGER, "5")),
        ('groups.$ref ne "../Groups/7"', BoundNot(compare("groups.value", "7"))),
        ('groups[$ref eq "Groups/7"]', element("groups", compare("groups.value", "7"))),
        ('groups.$ref eq "https://host/Users/7"', NOTHING),
        ("manager.$ref pr", present(MANAGER)),
        ("groups.$ref eq null", BoundNot(present("groups.value"))),
        ('meta.location eq "https://host/Users/x"', compare("id", "x")),
        ('meta.location eq "https://host/Groups/x"', NOTHING),
        ("meta.location pr", present("id")),
    ],
)
def test_names_become_canonical_and_literals_keys(text: str, tree: BoundFilter | None) -> None:
    if tree is None:
        tree = element("emails", BoundAnd((compare("emails.type", "work"), BoundNot(compare("emails.value", "a")))))
    assert bound(text) == tree


def test_a_leaf_carries_attribute_and_literal() -> None:
    leaf = bound('emails eq "A"')
    assert isinstance(leaf, BoundCompare)
    assert leaf.resolved == resolved("emails.value")
    assert leaf.literal == "A"


def test_members_are_compared_by_id() -> None:
    wanted = compare("members.value", "5")
    for text in ('members eq "5"', 'members.value eq "5"', 'members.$ref eq "https://h/v2/Users/5"'):
        assert bound(text, GROUP) == wanted
    assert bound('members[value eq "5"]', GROUP) == element("members", wanted)


@pytest.mark.parametrize("text", [r'"\u0000"', r'"a\ud800"', r'"\udc00\ud800"'])
def test_a_text_that_no_document_can_hold_matches_nothing(text: str) -> None:
    for attribute in ("userName", "externalId", "emails", "profileUrl"):
        for op in ("eq", "co", "sw", "ew", "gt", "ge", "lt", "le"):
            assert bound(f"{attribute} {op} {text}") is NOTHING
        assert bound(f"{attribute} ne {text}") is EVERYTHING
    assert bound(f"emails[value eq {text}]") is NOTHING
    assert bound(f"emails[type pr or value eq {text}]") == element("emails", present("emails.type"))
    assert bound(f"emails[value ne {text}]") == present("emails")


def test_a_constant_is_the_whole_tree_or_vanishes() -> None:
    false = r'title eq "\u0000"'
    assert bound(f"{false} or active eq true") == bound(f"not ({false}) and active eq true") == bound("active eq true")
    assert bound(f"{false} and active eq true") is bound(f"{false} or {false}") is NOTHING
    assert bound(f"not ({false}) or active eq true") is bound(f"not ({false} and title pr)") is EVERYTHING


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('nosuch eq "x"', "User has no attribute `nosuch`"),
        ("name.nosuch pr", "User has no attribute `name.nosuch`"),
        (f"{GROUP_URN}:displayName pr", "User has no attribute"),
        ("nosuch[value pr]", "User has no attribute `nosuch`"),
        ('emails[userName eq "x"]', "emails has no attribute `userName`"),
        ("schemas[type pr]", "schemas has no attribute `type`"),
        ('password eq "x"', "password is never shown"),
        ('password ne "x"', "password is never shown"),
        ("password eq null", "password is never shown"),
        ("password pr", "password is never shown"),
        ("title[value pr]", "title has no sub-attributes"),
        ('name eq "x"', "name is complex .* name.familyName"),
        ('name ne "x"', "name is complex"),
        ('name gt "x"', "name is complex"),
        ('addresses co "x"', "addresses is complex"),
        ("active gt true", "active is boolean, and such values have no order"),
        ('active co "tr"', "active is boolean, not text"),
        ("emails[primary lt true]", "emails.primary is boolean"),
        ('x509Certificates ge "QQ=="', "x509Certificates.value is binary"),
        ('x509Certificates.value co "Q"', "x509Certificates.value is binary"),
        ('meta.created sw "2011"', "meta.created is dateTime, not text"),
        ('meta.created gt "yesterday"', "meta.created is dateTime and compares with a dateTime"),
        ("title gt null", "title gt null has no meaning"),
        ("userName eq 5", "userName is string and compares with a string in double quotes"),
        ("active eq 1", "active is boolean and compares with true or false"),
        ('manager.$ref sw "https:"', "eq and ne, not with sw"),
    ],
)
def test_a_combination_without_meaning_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidFilter, match=message):
        bound(text)
    with pytest.raises(InvalidFilter, match=message):
        bound(f"title pr or ({text})")


def test_a_dialect_may_refuse_quoted_booleans() -> None:
    for text in ('active eq "True"', 'emails[primary eq "true"]'):
        bound(text)
        with pytest.raises(InvalidFilter, match="compares with true or false"):
            bind(parse_filter(text), USER, string_booleans="refuse")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('nosuch eq "x"', NOTHING),
        ('nosuch ne "x"', EVERYTHING),
        ("nosuch pr", NOTHING),
        ("nosuch eq null", EVERYTHING),
        ("nosuch ne null", NOTHING),
        ("nosuch gt 5", NOTHING),
        ("nosuch gt null", NOTHING),
        ("nosuch[a pr]", NOTHING),
        ("emails[nosuch pr]", NOTHING),
        ("not (nosuch pr) and title pr", present("title")),
    ],
)
def test_an_unknown_attribute_counts_as_unassigned_where_the_caller_wants_it(text: str, tree: BoundFilter) -> None:
    assert bind(parse_filter(text), USER, unknown="unassigned") == tree


def test_elements_are_bound_to_the_attribute_before_the_bracket() -> None:
    attribute = resolved("emails").attribute
    assert bind_elements(parse_filter('TYPE eq "Work"'), attribute) == compare("emails.type", "work")
    with pytest.raises(InvalidFilter, match="emails has no attribute"):
        bind_elements(parse_filter("userName pr"), attribute)


def test_a_handmade_tree_with_brackets_inside_brackets_is_refused() -> None:
    emails = AttrPath(None, "emails")
    inner = ValuePath(emails, Present(AttrPath(None, "type")))
    with pytest.raises(InvalidFilter, match="brackets do not nest"):
        bind(ValuePath(emails, And((inner, inner))), USER)
    with pytest.raises(InvalidFilter, match="no bracket can follow"):
        bind(ValuePath(AttrPath(None, "emails", "type"), Present(AttrPath(None, "value"))), USER)


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("https://h/scim/v2/Users/5", "5"),
        ("/Users/5", "5"),
        ("Users/5", "5"),
        ("../Users/a-b", "a-b"),
        ("https://h/users/5", None),
        ("https://h/Groups/5", None),
        ("https://h/XUsers/5", None),
        ("https://h/Users/5/", None),
        ("https://h/Users/5?x=1", None),
        ("5", None),
        ("", None),
    ],
)
def test_a_reference_ends_in_the_id_of_a_resource(uri: str, found: str | None) -> None:
    assert identifier(uri, ("User",)) == found
