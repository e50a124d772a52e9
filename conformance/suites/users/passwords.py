"""The password of a user: set, and never seen again (RFC 7643 sections 4.1.1, 5 and 7)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, holds
from conformance.population import Document, Users
from conformance.suites.filtering.asking import shown
from conformance.target import Target

SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
CLOSED = (400, 403, 501)


def secret(users: Users, hint: str) -> str:
    """A password that nobody else has, with letters in both cases, digits and signs."""
    return f"Zq!7-{users.run.name(hint)}-Xk?9"


def answers_about(users: Users, target: Target, words: list[str]) -> Iterator[Answer]:
    """The answers to every way of writing a password and of reading a user."""
    first = users.post(users.body(password=words[0]))
    yield first
    yield users.post(users.body(password=words[0], emails="none", name=7))
    if not first.ok:
        return
    path = users.path(first.resource)
    yield users.client.get(path)
    yield users.client.get(path, params={"attributes": "password,userName"})
    yield users.client.query(users.endpoint, f'userName eq "{first.resource.get("userName")}"', attributes="password")
    yield users.client.put(path, users.body(userName=first.resource.get("userName"), password=words[1]))
    if target.has("patch"):
        yield users.client.patch(path, [{"op": "replace", "path": "password", "value": words[2]}])
        yield users.client.patch(path, [{"op": "add", "value": {"password": words[2], "active": "maybe"}}])
    yield users.client.get(path)


def searched(users: Users, target: Target, text: str) -> Answer:
    """The answer to a filter about a password, in a body where the target searches that way."""
    if target.has("search"):
        return users.client.post(f"{users.endpoint}/.search", {"schemas": [SEARCH], "filter": text})
    return users.client.query(users.endpoint, text)


def found(answer: Answer, user: Document) -> bool | None:
    """Whether an answer holds the user, None where the question is refused."""
    if answer.status in CLOSED:
        return None
    return any(entry.get("id") == user["id"] for entry in answer.resources) or answer.total > 0


@clause("7643-4.1.1-20")
@budget(10)
def test_a_password_is_never_shown(users: Users, target: Target) -> None:
    """No answer shows a password, whichever way it was set."""
    words = [secret(users, hint) for hint in ("post", "put", "patch")]
    for answer in answers_about(users, target, words):
        text = answer.body.decode("utf-8", "replace")
        leaks = any(word in text for word in words) or (answer.ok and '"password"' in text.lower())
        expected = "no password, and no attribute of that name"
        holds("7643-4.1.1-20", not leaks, expected=expected, observed=text[:200], answer=answer, harm=leaks)


@pytest.fixture(scope="module")
def asked(suite_users: Users) -> tuple[Document, str, str]:
    """A user with a password, the password, and a condition that holds for this user only."""
    word = secret(suite_users, "asked")
    made = suite_users.create(password=word)
    return made, word, f'userName eq "{made["userName"]}"'


@clause("7643-4.1.1-21")
def test_a_password_may_be_tested_for_equality(users: Users, target: Target, asked: tuple[Document, str, str]) -> None:
    """`password eq` finds the user who has it, or nobody, or is refused."""
    made, word, own = asked
    right = searched(users, target, f'{own} and password eq "{word}"')
    wrong = searched(users, target, f'{own} and password eq "{word}x"')
    seen = (found(right, made), found(wrong, made))
    expected = "nobody for another password, or 400"
    holds("7643-4.1.1-21", not seen[1], expected=expected, observed=seen, answer=wrong, harm=True)


@clause("7643-4.1.1-22")
@budget(6)
def test_a_password_cannot_be_guessed_bit_by_bit(
    users: Users, target: Target, asked: tuple[Document, str, str]
) -> None:
    """`sw`, `co`, `gt` and `pr` on a password find nobody or are refused."""
    made, word, own = asked
    texts = (f'password sw "{word[:6]}"', f'password co "{word[4:12]}"', 'password gt "A"', "password pr")
    answers = {text: searched(users, target, f"{own} and {text}") for text in texts}
    blind = found(searched(users, target, f'{own} and password sw "no{word}"'), made)
    for text, answer in answers.items():
        seen = found(answer, made)
        probes = bool(seen) and " sw " in text and not blind
        expected = f"{text[:12]}…: nobody, or 400 invalidFilter"
        holds("7643-4.1.1-22", not seen, expected=expected, observed=shown(answer), answer=answer, harm=probes)


@clause("7643-5-13")
def test_changing_a_password_is_supported_as_told(users: Users, target: Target) -> None:
    """A password is changed where changePassword says so, and refused or ignored elsewhere."""
    made = users.create(password=secret(users, "old"))
    word = secret(users, "new")
    if target.has("patch"):
        answer = users.client.patch(users.path(made), [{"op": "replace", "path": "password", "value": word}])
    else:
        answer = users.client.put(users.path(made), users.body(userName=made["userName"], password=word))
    refusing = 400 <= answer.status < 500 or answer.status == 501
    right = answer.ok or (refusing and not target.has("changePassword"))
    expected = "2xx" if target.has("changePassword") else "2xx, 4xx or 501"
    holds("7643-5-13", right, expected=expected, observed=shown(answer), answer=answer)
    shows = users.read(made).get("userName") == made["userName"]
    holds("7643-5-13", shows, expected="the same user", observed=shows, answer=answer)


@clause("7643-4.1.1-23")
def test_a_weak_password_is_accepted_or_refused(users: Users) -> None:
    """A password of one letter is refused by a policy, or accepted without one."""
    answer = users.post(users.body(password=users.run.name()[0]))
    fine = answer.ok or answer.status == 400
    holds("7643-4.1.1-23", fine, expected="2xx, or 400 invalidValue", observed=shown(answer), answer=answer)
