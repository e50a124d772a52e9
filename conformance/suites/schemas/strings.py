"""Strings: what comes back of them (RFC 7643 sections 2.3.1 and 7, `caseExact` and `canonicalValues`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from conformance.client import Answer
from conformance.described import Described, every, with_value
from conformance.judging import budget, clause, either, holds, observe
from conformance.likeness import folded
from conformance.population import Users
from conformance.specimens import Specimen
from conformance.suites.schemas.comparing import Workshops, body_of, nothing

WORDS = "Zoë é漢😀"
ODD = "x-harness"
REFUSED = ("invalidValue", "invalidSyntax", None)


def texts(specimen: Specimen) -> list[tuple[Described, list[Any], list[Any]]]:
    """The strings that were sent and are shown, with both lists of values."""
    found = [each for each in specimen.every(type="string") if each.values(specimen.shown)]
    return [(each, each.values(specimen.sent), each.values(specimen.shown)) for each in found]


@clause("7643-7-23", "7643-7-24")
def test_strings_keep_their_case(specimens: Sequence[Specimen]) -> None:
    """Strings whose case counts come back in the case they were sent in, externalId among them."""
    altered, changed = [], []
    for specimen in specimens:
        for each, sent, shown in texts(specimen):
            if each.says("caseExact"):
                altered += [f"{each}: {value!r}" for value in sent if value not in shown]
            else:
                changed += [each for value in sent if value not in shown and folded(value) in map(folded, shown)]
        sent_id, shown_id = specimen.sent["externalId"], specimen.shown.get("externalId")
        altered += [] if sent_id == shown_id else [f"{specimen.kind}.externalId: {shown_id!r}"]
    nothing("7643-7-23", altered, expected="each case-exact string as it was sent")
    observe("7643-7-24", f"case altered in: {', '.join(map(str, changed)) or 'nothing'}")


@clause("7644-3.4.2.2-23")
@budget(6, 8)
def test_case_counts_in_filters_as_described(specimens: Sequence[Specimen]) -> None:
    """A filter finds strings in another case unless they are described as case-exact."""
    for specimen in specimens:
        found = [(each, str(shown[0])) for each, _, shown in texts(specimen) if each.parent is None]
        plain = [(each, value) for each, value in found if value.isascii()]
        exact = " or ".join(_swapped(each, value) for each, value in plain if each.says("caseExact"))
        folded_ = " and ".join(_swapped(each, value) for each, value in plain if not each.says("caseExact"))
        for text, wanted in ((exact, 0), (folded_, 1)):
            answer = _fenced(specimen, text) if text else None
            if answer is not None:
                hit = answer.ok and answer.total == wanted
                expected = f"{text}: {wanted} found"
                holds("7644-3.4.2.2-23", hit, expected=expected, observed=answer.body[:200], answer=answer)


def _swapped(each: Described, value: str) -> str:
    return f"{each.path} eq {json.dumps(value.swapcase())}"


def _fenced(specimen: Specimen, text: str) -> Answer:
    """A filter that can find the specimen alone."""
    fence = f'id eq "{specimen.shown["id"]}"'
    return specimen.resources.client.query(specimen.resources.endpoint, f"{fence} and ({text})")


@clause("7643-2.3.1-01")
@budget(4)
def test_strings_are_json_strings_in_utf_8(users: Users, specimens: Sequence[Specimen]) -> None:
    """Strings are JSON strings, keep every character of UTF-8, and are not made of numbers."""
    found = [each for specimen in specimens for each in every(specimen.attributes) if each.type == "string"]
    shown = {specimen.kind: specimen.shown for specimen in specimens}
    odd = [f"{each}: {value!r}" for each in found for value in each.values(shown[each.kind]) if not each.fits(value)]
    nothing("7643-2.3.1-01", odd, expected="JSON strings where the schema says string")
    kept = users.read(users.create(displayName=WORDS)).get("displayName")
    holds("7643-2.3.1-01", kept == WORDS, expected=WORDS, observed=kept)
    answer = users.post(users.body(displayName=5))
    value = body_of(answer).get("displayName")
    refusal = answer.status == 400 and answer.scim_type in REFUSED
    variants = {"refused": refusal, "coerced": answer.ok and value in ("5", None)}
    either("7643-2.3.1-01", "AMB-35", variants, observed=(answer.status, value), answer=answer)


@clause("7643-2.3.1-02")
@budget(4)
def test_values_outside_the_canonical_ones_are_told(workshops: Workshops) -> None:
    """A value that is none of the canonical ones is kept, dropped or refused."""
    workshop = workshops["User"]
    listed = [each for each in every(workshop.attributes) if each.says("canonicalValues") and each.writable]
    plain = [each for each in listed if each.parent is None and each.says("mutability") == "readWrite"][:2]
    typed = [each for each in listed if each.dotted.lower() == "emails.type"]
    told = []
    for each in (*typed, *plain):
        body = with_value(workshop.body(only={each.top.path}), each, ODD)
        answer = workshop.resources.post(body)
        told.append(f"{each}: {_fate(each, answer)}")
        sound = answer.ok or 400 <= answer.status < 500
        holds("7643-2.3.1-02", sound, expected="kept, dropped or 4xx", observed=answer.status, answer=answer)
    observe("7643-2.3.1-02", "; ".join(told) or "no attribute has canonical values")


def _fate(each: Described, answer: Answer) -> str:
    if not answer.ok:
        return f"refused {answer.status}"
    return "kept" if ODD in each.values(body_of(answer)) else "dropped"


@clause("7643-2.3.1-05")
def test_formats_of_strings_are_told(users: Users) -> None:
    """Odd text for strings that may have a form is taken or refused, and harms nothing."""
    odd = {"locale": "no such locale", "timezone": "no zone", "phoneNumbers": [{"value": "no number", "type": "work"}]}
    told = []
    for name, value in odd.items():
        answer = users.post(users.body(**{name: value}))
        sound = answer.ok or answer.status in (400, 422)
        holds("7643-2.3.1-05", sound, expected="2xx or 400", observed=(name, answer.status), answer=answer)
        told.append(f"{name} {answer.status} {(answer.error or {}).get('detail', '')}".strip())
    observe("7643-2.3.1-05", f"odd text: {'; '.join(told)}")
