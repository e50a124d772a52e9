"""What the schema decides about a write (RFC 7644 sections 3.1 and 3.12)."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.client import Answer
from conformance.described import Described, every, with_value
from conformance.described import document as described_document
from conformance.judging import budget, clause, either, holds, refused
from conformance.population import Document, Users
from conformance.specimens import Specimen, Workshop
from conformance.suites.schemas.comparing import Workshops, body_of, made, nothing
from conformance.target import Target

BAD = ("invalidValue", "invalidSyntax")
WRONG = {
    "boolean": "maybe",
    "integer": 1.5,
    "decimal": "one and a half",
    "binary": "***",
    "reference": 5,
    "complex": 5,
}
"""A value of another type for each data type, the texts and moments aside."""
UNKNOWN = "conformanceUnknown"
COMMON = frozenset({"id", "externalid", "meta", "schemas"})


@clause("7644-3.12-05")
@budget(14)
def test_values_of_another_type_are_refused(workshops: Workshops) -> None:
    """A value that is not of the type the schema says is refused, in POST and in PUT."""
    workshop = workshops["User"]
    for kind, value in WRONG.items():
        for each in [each for each in workshop.attributes if _plain(each, kind)][:3]:
            body = with_value(workshop.plain(), each, value)
            refused("7644-3.12-05", workshop.resources.post(body), status=400, scim_type=BAD)
    body = workshop.plain()
    before = made(workshop, body)
    answer = workshop.resources.client.put(workshop.resources.path(before), {**body, "active": "maybe"})
    kept = workshop.resources.read(before).get("active") == before.get("active")
    refused("7644-3.12-05", answer, status=400, scim_type=BAD, unchanged=kept)


def _plain(each: Described, kind: str) -> bool:
    single = each.says("multiValued") is not True and each.says("mutability") == "readWrite"
    return each.type == kind and single and not any(sub.name == "$ref" for sub in each.subs)


@clause("7644-3.1-02")
@budget(4)
def test_unknown_attributes_are_ignored_or_refused(users: Users, specimens: Sequence[Specimen]) -> None:
    """An attribute the schema does not have is ignored or refused, and none is shown."""
    answer = users.post(users.body(**{UNKNOWN: "x"}))
    found = users.read(str(body_of(answer).get("id"))) if answer.ok else {}
    refusal = answer.status == 400 and answer.scim_type in (*BAD, None)
    variants = {"ignored": answer.ok and UNKNOWN not in found, "refused": refusal}
    either("7644-3.1-02", "AMB-38", variants, observed=(answer.status, sorted(found)), answer=answer)
    strange = [f"{specimen.kind}: {name}" for specimen in specimens for name in undeclared(specimen)]
    nothing("7644-3.1-02", strange, expected="attributes that the schemas declare")


@clause("7644-3.1-02")
@budget(8)
def test_the_schema_says_what_is_taken(workshops: Workshops, specimens: Sequence[Specimen]) -> None:
    """What the schema describes is taken as it says, in no other shape, and no more is required."""
    for specimen in specimens:
        workshop = workshops[specimen.kind]
        required = [each for each in workshop.attributes if each.writable and each.says("required") is True]
        values = [(each, workshop.variety.value(each)) for each in required if each.extension in ("", *workshop.needed)]
        answer = workshop.resources.post(described_document(workshop.schema, values))
        expected = f"{specimen.kind} with {', '.join(each.path for each, _ in values)}: 201"
        holds("7644-3.1-02", answer.ok, expected=expected, observed=answer.body[:200], answer=answer, tolerated=True)
        for each in [each for each in specimen.attributes if each.path in specimen.refused][:3]:
            taken = [shape for shape in _shapes(workshop.variety.value(each)) if _takes(workshop, each, shape)]
            nothing("7644-3.1-02", taken, expected=f"{each} takes what its definition says, nothing else")


def _shapes(value: object) -> list[object]:
    """Values that a definition for this one does not describe: one for a list, a list for one, another type."""
    other = value[0] if isinstance(value, list) else [value]
    return [other, 7 if isinstance(value, str) else "Sample One"]


def _takes(workshop: Workshop, each: Described, value: object) -> bool:
    """Whether the value is taken and shown."""
    answer = workshop.resources.post(with_value(workshop.plain(), each, value))
    return answer.ok and bool(each.values(body_of(answer)))


def undeclared(specimen: Specimen) -> list[str]:
    """The names in a shown resource that none of its schemas declares."""
    urns = {each.extension for each in specimen.attributes}
    core = {each.name.lower() for each in specimen.attributes if not each.extension} | COMMON
    found = [name for name in specimen.shown if name.lower() not in core and name not in urns]
    for each in every(specimen.attributes):
        if each.type == "complex":
            known = {sub.name.lower() for sub in each.subs}
            objects = [value for value in each.values(specimen.shown) if isinstance(value, dict)]
            found += [f"{each.path}.{name}" for value in objects for name in value if name.lower() not in known]
    return found


@clause("7644-3.1-03")
@budget(8)
def test_answers_to_writes_show_what_is_stored(
    workshops: Workshops, specimens: Sequence[Specimen], target: Target
) -> None:
    """The answer to POST, PUT and PATCH is what a GET shows at once."""
    user = next(specimen for specimen in specimens if specimen.kind == "User")
    _agrees(user, user.made, user.shown)
    workshop, body = workshops["User"], workshops["User"].body(only={"name", "emails"})
    before = made(workshop, body)
    client, path = workshop.resources.client, workshop.resources.path(before)
    _agrees(user, client.put(path, {**body, "title": "Put"}), workshop.resources.read(before))
    if target.has("patch"):
        answer = client.patch(path, [{"op": "replace", "path": "title", "value": "Patched"}])
        _agrees(user, answer, workshop.resources.read(before))
    lost = _altered(user)
    variants = {"verbatim": not lost, "normalised": bool(lost)}
    either("7644-3.1-03", "AMB-69", variants, observed=lost or "as it was sent")


def _agrees(specimen: Specimen, answer: Answer, shown: Document) -> None:
    """Judge that the answer to a write, where it has a body, is what a GET shows."""
    told = body_of(answer)
    same = not told or settled(specimen, told) == settled(specimen, shown)
    holds("7644-3.1-03", same, expected=f"{answer.exchange.method}: {shown}"[:400], observed=told, answer=answer)


def settled(specimen: Specimen, document: Document) -> Document:
    """The document without what its write alone shows, and without meta, whose precision may differ."""
    hidden = [each for each in every(specimen.attributes) if each.says("returned") == "request"]
    for each in hidden:
        if each.values(document):
            document = _without(document, each)
    return {name: value for name, value in document.items() if name != "meta"}


def _without(document: Document, each: Described) -> Document:
    if each.parent is not None:
        held = each.held(document)
        kept = {name: value for name, value in held.items() if name != each.name} if isinstance(held, dict) else held
        return with_value(document, each.parent, kept)
    holder = document.get(each.extension) if each.extension else document
    kept = {name: value for name, value in (holder or {}).items() if name != each.name}
    return {**document, each.extension: kept} if each.extension else kept


def _altered(specimen: Specimen) -> list[str]:
    """The simple attributes that are shown in another form than they were sent in."""
    simple = [each for each in specimen.attributes if each.type != "complex" and each.held(specimen.shown) is not None]
    return [each.path for each in simple if each.held(specimen.sent) not in (None, each.held(specimen.shown))]
