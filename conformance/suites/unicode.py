"""Text beyond ASCII: preparation, case, normal forms, and what is no text (RFC 7644 sections 5 and 7.8, RFC 7613)."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

import pytest

from conformance.accounts import Accounts
from conformance.client import Answer
from conformance.errors import HookRefused
from conformance.judging import budget, clause, either, holds, not_applicable, observe, refused
from conformance.population import Document, Users
from conformance.suites.resources import count_named, object_of
from conformance.target import Target

WIDE = {code: code + 0xFEE0 for code in range(ord("A"), ord("Z") + 1)}
"""From an ASCII capital to its full-width form."""
SCRIPTS = (
    "e\u0301 \u00e9",  # combining and composed
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u200f.",  # right to left, with a mark
    "\U0001f469\u200d\U0001f680 \U00020bb7",  # joined emoji, and a letter outside the basic plane
    "\ufffd \ue000 \u2028 \u00a0.",  # replacement, private use, line separator, hard space
)
BROKEN: Mapping[str, bytes] = {
    "a lone surrogate": b'"\\ud800"',
    "the byte FF": b'"\xff"',
    "a surrogate in UTF-8": b'"\xed\xa0\x80"',
    "an overlong form": b'"\xc0\xaf"',
}
FOLDED = (
    ("displayName", "eq", "\u00e4\u00f6 \u00e9t\u00e9"),
    ("displayName", "co", "\u00f6 \u00e9T"),
    ("name.familyName", "sw", "\u0436\u0423\u041a \u03c3\u038a\u03c3"),
    ("name.givenName", "eq", "title i"),
)
"""Conditions that find the user of `lettered` where case is ignored: Latin, Cyrillic and Greek."""
DOTLESS = (("name.givenName", "eq", "t\u0131tle \u0131"),)  # the dotless i of Turkish is a letter of its own
LONG = 10_000


def quoted(text: str) -> str:
    """A text as a literal of a filter."""
    return json.dumps(text, ensure_ascii=False)


def hits(users: Users, filter_text: str) -> int | str:
    """How many users a filter finds, or the status where it is refused."""
    answer = users.client.query(users.endpoint, filter_text)
    return answer.total if answer.ok else f"{answer.status} {answer.scim_type}"


@clause("7644-5-01")
@budget(7)
def test_a_user_name_is_prepared_before_it_is_compared(users: Users, target: Target) -> None:
    """A userName in another width, normal form or case is the same userName, in creates and in filters."""
    name = f"{users.run.name('jos')}\u00e9@{users.run.domain}"
    made = users.post(users.body(userName=name))
    if not made.ok:
        not_applicable("7644-5-01", f"letters beyond ASCII are refused in userName: {made.status}")
        return
    forms = {
        "full width": name.upper().translate(WIDE),
        "decomposed": unicodedata.normalize("NFD", name),
    }
    for form, variant in forms.items():
        answer = users.post(users.body(userName=variant))
        if answer.status == 400:
            observe("7644-5-01", f"{form}: refused by a rule for characters")
        else:
            holds("7644-5-01", answer.status == 409, expected="409", observed=f"{form}: {answer.status}", answer=answer)
        found = hits(users, f"userName eq {quoted(variant)}") if target.has("filter") else 1
        holds("7644-5-01", found == 1, expected="one user", observed=f"{form}: {found} found")
    other = users.create()
    answer = users.client.put(users.path(other), users.body(userName=forms["full width"]))
    holds("7644-5-01", answer.status in (400, 409), expected="409 on PUT", observed=answer.status, answer=answer)


@clause("7613-3-01")
@budget(6)
def test_characters_that_names_lack_are_refused_or_kept(users: Users) -> None:
    """A userName with a control, a space or what is invisible is refused with 400, or kept as it is."""
    for what, mark in (("U+0000", "\0"), ("U+200B", "\u200b"), ("a space", " ")):
        name = f"{users.run.name('ab')}{mark}c@{users.run.domain}"
        answer = users.post(users.body(userName=name))
        kept = users.read(object_of(answer)["id"]).get("userName") if answer.ok else None
        right = kept == name if answer.ok else answer.status == 400
        told = f"{what}: {answer.status}, {kept!r}"
        holds("7613-3-01", right, expected="400, or the name as sent", observed=told, answer=answer)


@clause("7613-3-02")
@budget(2)
def test_a_name_of_invisible_characters_is_refused(users: Users) -> None:
    """A userName that has nothing visible gives 400."""
    for name in ("\u200b\u2060\u00ad", "\u3000 "):
        answer = users.post(users.body(userName=name))
        refused("7613-3-02", answer, status=400, scim_type=("invalidValue", "invalidSyntax"))


@clause("7613-4-01")
@budget(7)
def test_spaces_in_a_password_are_one_kind(users: Users, accounts: Accounts) -> None:
    """Where a filter or a login shows it, spaces of any kind in a password are equal, and its case counts."""
    secret = users.run.name("Pa\u3000ss\u00e9")
    plain = unicodedata.normalize("NFD", secret.replace("\u3000", " "))
    made = users.create(password=secret)
    fence = f"userName eq {quoted(made['userName'])} and password eq "
    if hits(users, fence + quoted(secret)) == 1:
        told = (hits(users, fence + quoted(plain)), hits(users, fence + quoted(secret.swapcase())))
        holds("7613-4-01", told == (1, 0), expected="found with a plain space, not in other case", observed=told)
        return
    usual, wide = unicodedata.normalize("NFC", plain), unicodedata.normalize("NFD", secret)
    opened = logins(accounts, usual, wide, usual.swapcase())
    if not opened[0]:
        not_applicable("7613-4-01", "no filter finds a user by the password, and no login with one can be tried")
        return
    holds(
        "7613-4-01",
        opened == [True, True, False],
        expected="opens with a wide space, not in other case",
        observed=opened,
    )


def logins(accounts: Accounts, secret: str, *others: str) -> list[bool]:
    """Whether a new account with this password opens to it and to each of the others; [False] where it is not made."""
    if accounts.hooks is None:
        return [False]
    try:
        account = accounts.create(password=secret)
    except HookRefused:
        return [False]
    return [account.basic(password=each).query("/Users", count=1).ok for each in (secret, *others)]


@clause("7643-2.3.1-03")
@budget(5)
def test_all_of_unicode_survives(users: Users) -> None:
    """Text of any script comes back as it was sent by POST, PUT and PATCH."""
    text, other = " ".join(SCRIPTS), " ".join(reversed(SCRIPTS))
    made = users.create(displayName=text, title=other)
    users.client.patch(users.path(made), [{"op": "replace", "path": "title", "value": text}])
    survives(users, made, displayName=text, title=text)
    users.client.put(users.path(made), users.body(userName=made["userName"], displayName=other, title=other))
    survives(users, made, displayName=other, title=other)


def survives(users: Users, made: Document, **wanted: str) -> None:
    """Judge that the user has these texts; another normal form of them is tolerated."""
    answer = users.client.get(users.path(made))
    told = {name: answer.resource.get(name) for name in wanted}
    alike = {name: unicodedata.normalize("NFC", str(text)) for name, text in told.items()}
    mild = alike == {name: unicodedata.normalize("NFC", text) for name, text in wanted.items()}
    holds("7643-2.3.1-03", told == wanted, expected=repr(wanted), observed=told, answer=answer, tolerated=mild)


@clause("7159-8.2-01")
@budget(8)
def test_what_is_no_unicode_is_refused(users: Users) -> None:
    """A body with lone surrogates or bytes that are no UTF-8 gives 400, and changes nothing."""
    made, name = users.create(title="Planner"), users.run.email("broken")
    for what, value in BROKEN.items():
        content = json.dumps(users.body(userName=name, displayName="@")).encode().replace(b'"@"', value)
        answer = users.client.request("POST", users.endpoint, body=content)
        users.made += [str(object_of(answer).get("id"))] if answer.ok else []
        judge_broken(what, answer)
    left = count_named(users, name)
    holds("7159-8.2-01", left == 0, expected="nothing created", observed=f"{left} created")
    operations: Any = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "title", "value": "@"}],
    }
    content = json.dumps(operations).encode().replace(b'"@"', BROKEN["the byte FF"])
    answer = users.client.request("PATCH", users.path(made), body=content)
    judge_broken("the byte FF", answer)
    kept = users.read(made).get("title")
    holds("7159-8.2-01", kept == "Planner", expected="Planner", observed=kept)


def judge_broken(what: str, answer: Answer) -> None:
    """Judge one refusal of what is no text."""
    right, told = answer.status == 400, f"{what}: {answer.status}"
    holds("7159-8.2-01", right, expected="400", observed=told, answer=answer)
    refused("7159-8.2-01", answer, status=400, scim_type=("invalidSyntax", "invalidValue"))


@pytest.fixture(scope="module")
def lettered(suite_users: Users) -> Document:
    """A user whose texts have letters of several scripts."""
    name = {"givenName": "TITLE I", "familyName": "\u0416\u0443\u043a \u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2"}
    return suite_users.create(displayName="\u00c4\u00d6 \u00c9t\u00c9", title="Gro\u00dfe Stra\u00dfe", name=name)


@clause("7644-3.4.2.3-15")
@budget(4)
def test_letters_of_any_script_have_no_case(users: Users, lettered: Document, target: Target) -> None:
    """Filters on text that is not case-exact ignore the case of Latin, Greek and Cyrillic letters."""
    fence = f"userName eq {quoted(lettered['userName'])} and "
    if text_case(target, "displayName"):
        not_applicable("7644-3.4.2.3-15", "the schema says that displayName is case-exact")
        return
    for conditions, wanted in ((FOLDED, 1), (DOTLESS, 0)):
        condition = " and ".join(f"{path} {operator} {quoted(text)}" for path, operator, text in conditions)
        found = hits(users, fence + condition)
        holds("7644-3.4.2.3-15", found == wanted, expected=f"{wanted} found", observed=f"{condition}: {found}")
    found = hits(users, f'{fence}title eq "GROSSE STRASSE"')
    either("7644-3.4.2.3-15", "AMB-58", {"full": found == 1, "simple": found == 0}, observed=f"{found} found")


def text_case(target: Target, path: str) -> bool:
    """Whether the schema says that an attribute of users is case-exact."""
    return (target.capabilities.attribute("User", path) or {}).get("caseExact") is True


@clause("7644-3.4.2.3-15")
@budget(4)
def test_sorting_ignores_the_case_of_any_letter(users: Users, target: Target) -> None:
    """Sorting by text that is not case-exact ignores the case of letters beyond ASCII."""
    if not target.has("sort") or text_case(target, "displayName"):
        not_applicable("7644-3.4.2.3-15", "sorting is not offered, or the schema says that displayName is case-exact")
        return
    mark = users.run.name("sort")
    names = ["\u044f\u0430", "\u042f\u0411", "\u044f\u0432"]
    for name in reversed(names):
        users.create(displayName=name, title=mark)
    answer = users.client.query(users.endpoint, f'title eq "{mark}"', sortBy="displayName")
    told = [each.get("displayName") for each in answer.resources]
    holds("7644-3.4.2.3-15", told == names, expected=repr(names), observed=told, answer=answer)


@clause("7644-1.2-02")
@budget(3)
def test_percent_encoded_text_is_the_text(users: Users, lettered: Document) -> None:
    """Percent-encoded UTF-8 in a filter is the text it stands for."""
    name = str(lettered["userName"])
    for text, wanted in (("%C3%84%C3%96%20%C3%89t%C3%89", 1), ("%C3%84", 0)):
        condition = f"userName%20eq%20%22{name}%22%20and%20displayName%20eq%20%22{text}%22"
        answer = users.client.get(f"{users.endpoint}?filter={condition}")
        found = answer.total if answer.ok else answer.status
        told = f"{text}: {found}"
        holds("7644-1.2-02", found == wanted, expected=f"{wanted} found", observed=told, answer=answer)


@clause("7643-2.3.1-04")
@budget(2)
def test_a_long_text_is_kept_or_refused(users: Users) -> None:
    """A text of 10,000 characters is kept whole or refused with 400, never cut."""
    text = ("\u00e9" * 9 + "z") * (LONG // 10)
    answer = users.post(users.body(displayName=text))
    kept = str(users.read(object_of(answer)["id"]).get("displayName")) if answer.ok else ""
    right = kept == text if answer.ok else answer.status in (400, 413)
    told = f"{answer.status}, {len(kept)} characters kept"
    holds("7643-2.3.1-04", right, expected="201 and all of it, or 400", observed=told, answer=answer)
