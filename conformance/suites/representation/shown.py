"""What holds of every representation, whatever request it answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from conformance.judging import budget, clause, either, holds
from conformance.population import Groups, Users
from conformance.suites.links import place
from conformance.suites.representation.gathered import Part, Shown, every, gather, parts
from conformance.suites.states import instant, meta
from conformance.suites.versioning.tags import ENTITY_TAG, tag_of
from conformance.target import Target

pytestmark = budget(2)
JSON_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "reference": str,
    "binary": str,
    "dateTime": str,
    "boolean": bool,
    "integer": int,
    "decimal": (int, float),
    "complex": dict,
}
URI = re.compile(r"""[^\s<>"{}|\\^`]+""")
"""The characters of a URI or a relative reference (RFC 3986 section 2)."""
STANDARD = {"type": "string", "display": "string", "primary": "boolean", "$ref": "reference"}


@pytest.fixture(scope="module")
def shown(suite_users: Users, suite_groups: Groups, target: Target) -> list[Shown]:
    """Representations of every kind."""
    return gather(suite_users, suite_groups, target)


def urns(resource: Mapping[str, Any]) -> list[str]:
    """The schemas of a resource in lower case, empty where they are no list of strings."""
    found = resource.get("schemas")
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        return []
    return [each.lower() for each in found]


def declared(target: Target, kind: str) -> tuple[str, set[str]]:
    """The base schema of a resource type and its extensions, in lower case."""
    base = str((target.capabilities.resource_type(kind) or {}).get("schema")).lower()
    return base, {str(each.get("schema")).lower() for each in target.capabilities.extensions(kind)}


@clause("7643-2.1-03", "7643-3.3-02", "7643-3-02", "7643-3-03")
@budget(16)
def test_every_representation_names_its_schemas(shown: list[Shown], target: Target) -> None:
    """Every resource lists its base schema once, and beside it declared extensions only."""
    types = {kind: declared(target, kind) for kind in ("User", "Group")}
    every("7643-2.1-03", shown, lambda each: bool(urns(each.resource)), "a list of texts", "schemas")
    every("7643-3.3-02", shown, lambda each: types[each.kind][0] in urns(each.resource), "the base schema", "schemas")

    def own(each: Shown) -> bool:
        base, extensions = types[each.kind]
        return set(urns(each.resource)) <= {base} | extensions

    every("7643-3-02", shown, own, "schemas of the type only", "schemas")
    every("7643-3-03", shown, lambda each: len(set(urns(each.resource))) == len(urns(each.resource)), "once", "schemas")


@clause("7643-3-01")
def test_schemas_stand_in_projected_answers_too(shown: list[Shown], suite_users: Users) -> None:
    """`schemas` is never empty, and stays where `attributes` does not name it."""
    whole = all(urns(each.resource) for each in shown)
    path = suite_users.path(shown[0].resource)
    answer = suite_users.client.get(path, params={"attributes": "userName"})
    kept = bool(urns(answer.resource))
    observed = f"whole: {whole}; projected: {sorted(answer.resource)}"
    either("7643-3-01", "AMB-33", {"present": whole and kept, "absent": whole}, observed=observed, answer=answer)


@clause("7643-3.3-04")
def test_an_extension_with_data_is_listed(shown: list[Shown], target: Target) -> None:
    """A resource that holds data of an extension lists the extension, and one that holds none does not."""
    _, extensions = declared(target, "User")

    def consistent(each: Shown) -> bool:
        held = {key.lower() for key, value in each.resource.items() if value} & extensions
        return held <= set(urns(each.resource))

    users = [each for each in shown if each.kind == "User"]
    every("7643-3.3-04", users, consistent, "each container in schemas", "schemas")


