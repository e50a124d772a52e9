"""Filters of the grammar, one fact each: what is well-formed, with its reading, and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from conformance.strategies.trees import CORE, ENTERPRISE, And, Compare, Element, Not, Or, Present, Tree

TITLE, ACTIVE = Present("title"), Compare("active", "eq", True)
WORK = Compare("type", "eq", "work")

READ: Final[Mapping[str, tuple[str, Tree]]] = {
    "V01": ('userName eq "a"', Compare("userName", "eq", "a")),
    "V02": ('USERNAME EQ "a"', Compare("userName", "eq", "a")),
    "V03": ("title pr", TITLE),
    "V04": ('name.familyName co "O\'Malley"', Compare("name.familyName", "co", "O'Malley")),
    "V05": ('userName eq "a\\"b"', Compare("userName", "eq", 'a"b')),
    "V06": ('name.familyName eq "\\u0043ole"', Compare("name.familyName", "eq", "Cole")),
    "V07": ('userName eq "a b c"', Compare("userName", "eq", "a b c")),
    "V08": ('userName eq "x) or (userName pr"', Compare("userName", "eq", "x) or (userName pr")),
    "V09": ("active eq true", ACTIVE),
    "V10": ("active eq false and title pr", And((Compare("active", "eq", False), TITLE))),
    "V11": ("title pr or title pr and active eq true", Or((TITLE, And((TITLE, ACTIVE))))),
    "V12": ("(title pr or userType pr) and active eq true", And((Or((TITLE, Present("userType"))), ACTIVE))),
    "V15": ("not (title pr) and active eq true", And((Not(TITLE), ACTIVE))),
    "V16": ("not (not (title pr))", TITLE),
    "V17": ("title pr and userType pr and active eq true", And((TITLE, Present("userType"), ACTIVE))),
    "V18": ("((title pr))", TITLE),
    "V19": ('emails[type eq "work"]', Element("emails", WORK)),
    "V20": (
        'emails[type eq "work" and value co "@x"] or ims[type eq "xmpp"]',
        Or(
            (
                Element("emails", And((WORK, Compare("value", "co", "@x")))),
                Element("ims", Compare("type", "eq", "xmpp")),
            )
        ),
    ),
    "V21": (
        'emails[type eq "work" or (type eq "home" and value ew "m")]',
        Element("emails", Or((WORK, And((Compare("type", "eq", "home"), Compare("value", "ew", "m")))))),
    ),
    "V22": ('emails[not (type eq "work")]', Element("emails", Not(WORK))),
    "V23": ("emails[primary eq true]", Element("emails", Compare("primary", "eq", True))),
    "V25": ('emails.value co "example.com"', Compare("emails.value", "co", "example.com")),
    "V26": (f'{CORE}:userName sw "cf"', Compare("userName", "sw", "cf")),
    "V27": (f"{CORE}:name.givenName pr", Present("name.givenName")),
    "V28": (f'{ENTERPRISE}:department eq "Sales"', Compare(f"{ENTERPRISE}:department", "eq", "Sales")),
    "V29": (f'{CORE.upper()}:USERNAME sw "cf"', Compare("userName", "sw", "cf")),
    "V30": (f'schemas eq "{CORE}"', Compare("schemas", "eq", CORE)),
    "V31": ('meta.lastModified gt "2011-05-13T04:42:34Z"', Compare("meta.lastModified", "gt", "2011-05-13T04:42:34Z")),
    "V32": ('meta.resourceType eq "User"', Compare("meta.resourceType", "eq", "User")),
    "V33": ('id eq "x"', Compare("id", "eq", "x")),
}
"""Vector -> a well-formed filter and how it reads."""

OPEN: Final[Mapping[str, tuple[str, ...]]] = {
    "V36": ("emails.$ref pr", "groups.$ref pr"),
    "V56": ('emails[type eq "work" and emails[value pr]]',),
    "V57": ('emails.type[value eq "x"]',),
    "V58": (f'emails[{CORE}:type eq "work"]',),
}
"""Vector -> filters that may be understood or refused."""

BAD: Final[Mapping[str, tuple[str, ...]]] = {
    "V38": ("userName",),
    "V39": ("userName eq",),
    "V40": ('eq "a"',),
    "V41": ('userName "a"',),
    "V42": ('userName eq "a',),
    "V45": ('userName regex "a"',),
    "V46": ('userName = "a"', 'userName == "a"'),
    "V47": ('userName pr "a"',),
    "V48": ('userName eq "a" and',),
    "V49": ("and userName pr",),
    "V50": ("userName pr userName pr",),
    "V51": ("(userName pr", "userName pr)"),
    "V52": ("()",),
    "V53": ("not userName pr",),
    "V54": ("emails[", "emails[]", "emails]"),
    "V55": ('emails[type eq "work"',),
    "V60": ("name.givenName.x pr",),
    "V61": ("9name pr", "-a pr", "a b pr"),
    "V62": ("userName EQ TRUE",),
    "V66": ('userName eq "a" xor title pr',),
    "V69": ('userName eq "a"; drop',),
}
"""Vector -> filters that are refused."""

UNQUOTED: Final[Mapping[str, tuple[str, ...]]] = {"V43": ("userName eq a",), "V44": ("userName eq 'a'",)}
"""Vector -> filters whose text operands are no JSON strings."""

WIDE: Final[Mapping[str, tuple[str, str]]] = {
    "V67": ('title eq"Analyst"', "no space before the operand"),
    "V68": ('title  eq  "Analyst"', "two spaces"),
    "tab": ('title\teq\t"Analyst"', "a tab"),
    "inside": ('( title eq "Analyst" )', "spaces inside parentheses"),
}
"""Vector -> a filter with other white space than the grammar's, and what is odd about it."""

ELSEWHERE: Final[Mapping[str, str]] = {
    "V13": "not_with_and_without_a_space",
    "V14": "not_with_and_without_a_space",
    "V24": "a_bare_list_means_its_value",
    "V34": "null_is_a_literal",
    "V35": "the_empty_text_is_a_literal",
    "V37": "an_empty_filter_is_refused",
    "V59": "a_sub_attribute_behind_brackets",
    "V63": "booleans_have_no_order",
    "V64": "certificates_have_no_order",
    "V65": "complex_attributes_are_not_compared",
    "V70": "unknown_attributes_have_no_value",
}
"""Vector -> the check that asks it."""


def wellformed(first: str, last: str) -> dict[str, tuple[str, Tree]]:
    """The well-formed vectors from one number to another."""
    return {name: vector for name, vector in READ.items() if first <= name <= last}


def malformed(first: str, last: str) -> list[str]:
    """The texts of the malformed vectors from one number to another."""
    return [text for name, texts in BAD.items() if first <= name <= last for text in texts]
