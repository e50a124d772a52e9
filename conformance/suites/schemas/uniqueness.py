"""How far values must be unique (RFC 7643 section 7, `uniqueness`)."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence

from conformance.client import Answer
from conformance.described import Described, with_value
from conformance.judging import budget, clause, either, holds, not_applicable, refused
from conformance.population import Document
from conformance.specimens import Specimen, Workshop
from conformance.suites.schemas.comparing import Workshops, body_of, made, nothing
from conformance.target import Target


def unique(workshops: Workshops) -> Iterator[tuple[Workshop, Described]]:
    """The texts that are described as unique in the server or beyond, and that a client sets."""
    for workshop in workshops.values():
        for each in workshop.attributes:
            if each.says("uniqueness") in ("server", "global") and each.writable and each.type == "string":
                yield workshop, each


@clause("7643-7-26", "7643-7-27")
@budget(20)
def test_unique_values_are_given_once(workshops: Workshops) -> None:
    """A value described as unique is taken once, in any case unless its case counts."""
    found = list(unique(workshops))
    for clause_id in ("7643-7-26", "7643-7-27") if not found else ():
        not_applicable(clause_id, "no attribute is described as unique")
    for workshop, each in found:
        body = _other(workshop, each)
        made(workshop, body)
        value = str(each.held(body))
        again, variant = (
            workshop.resources.post(with_value(_other(workshop, each), each, text))
            for text in (value, value.swapcase())
        )
        refused("7643-7-26", again, status=409, scim_type="uniqueness")
        if not each.says("caseExact"):
            refused("7643-7-27", variant, status=409, scim_type="uniqueness")
        else:
            expected = f"{each} in another case is another value"
            holds("7643-7-27", variant.ok, expected=expected, observed=variant.status, answer=variant)


def _other(workshop: Workshop, each: Described) -> dict[str, object]:
    """A body like no other, with a value for the attribute."""
    return workshop.body(only={each.path})


@clause("7643-7-29")
@budget(24)
def test_a_taken_value_is_refused_in_updates(workshops: Workshops, target: Target) -> None:
    """PUT and PATCH to a value that is taken are refused, and change nothing."""
    found = [(workshop, each) for workshop, each in unique(workshops) if each.says("mutability") == "readWrite"]
    if not found:
        not_applicable("7643-7-29", "no unique attribute can be changed")
    for workshop, each in found:
        taken = each.held(made(workshop, _other(workshop, each)))
        body = _other(workshop, each)
        own = made(workshop, body)
        client, path = workshop.resources.client, workshop.resources.path(own)
        _clash(workshop, each, own, client.put(path, with_value(body, each, taken)))
        if target.has("patch"):
            _clash(workshop, each, own, client.patch(path, [{"op": "replace", "path": each.path, "value": taken}]))


def _clash(workshop: Workshop, each: Described, own: Document, answer: Answer) -> None:
    """Judge the answer to an update with a value that is taken: which status, and that nothing changed."""
    kept = each.held(workshop.resources.read(own)) == each.held(own)
    sound = kept and answer.scim_type in ("uniqueness", None)
    variants = {"conflict": sound and answer.status == 409, "bad-request": sound and answer.status == 400}
    observed = (answer.status, answer.scim_type, "kept" if kept else "changed")
    either("7643-7-29", "AMB-17", variants, observed=observed, answer=answer)


@clause("7643-7-28")
def test_other_values_may_repeat(workshops: Workshops, specimens: Sequence[Specimen]) -> None:
    """Two resources may have the same value of every attribute that is not described as unique."""
    for specimen in specimens:
        workshop, body = workshops[specimen.kind], copy.deepcopy(dict(specimen.sent))
        for each in specimen.attributes:
            if each.says("uniqueness") != "none" and each.held(body) is not None:
                body = with_value(body, each, workshop.variety.value(each))
        answer = workshop.resources.post(body)
        shown = body_of(answer)
        lost = [each for each in specimen.attributes if shown and each.held(specimen.shown) and not each.held(shown)]
        holds(
            "7643-7-28",
            answer.ok,
            expected=f"a second {specimen.kind} of the same values: 201",
            observed=answer.body[:200],
            answer=answer,
        )
        nothing("7643-7-28", lost, expected="all of the values")