@clause("7643-3.1-03", "7643-3.1-04", "7643-3.1-05", "7643-3.1-08")
def test_every_resource_has_an_id_of_its_own(shown: list[Shown]) -> None:
    """Every resource has an id that no other has, whatever its type, and keeps it through changes."""

    def given(each: Shown) -> bool:
        return isinstance(each.resource.get("id"), str) and bool(each.resource["id"])

    every("7643-3.1-03", shown, given, "a text", "id")
    every("7643-3.1-08", shown, lambda each: "bulkid" not in str(each.resource.get("id")).lower(), "no bulkId", "id")
    born = [str(each.resource.get("id")) for each in shown if each.label.startswith("POST")]
    holds("7643-3.1-04", len(set(born)) == len(born), expected="ids all different", observed=born)
    mine = [each for each in shown if each.kind == "User" and each.label != "POST plain"]
    every("7643-3.1-05", mine, lambda each: each.resource.get("id") == mine[0].resource.get("id"), "one id", "id")


@clause("7643-3.1-16", "7643-3.1-18")
def test_every_resource_has_meta(shown: list[Shown]) -> None:
    """Every resource has resourceType, created, lastModified and location from the provider."""

    def complete(each: Shown) -> bool:
        times = [instant(meta(each.resource, name)) for name in ("created", "lastModified")]
        return None not in times and bool(meta(each.resource, "location"))

    every("7643-3.1-16", shown, complete, "resourceType, created, lastModified, location", "meta")
    every("7643-3.1-18", shown, lambda each: meta(each.resource, "resourceType") == each.kind, "the type", "meta")


@clause("7643-3.1-19", "7643-3.1-20", "7643-3.1-21")
def test_times_tell_creation_and_last_change(shown: list[Shown]) -> None:
    """created never moves; lastModified begins there and moves on with every change."""
    mine = [each for each in shown if each.kind == "User" and each.label != "POST plain"]
    born = instant(meta(mine[0].resource, "created"))
    every("7643-3.1-19", mine, lambda each: instant(meta(each.resource, "created")) == born, "one instant", "meta")
    fresh = [each for each in shown if each.label.startswith("POST")]
    every("7643-3.1-20", fresh, lambda each: together(each.resource), "lastModified = created", "meta")
    steps = [each for each in mine if each.label in ("POST", "PUT", "PATCH", "GET")]
    times = [instant(meta(each.resource, "lastModified")) for each in steps]
    known = [time for time in times if time is not None]
    changes = len([each for each in steps if each.label != "GET"])
    forward = len(set(known)) == changes and known == sorted(known)
    told = [f"{each.label} {meta(each.resource, 'lastModified')}" for each in steps]
    holds("7643-3.1-21", forward, expected="later with each change", observed=told, answer=mine[-1].answer)


def together(resource: Mapping[str, Any]) -> bool:
    """Whether created and lastModified are one instant, to the precision they share."""
    created, changed = meta(resource, "created"), meta(resource, "lastModified")
    first, second = instant(created), instant(changed)
    digits = min(len(str(each).partition(".")[2].rstrip("Zz")) for each in (created, changed))
    return first is not None and second is not None and abs((second - first).total_seconds()) < 10.0**-digits


@clause("7643-3.1-22")
def test_meta_location_is_where_the_resource_is(shown: list[Shown], suite_users: Users) -> None:
    """A GET of meta.location finds the resource, and Location and Content-Location say the same."""
    own = [each for each in shown if not each.entry]
    seen = {name for each in own for name in ("Location", "Content-Location") if name in each.answer.headers}
    odd = [each for each in own if not agrees(each)]
    answers = [suite_users.client.get(place(meta(each.resource, "location"))) for each in (shown[0], shown[-1])]
    ids = [answer.resource.get("id") if answer.ok else answer.status for answer in answers]
    fine = not odd and ids == [shown[0].resource["id"], shown[-1].resource["id"]]
    variants = {
        "location": fine and seen == {"Location"},
        "content-location": fine and seen == {"Content-Location"},
        "both": fine and len(seen) == 2,
    }
    told = f"{sorted(seen)}; found {ids}; other URIs: {[each.label for each in odd]}"
    either("7643-3.1-22", "AMB-44", variants, observed=told, answer=odd[0].answer if odd else answers[0])


