"""When attributes are returned (RFC 7643 section 7, `returned` and `mutability: writeOnly`)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from conformance.client import Answer
from conformance.described import Described, every, with_value
from conformance.errors import Unusable
from conformance.judging import budget, clause, holds, not_applicable
from conformance.population import Document
from conformance.specimens import Specimen, Workshop
from conformance.suites.schemas.comparing import Workshops, body_of, none_found, nothing

QUOTES = frozenset("\"'`\u201c\u201d\u2018\u2019")


def named(specimen: Specimen) -> Described:
    """An attribute to ask for when others are not wanted: the first required one that is shown by default."""
    shown = [each for each in specimen.attributes if each.says("returned") == "default" and each.held(specimen.shown)]
    return min(shown, key=lambda each: each.says("required") is not True)


def parts(specimen: Specimen, returned: str) -> list[Described]:
    """The attributes and parts that were sent and are returned in that way."""
    return list(specimen.every(returned=returned))


def entries(specimen: Specimen) -> list[Document]:
    """The specimen as lists show it: the one entry of a list that a filter finds, nothing where no filter works."""
    answer = specimen.resources.client.query(specimen.resources.endpoint, f"id eq {json.dumps(specimen.shown['id'])}")
    return [entry for entry in answer.resources if entry.get("id") == specimen.shown["id"]] if answer.ok else []


@clause("7643-7-21")
@budget(9)
def test_default_attributes_are_shown_unless_others_are_named(specimens: Sequence[Specimen]) -> None:
    """Attributes returned by default are in a plain answer and in a list, and go when others are named."""
    for specimen in specimens:
        found = parts(specimen, "default")
        whole = [each for each in found if each.top.says("returned") == "default" and each.name != "$ref"]
        bodies = [specimen.shown, *entries(specimen)]
        lost = [each for each in whole if not all(each.values(body) for body in bodies)]
        nothing("7643-7-21", lost, expected="each assigned attribute in a plain GET and in a list")
        kept = named(specimen)
        lean = specimen.resources.client.get(specimen.path, params={"attributes": kept.path})
        extra = [each for each in found if each.top.path != kept.path and each.values(body_of(lean))]
        nothing("7643-7-21", extra, expected=f"{kept.path} and what is always returned", answer=lean)


@clause("7643-7-18")
@budget(8)
def test_attributes_that_are_always_returned_are_in_each_answer(specimens: Sequence[Specimen]) -> None:
    """Attributes returned always are in each answer, also when others are named or they are excluded."""
    found = [(specimen, each) for specimen in specimens for each in parts(specimen, "always")]
    if none_found("7643-7-18", found, "attribute that is always returned"):
        return
    for specimen in {id(specimen): specimen for specimen, _ in found}.values():
        wanted = [each for owner, each in found if owner is specimen]
        get, path = specimen.resources.client.get, specimen.path
        lean = get(path, params={"attributes": named(specimen).path})
        less = get(path, params={"excludedAttributes": ",".join(each.path for each in wanted)})
        bodies = [
            specimen.shown,
            specimen.asked,
            body_of(lean),
            body_of(less),
            body_of(specimen.made) or specimen.shown,
        ]
        lost = [each for each in wanted if not all(each.values(body) for body in bodies)]
        nothing("7643-7-18", lost, expected="in a plain, a lean, an excluding and a create answer", answer=less)


@clause("7643-7-22")
def test_attributes_returned_on_request_come_when_named_or_written(specimens: Sequence[Specimen]) -> None:
    """Attributes returned on request come in the answer to their write and where they are named."""
    found = [(specimen, each) for specimen in specimens for each in parts(specimen, "request")]
    if none_found("7643-7-22", found, "attribute that is returned on request"):
        return
    for specimen, each in found:
        written = body_of(specimen.made)
        seen = (
            bool(each.values(written or specimen.asked)),
            bool(each.values(specimen.shown)),
            bool(each.values(specimen.asked)),
        )
        expected = f"{each}: in the answer to the write, not in a plain one, in one that names it"
        holds("7643-7-22", seen == (True, False, True), expected=expected, observed=seen, answer=specimen.made)


@clause("7643-7-19")
@budget(6)
def test_attributes_that_are_never_returned_are_in_no_answer(specimens: Sequence[Specimen]) -> None:
    """Attributes returned never are in no answer, also when they are named."""
    found = [(specimen, each) for specimen in specimens for each in parts(specimen, "never")]
    if none_found("7643-7-19", found, "attribute that is never returned"):
        return
    for specimen, each in found:
        asked = specimen.resources.client.get(specimen.path, params={"attributes": each.path})
        bodies = [body_of(specimen.made), specimen.shown, specimen.asked, body_of(asked)]
        leaks = [each for body in bodies if each.values(body)]
        nothing("7643-7-19", leaks, expected="in no answer", answer=asked, harm=True)


@clause("7643-7-17", "7643-7-20")
@budget(8)
def test_secrets_never_come_back(workshops: Workshops) -> None:
    """Write-only values come back from no write and no filter, whatever the request names."""
    workshop = workshops["User"]
    secrets = [each for each in workshop.attributes if each.says("mutability") == "writeOnly" and each.type == "string"]
    if not secrets:
        not_applicable("7643-7-17", "no attribute is write-only")
        not_applicable("7643-7-20", "no attribute is write-only")
        return
    body, secret = workshop.plain(), workshop.variety.run.name("Pw1!")
    for each in secrets:
        body = with_value(body, each, secret)
    _tells("7643-7-17", secret, secrets, _writes(workshop, body, secrets))
    filters = [f'{each.path} eq "{secret}"' for each in secrets]
    found = [workshop.resources.client.query(workshop.resources.endpoint, text) for text in filters]
    _tells("7643-7-20", secret, secrets, found)


def _writes(workshop: Workshop, body: Document, secrets: Sequence[Described]) -> list[Answer]:
    """The answers to every write of the secrets, and to a GET, each asked for them by name."""
    names = {"attributes": ",".join(each.path for each in secrets)}
    post = workshop.resources.post(body)
    if not post.ok:
        raise Unusable(f"a user with a secret cannot be created: {post}", post.exchange, setup=True)
    client, path = workshop.resources.client, workshop.resources.path(str(body_of(post).get("id")))
    operations = [{"op": "replace", "path": each.path, "value": each.held(body)} for each in secrets]
    patched = client.patch(path, operations, params=names)
    return [post, client.get(path, params=names), client.put(path, body, params=names), patched]


def _tells(clause_id: str, secret: str, secrets: Sequence[Described], answers: Sequence[Answer]) -> None:
    """Judge that no answer is a crash, and none has the secret or one of its attributes."""
    told = [
        answer
        for answer in answers
        if secret.encode() in answer.body or any(each.values(body_of(answer)) for each in secrets)
    ]
    nothing(clause_id, told, expected="no secret in any answer", answer=told[0] if told else answers[-1], harm=True)
    crashed = [answer for answer in answers if answer.status >= 500]
    nothing(clause_id, crashed, expected="2xx or 4xx", answer=crashed[0] if crashed else answers[-1])


@clause("7643-1.1-01")
def test_keywords_come_without_quotation_marks(specimens: Sequence[Specimen]) -> None:
    """Names and keywords of the schemas hold no quotation marks."""
    keys = ("name", "type", "mutability", "returned", "uniqueness")
    quoted = [
        f"{each}: {each.members[key]!r}"
        for specimen in specimens
        for each in every(specimen.attributes)
        for key in keys
        if QUOTES & set(str(each.members.get(key, "")))
    ]
    nothing("7643-1.1-01", quoted, expected="the bare words")
