"""Media types, their negotiation, and the bytes of a body (RFC 7644 sections 3.8 and 8.1, RFC 7159, RFC 7231)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from conformance.client import Answer
from conformance.judging import budget, clause, holds, not_applicable
from conformance.population import Document, Users
from conformance.suites.resources import count_named, object_of

SCIM = "application/scim+json"
JSON = "application/json"
BOM = b"\xef\xbb\xbf"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
LETTERS = "Zo\u00eb \u042f\u03a9 \u6f22 \U0001f600"


def media_type(answer: Answer) -> str:
    """The media type of an answer, without parameters, in lower case."""
    return answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def charset(answer: Answer) -> str:
    """The charset that the label of an answer names, in lower case; utf-8 where it names none."""
    parameters = answer.headers.get("Content-Type", "").lower().partition(";")[2].split(";")
    named = (each.partition("=")[2].strip(' "') for each in parameters if each.strip().startswith("charset"))
    return next(named, "utf-8")


def strict(body: bytes) -> Any:
    """What a parser that bends no rule of RFC 7159 reads; raises ValueError."""

    def refuse(text: str) -> NoReturn:
        raise ValueError(f"{text} is no number of JSON")

    return json.loads(body.decode(), parse_constant=refuse)


def is_object(answer: Answer) -> bool:
    """Whether the body is one JSON object, by the letter of the grammar."""
    try:
        return isinstance(strict(answer.body), dict)
    except (ValueError, RecursionError):
        return False


def is_utf_8(answer: Answer) -> bool:
    """Whether the bytes are UTF-8 and the label says nothing else."""
    try:
        answer.body.decode()
    except UnicodeDecodeError:
        return False
    return charset(answer) in {"utf-8", "utf8"}


def every_kind(users: Users) -> list[Answer]:
    """The answers with a body to each kind of request: to writes, reads, lists, discovery, and three errors."""
    scim, body = users.client, users.body(displayName=LETTERS)
    made = users.post(body)
    path = users.path(str(object_of(made).get("id")))
    answers = [
        made,
        scim.get(path),
        scim.put(path, body),
        scim.patch(path, [{"op": "replace", "path": "title", "value": LETTERS}]),
        scim.query(users.endpoint, f'userName eq "{body["userName"]}"'),
        scim.post(f"{users.endpoint}/.search", {"schemas": [SEARCH], "count": 0}),
        *(scim.get(each) for each in ("/ServiceProviderConfig", "/Schemas", "/ResourceTypes")),
        scim.get(users.path(str(uuid.uuid4()))),
        scim.request("POST", users.endpoint, body=b"{"),
        scim.query(users.endpoint, f"{LETTERS} eq 1"),
    ]
    return [each for each in answers if each.body]


def all_are(
    clause_id: str, answers: Iterable[Answer], sound: Callable[[Answer], bool], expected: str, *, harm: bool = False
) -> None:
    """Judge that every answer is sound; the first that is not becomes the evidence."""
    odd = next((each for each in answers if not sound(each)), None)
    observed = f"{odd}: {odd.headers.get('Content-Type')}, {odd.body[:80]!r}" if odd else "all"
    holds(clause_id, odd is None, expected=expected, observed=observed, answer=odd, harm=harm)


@clause("7644-8.1-02", "7644-3.8-11", "7159-8.1-01", "7159-2-01")
@budget(13)
def test_every_body_is_labelled_json_in_utf_8(users: Users) -> None:
    """Every body is a JSON object in UTF-8, without a byte order mark, labelled application/scim+json."""
    answers = every_kind(users)
    all_are("7644-8.1-02", answers, lambda each: media_type(each) == SCIM, SCIM)
    all_are("7644-3.8-11", answers, is_utf_8, "UTF-8")
    all_are("7159-8.1-01", answers, lambda each: not each.body.startswith((BOM, b"\xff\xfe", b"\xfe\xff")), "no BOM")
    all_are("7159-2-01", answers, is_object, "a JSON object")
    made = object_of(answers[0])
    if answers[0].ok and made.get("id"):
        shown = users.read(made)
        told = (shown.get("displayName"), shown.get("title"))
        holds("7644-3.8-11", told == (LETTERS, LETTERS), expected=LETTERS, observed=told)


@clause("7644-3.8-06", "7644-3.8-07")
@budget(7)
def test_both_media_types_are_served(users: Users, reader: Document) -> None:
    """Accept: application/scim+json and application/json both get the resource, labelled as asked."""
    for clause_id, wanted, fitting in (("7644-3.8-06", SCIM, {SCIM}), ("7644-3.8-07", JSON, {SCIM, JSON})):
        for path in (users.path(reader), f"{users.endpoint}?count=1", "/ServiceProviderConfig"):
            answer = users.client.get(path, headers={"Accept": wanted})
            right = answer.status == 200 and media_type(answer) in fitting and is_object(answer)
            told = f"{path}: {answer.status} {media_type(answer)}"
            holds(clause_id, right, expected=f"200 {' or '.join(sorted(fitting))}", observed=told, answer=answer)


@clause("7644-3.8-08")
@budget(4)
def test_the_media_type_of_scim_is_the_default(users: Users, reader: Document) -> None:
    """Without Accept, or with one that takes anything, the answer is application/scim+json."""
    for accept in (None, "*/*", "text/html;q=0.9, */*;q=0.1"):
        answer = users.client.get(users.path(reader), headers={"Accept": accept})
        told = f"Accept {accept}: {answer.status} {media_type(answer)}"
        right = answer.status == 200 and media_type(answer) == SCIM
        holds("7644-3.8-08", right, expected=f"200 {SCIM}", observed=told, answer=answer)


def labelled(users: Users, content_type: str | None) -> tuple[Answer, Document]:
    """The answer to a create whose body has that label, and the user as it is read afterwards, {} where it is not."""
    body = users.body(displayName=LETTERS)
    content = json.dumps(body, ensure_ascii=False).encode()
    answer = users.client.request("POST", users.endpoint, body=content, content_type=content_type)
    identifier = object_of(answer).get("id") if answer.ok else None
    if not isinstance(identifier, str):
        return answer, {}
    users.made.append(identifier)
    return answer, users.read(identifier)


@clause("7644-3.8-09", "7644-8.1-01")
@budget(6)
def test_bodies_in_json_are_accepted(users: Users) -> None:
    """A create is accepted as application/scim+json, with a charset of UTF-8, and as application/json."""
    for clause_id, content_type in (
        ("7644-3.8-09", SCIM),
        ("7644-3.8-09", f"{SCIM}; charset=utf-8"),
        ("7644-8.1-01", JSON),
    ):
        answer, shown = labelled(users, content_type)
        right = answer.ok and shown.get("displayName") == LETTERS
        told = f"{content_type}: {answer.status}, then {shown.get('displayName')!r}"
        mild = content_type != SCIM and answer.status == 415
        holds(clause_id, right, expected=f"201, {LETTERS}", observed=told, answer=answer, tolerated=mild)


@clause("7644-3.8-10")
def test_a_body_without_a_label_is_json_or_refused(users: Users) -> None:
    """A create without Content-Type is taken as JSON, or refused with 415 or 400."""
    answer, shown = labelled(users, None)
    right = shown.get("displayName") == LETTERS if answer.ok else answer.status in (400, 415)
    told = (answer.status, shown.get("displayName"))
    holds("7644-3.8-10", right, expected="a user, 415 or 400", observed=told, answer=answer)


@clause("7231-6.5.13-01")
@budget(4)
def test_a_body_of_another_type_is_refused(users: Users) -> None:
    """A body labelled text/xml gives 415, whatever it holds, and creates nothing."""
    body = users.body()
    for content in (b"<user/>", json.dumps(body).encode()):
        answer = users.client.request("POST", users.endpoint, body=content, content_type="text/xml")
        if answer.ok:
            users.made.append(str(object_of(answer).get("id")))
        told = f"{content[:12]!r}: {answer.status}"
        mild = answer.status == 400
        holds("7231-6.5.13-01", answer.status == 415, expected="415", observed=told, answer=answer, tolerated=mild)
    left = count_named(users, body["userName"])
    holds("7231-6.5.13-01", left == 0, expected="nothing created", observed=f"{left} created")


@clause("7231-6.5.6-01")
@budget(3)
def test_an_unacceptable_type_is_refused_or_ignored(users: Users, reader: Document) -> None:
    """Accept: image/png gives 406, or the resource as application/scim+json."""
    for accept in ("image/png", f"{SCIM};q=0, {JSON};q=0"):
        answer = users.client.get(users.path(reader), headers={"Accept": accept})
        served = answer.status == 200 and media_type(answer) in {SCIM, JSON} and object_of(answer)["id"] == reader["id"]
        told = f"{accept}: {answer.status} {media_type(answer)}"
        holds("7231-6.5.6-01", answer.status == 406 or served, expected="406, or 200", observed=told, answer=answer)


@clause("7231-6.3.5-01")
@budget(4)
def test_an_answer_204_has_no_body(users: Users) -> None:
    """A 204 announces no body and has none."""
    made = users.create()
    path = users.path(made)
    changed = users.client.patch(path, [{"op": "replace", "path": "title", "value": "Planner"}])
    seen = [each for each in (changed, users.client.delete(path)) if each.status == 204]
    if not seen:
        not_applicable("7231-6.3.5-01", "no 204 was seen")
        return
    for each in seen:
        told = {name: each.headers[name] for name in ("Content-Length", "Transfer-Encoding") if name in each.headers}
        bare = not each.body and told in ({}, {"Content-Length": "0"})
        holds("7231-6.3.5-01", bare, expected="no body", observed=told or each.body[:80], answer=each)


@clause("7231-5.3.4-01")
@budget(4)
def test_content_is_coded_only_as_offered(users: Users, reader: Document) -> None:
    """The answer has a content coding only where Accept-Encoding offers it."""
    for path, offered, fitting in (
        (users.path(reader), "identity", {""}),
        ("/Schemas", "gzip;q=0, identity", {""}),
        (users.path(reader), "gzip", {"", "gzip"}),
    ):
        answer = users.client.get(path, headers={"Accept-Encoding": offered})
        coding = answer.headers.get("Content-Encoding", "").lower().replace("identity", "")
        shown = object_of(answer)
        right = coding in fitting and (shown.get("id") == reader["id"] or isinstance(shown.get("Resources"), list))
        told = f"{offered}: {coding or 'uncoded'}"
        holds("7231-5.3.4-01", right, expected=" or ".join(sorted(fitting)) or "uncoded", observed=told, answer=answer)