def agrees(each: Shown) -> bool:
    """Whether the header fields that name a place name meta.location."""
    wanted = place(meta(each.resource, "location"))
    fields = [each.answer.headers.get(name) for name in ("Location", "Content-Location")]
    return all(field is None or place(field) == wanted for field in fields)


@clause("7643-3.1-23", "7643-3.1-24")
def test_meta_version_is_the_etag(shown: list[Shown]) -> None:
    """meta.version is the ETag, weak mark included, and a strong one stands for one body."""
    own = [each for each in shown if not each.entry]
    equal = [each for each in own if tag_of(each.answer) and meta(each.resource, "version") is not None]
    every("7643-3.1-23", equal, lambda each: meta(each.resource, "version") == tag_of(each.answer), "the ETag", "meta")
    tags = [tag_of(each.answer) for each in own if tag_of(each.answer)]
    formed = all(ENTITY_TAG.fullmatch(tag) for tag in tags)
    first, second = (next(each.answer for each in own if each.label == label) for label in ("GET", "GET again"))
    strong = tag_of(first) == tag_of(second) and not tag_of(first).startswith("W/")
    fine = formed and not (strong and first.body != second.body)
    holds("7643-3.1-24", fine, expected='W/"…" unless byte-identical', observed=tags, answer=second)


def members(target: Target, shown: list[Shown]) -> list[tuple[Shown, Part]]:
    """Every member of every representation with its definition."""
    return [(each, part) for each in shown for part in parts(target.capabilities, each)]


@clause("7644-3.8-01", "7643-2.1-05")
def test_attributes_have_the_shape_and_name_of_their_schema(shown: list[Shown], target: Target) -> None:
    """Multi-valued attributes are lists, others are not, and all are spelled as in the schema."""
    found = members(target, shown)
    unlike = [
        f"{each.kind} {part.path}: {part.value!r:.80}"
        for each, part in found
        if isinstance(part.value, list) != (part.definition.get("multiValued") is True)
    ]
    holds("7644-3.8-01", not unlike, expected="as multiValued says", observed=unlike[:3] or f"{len(found)} values")
    odd = sorted({part.path for _, part in found if part.key != part.definition.get("name")})
    holds("7643-2.1-05", not odd, expected="the schema's spelling", observed=odd or f"{len(found)} names")


@clause("7643-2.4-06")
def test_predefined_sub_attributes_have_their_meaning(shown: list[Shown], target: Target) -> None:
    """In lists primary is a boolean, type and display are texts, $ref is a URI, value as its schema says."""
    wrong, seen = [], 0
    for each, part in members(target, shown):
        name = str(part.definition.get("name"))
        kind = STANDARD.get(name) or (str(part.definition.get("type", "string")) if name == "value" else None)
        if kind is None or not part.element:
            continue
        seen += 1
        fits = isinstance(part.value, JSON_TYPES.get(kind, object)) and (
            name != "$ref" or URI.fullmatch(str(part.value))
        )
        wrong += [] if fits else [f"{each.kind} {part.path}: {part.value!r:.80}"]
    holds("7643-2.4-06", not wrong, expected="as predefined", observed=wrong[:3] or f"{seen} values")


@clause("7643-3.1-12", "7643-6-09")
def test_nothing_is_invented(shown: list[Shown]) -> None:
    """A user without externalId and extension is created, and has neither."""
    every("7643-3.1-12", shown, lambda each: not each.resource.get("externalId"), "no externalId", "externalId")
    plain = next((each for each in shown if each.label == "POST plain"), None)
    told = sorted(plain.resource) if plain else "refused"
    holds("7643-6-09", plain is not None, expected="created without the extension", observed=told)
