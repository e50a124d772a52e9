"""Booleans, numbers, moments and binary values (RFC 7643 sections 2.3.2 to 2.3.6)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from conformance.client import ScimClient
from conformance.described import Described, every, with_value
from conformance.judging import budget, clause, either, holds, not_applicable, observe, refused
from conformance.likeness import moment, octets
from conformance.population import Users
from conformance.specimens import Specimen
from conformance.strategies.formats import CERTIFICATE
from conformance.suites.schemas.comparing import Workshops, body_of, nothing

DATETIME = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
LARGE = 2**70 + 1
COUNTERS = ("totalResults", "startIndex", "itemsPerPage")
LIMITS = (("bulk", "maxOperations"), ("bulk", "maxPayloadSize"), ("filter", "maxResults"))


def shown(specimens: Sequence[Specimen], kind: str) -> Iterator[tuple[Described, Any]]:
    """Every value of a data type that the specimens show, with its attribute."""
    for specimen in specimens:
        for each in every(specimen.attributes):
            if each.type == kind:
                yield from ((each, value) for value in each.values(specimen.asked))


def settable(workshops: Workshops, kind: str) -> Described | None:
    """A simple attribute of User with that data type that may be set at any time, a part of one where there is none."""
    found = [each for each in every(workshops["User"].attributes) if each.type == kind and each.writable]
    usual = [each for each in found if each.says("mutability") == "readWrite" and each.says("returned") == "default"]
    return min(usual, key=lambda each: each.is_list, default=None)


@clause("7643-2.3.2-01")
def test_booleans_are_shown_as_json_literals(specimens: Sequence[Specimen]) -> None:
    """Booleans come as true and false, not as texts."""
    odd = [f"{each}: {value!r}" for each, value in shown(specimens, "boolean") if not each.fits(value)]
    nothing("7643-2.3.2-01", odd, expected="JSON true or false")


@clause("7643-2.3.3-01")
def test_decimals_are_json_numbers(specimens: Sequence[Specimen], workshops: Workshops) -> None:
    """Decimals come as JSON numbers, and keep their value."""
    odd = [f"{each}: {value!r}" for each, value in shown(specimens, "decimal") if not each.fits(value)]
    nothing("7643-2.3.3-01", odd, expected="JSON numbers")
    each, workshop = settable(workshops, "decimal"), workshops["User"]
    if each is None:
        not_applicable("7643-2.3.3-01", "no decimal of User can be set")
        return
    body = with_value(workshop.body(only={each.top.path}), each, "@")
    text = workshop.resources.client.request("POST", workshop.resources.endpoint, body=_with_number(body, "1.50"))
    found = body_of(text)
    workshop.resources.made += [str(found["id"])] if "id" in found else []
    values = each.values(found)
    holds("7643-2.3.3-01", set(values) == {1.5}, expected="1.50 as 1.5", observed=values or text.status, answer=text)


def _with_number(body: Any, number: str) -> bytes:
    """The JSON text of a body whose marked value is a number in this spelling."""
    return json.dumps(body).replace('"@"', number).encode()


@clause("7643-2.3.4-01")
@budget(5)
def test_integers_have_neither_fraction_nor_exponent(
    scim: ScimClient, workshops: Workshops, specimens: Sequence[Specimen]
) -> None:
    """Integers come without fraction and exponent, and a large one is kept or refused."""
    listed, config = scim.get("/Users", params={"count": 1}).resource, body_of(scim.get("/ServiceProviderConfig"))
    told = {name: listed[name] for name in COUNTERS if name in listed}
    told |= {f"{part}.{name}": config[part][name] for part, name in LIMITS if name in (config.get(part) or {})}
    told |= {str(each): value for each, value in shown(specimens, "integer")}
    odd = [
        f"{name}: {value!r}" for name, value in told.items() if not isinstance(value, int) or isinstance(value, bool)
    ]
    nothing("7643-2.3.4-01", odd, expected="whole numbers without . and e")
    each = settable(workshops, "integer")
    if each is not None:
        _large(workshops, each)


def _large(workshops: Workshops, each: Described) -> None:
    workshop = workshops["User"]
    answer = workshop.resources.post(with_value(workshop.body(only={each.top.path}), each, LARGE))
    values = each.values(body_of(answer))
    kept = answer.ok and bool(values) and all(value == LARGE and isinstance(value, int) for value in values)
    refusal = answer.status == 400 and answer.scim_type in ("invalidValue", None)
    either(
        "7643-2.3.4-01", "AMB-70", {"kept": kept, "refused": refusal}, observed=(answer.status, values), answer=answer
    )


@clause("7643-2.3.5-01")
def test_moments_are_date_and_time(specimens: Sequence[Specimen]) -> None:
    """Every dateTime that is shown has a date, a T and a time."""
    found = [(str(each), value) for each, value in shown(specimens, "dateTime")]
    for specimen in specimens:
        meta = specimen.shown.get("meta") or {}
        found += [(f"{specimen.kind}.meta.{name}", meta.get(name)) for name in ("created", "lastModified")]
    odd = [f"{name}: {value!r}" for name, value in found if not _is_moment(value)]
    nothing("7643-2.3.5-01", odd, expected="2011-05-13T04:42:34Z")
    bare = [name for name, value in found if _is_moment(value) and not re.search(r"(Z|[+-]\d\d:\d\d)$", value)]
    observe("7643-2.3.5-01", f"without a zone: {', '.join(bare) or 'none'}")


def _is_moment(value: Any) -> bool:
    return isinstance(value, str) and DATETIME.fullmatch(value) is not None and moment(value) is not None


@clause("7643-2.3.5-02")
@budget(8)
def test_what_is_no_moment_is_refused(workshops: Workshops) -> None:
    """A text that is no dateTime is refused, or never shown."""
    each, workshop = settable(workshops, "dateTime"), workshops["User"]
    if each is None:
        not_applicable("7643-2.3.5-02", "no dateTime of User can be set")
        return
    for text in ("yesterday", "2024-01-31", "2024-02-31T10:00:00Z", "2024-01-31T10:00:00+25:00"):
        answer = workshop.resources.post(with_value(workshop.body(only={each.top.path}), each, text))
        returned = text in each.values(body_of(answer))
        expected = f"{text}: 400 invalidValue"
        if answer.ok:
            holds(
                "7643-2.3.5-02",
                False,
                expected=expected,
                observed=answer.status,
                answer=answer,
                tolerated=not returned,
                harm=returned,
            )
        else:
            refused("7643-2.3.5-02", answer, status=400, scim_type=("invalidValue", "invalidSyntax"))


@clause("7643-2.3.6-01")
def test_binary_values_are_base64(users: Users, specimens: Sequence[Specimen]) -> None:
    """Binary values decode as base64, and text that is none is not shown."""
    odd = [f"{each}: {value!r}"[:120] for each, value in shown(specimens, "binary") if octets(value) is None]
    nothing("7643-2.3.6-01", odd, expected="base64")
    answer = users.post(users.body(x509Certificates=[{"value": "***"}]))
    hidden = not answer.ok or b'"***"' not in answer.body
    holds("7643-2.3.6-01", hidden, expected="*** is not shown", observed=answer.status, answer=answer)


@clause("7643-2.3.6-02", "7643-2.3.6-03")
def test_padding_and_alphabet_of_binary_values_are_told(users: Users) -> None:
    """Base64 without padding, or in the alphabet for URLs, is refused or stands for the same bytes."""
    for clause_id, text in (("7643-2.3.6-02", CERTIFICATE.rstrip("=")), ("7643-2.3.6-03", _url_safe(CERTIFICATE))):
        answer = users.post(users.body(x509Certificates=[{"value": text}]))
        elements = body_of(answer).get("x509Certificates") or []
        values = {octets(element.get("value")) for element in elements if isinstance(element, dict)}
        sound = values <= {octets(CERTIFICATE)} if answer.ok else answer.status < 500
        holds(clause_id, sound, expected="the same bytes, or 4xx", observed=answer.status, answer=answer)
        observe(clause_id, f"{'taken' if answer.ok else 'refused'}: {answer.status}")


def _url_safe(text: str) -> str:
    return text.replace("+", "-").replace("/", "_")
