"""What /Schemas says of every attribute."""

from __future__ import annotations

import re

from conformance.client import ScimClient
from conformance.judging import budget, clause, either, holds, refused
from conformance.population import Users
from conformance.published import Published
from conformance.suites.discovery.documents import (
    COMMON,
    ENTERPRISE,
    GROUP,
    LIST,
    SCHEMA,
    USER,
    Definition,
    definition,
    filled,
    none_offends,
    objects,
    read_definitions,
    writes,
)
from conformance.suites.links import place
from conformance.target import Target

NAME = re.compile(r"\$ref|[A-Za-z][A-Za-z0-9$_-]*")
TYPES = frozenset({"string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"})
MUTABILITY = frozenset({"readOnly", "readWrite", "immutable", "writeOnly"})
RETURNED = frozenset({"always", "never", "default", "request"})
UNIQUENESS = frozenset({"none", "server", "global"})
BOOLEANS = ("multiValued", "required", "caseExact")


def is_complex(each: Definition) -> bool:
    """Whether the definition is of type complex."""
    return each.members.get("type") == "complex"


def keyword_is_known(published: Published, clause_id: str, member: str, known: frozenset[str]) -> None:
    """Judge that a characteristic is absent or one of its keywords, spelt exactly."""
    found = [each for each in read_definitions(published) if member in each.members]
    strange = [f"{each}={each.members[member]!r}" for each in found if each.members[member] not in known]
    none_offends(clause_id, strange, expected=f"{member} out of {sorted(known)}")


@clause("7644-4-03", "7644-4-09")
def test_schemas_come_as_a_list_response(published: Published) -> None:
    """/Schemas is a ListResponse that holds each schema a resource type names."""
    answer = published.get("/Schemas")
    document = answer.json if answer.ok else None
    found = document if isinstance(document, dict) else {}
    counters = [found.get(name) for name in ("startIndex", "itemsPerPage") if name in found]
    entries, total = objects(found.get("Resources")), found.get("totalResults")
    sound = found.get("schemas") == [LIST] and isinstance(total, int)
    variants = {
        "without-paging": sound and not counters,
        "with-paging": sound and all(isinstance(n, int) for n in counters),
    }
    either("7644-4-09", "AMB-66", variants, observed=f"counters {counters}", answer=answer)
    missing = sorted(named_schemas(published) - {str(entry.get("id")) for entry in entries})
    whole = sound and total == len(entries) and not missing
    holds(
        "7644-4-03", whole, expected="totalResults entries, each named schema there", observed=missing or len(entries)
    )


def named_schemas(published: Published) -> set[str]:
    """The schemas that the resource types name, extensions included."""
    types = published.get("/ResourceTypes").resources
    extensions = (extension for entry in types for extension in objects(entry.get("schemaExtensions")))
    return {str(each.get("schema")) for each in (*types, *extensions)}


@clause("7644-4-04")
def test_a_schema_is_found_by_its_uri(scim: ScimClient, published: Published) -> None:
    """A schema is returned bare below /Schemas at its URI, also percent-encoded."""
    plain, encoded = published.get(f"/Schemas/{USER}"), scim.get(f"/Schemas/{USER.replace(':', '%3A')}")
    same = all(each.ok and isinstance(each.json, dict) and each.json.get("id") == USER for each in (plain, encoded))
    holds(
        "7644-4-04",
        same,
        expected=f"200 with id {USER}, twice",
        observed=(plain.status, encoded.status),
        answer=encoded,
    )


@clause("7643-7-01", "7643-7-02", "7643-7-03", "7643-3.1-01")
@budget(11)
def test_each_schema_identifies_itself(published: Published) -> None:
    """Each schema has the Schema URN, a unique URI as id, a name, a description and meta."""
    entries = published.get("/Schemas").resources
    untagged = [entry.get("id") for entry in entries if SCHEMA not in (entry.get("schemas") or [])]
    none_offends("7643-7-01", untagged, expected=f"schemas with {SCHEMA}")
    ids = [str(entry.get("id", "")) for entry in entries]
    odd = [each for each in ids if ":" not in each or ids.count(each) > 1]
    none_offends("7643-7-02", odd, expected="unique URIs")
    bare = [
        entry.get("id") for entry in entries if not (filled(entry.get("name")) and filled(entry.get("description")))
    ]
    none_offends("7643-7-03", bare, expected="a name and a description", tolerated=True)
    homeless = [entry["id"] for entry in entries if not _located(published, entry.get("meta"))]
    none_offends(
        "7643-3.1-01", homeless, expected="meta.resourceType Schema, meta.location that resolves", tolerated=True
    )


def _located(published: Published, meta: object) -> bool:
    if not isinstance(meta, dict) or meta.get("resourceType") != "Schema" or not filled(meta.get("location")):
        return False
    return published.get(place(meta["location"])).status == 200


@clause("7643-7-04")
@budget(6)
def test_every_schema_in_use_is_published(scim: ScimClient, published: Published, users: Users, target: Target) -> None:
    """Every URI in the `schemas` of a resource is found below /Schemas."""
    extended = {ENTERPRISE: {"employeeNumber": "7"}, "schemas": [*users.body()["schemas"], ENTERPRISE]}
    resources = [users.create(**(extended if target.has("extension:enterprise") else {}))]
    for endpoint in ("/Users", "/Groups"):
        resources += scim.get(endpoint, params={"count": 5}).resources
    used = {str(uri) for each in resources for uri in each.get("schemas", ())}
    unpublished = sorted(uri for uri in used if published.get(f"/Schemas/{uri}").status != 200)
    none_offends("7643-7-04", unpublished, expected="200 for each")


@clause("7644-3.1-01")
def test_message_schemas_are_not_published(scim: ScimClient, published: Published) -> None:
    """Message URNs are neither listed nor found below /Schemas."""
    listed = [
        entry["id"]
        for entry in published.get("/Schemas").resources
        if str(entry.get("id")).startswith("urn:ietf:params:scim:api:")
    ]
    single = scim.get(f"/Schemas/{LIST}").status
    holds("7644-3.1-01", not listed and single == 404, expected="none listed, 404", observed=(listed, single))


@clause("7644-3.12-02")
def test_an_unknown_schema_is_not_found(scim: ScimClient) -> None:
    """An unknown schema URI gives 404."""
    refused("7644-3.12-02", scim.get("/Schemas/urn:example:none"), status=404)


@clause("7643-7-05")
@budget(7)
def test_schemas_are_read_only(scim: ScimClient, published: Published) -> None:
    """No write changes the schemas."""
    before = published.get("/Schemas").json
    answers = writes(scim, "/Schemas", f"/Schemas/{USER}")
    worst = next((each for each in answers if each.status < 400), answers[0])
    refused("7643-7-05", worst, status=(400, 403, 404, 405, 501), unchanged=scim.get("/Schemas").json == before)


@clause("7643-7-06", "7643-7-36", "7643-2.1-01", "7643-2.1-02")
def test_each_definition_has_a_sound_name(published: Published) -> None:
    """Each definition has name, type and multiValued; names are well formed and unique at their level."""
    found = read_definitions(published)
    bare = [each for each in found if {"name", "type", "multiValued"} - each.members.keys()]
    none_offends("7643-7-06", bare, expected="name, type, multiValued")
    silent = [each for each in found if not filled(each.members.get("description"))]
    variants = {"stated": not silent, "default": bool(silent)}
    either("7643-7-36", "AMB-42", variants, observed=f"{len(silent)} without description", warn={"default"})
    odd = [each for each in found if not NAME.fullmatch(str(each.members.get("name")))]
    none_offends("7643-2.1-01", odd, expected="a letter, then letters, digits, $, -, _")
    places = [(each.schema, each.name.lower()) for each in found]
    none_offends("7643-2.1-02", [each for each in places if places.count(each) > 1], expected="unique names")


@clause("7643-7-07")
def test_each_type_is_known(published: Published) -> None:
    """Each `type` is one of the eight data types."""
    keyword_is_known(published, "7643-7-07", "type", TYPES)


@clause("7643-7-08")
def test_each_mutability_is_known(published: Published) -> None:
    """Each `mutability` is one of its four keywords."""
    keyword_is_known(published, "7643-7-08", "mutability", MUTABILITY)


@clause("7643-7-09")
def test_each_returned_is_known(published: Published) -> None:
    """Each `returned` is one of its four keywords."""
    keyword_is_known(published, "7643-7-09", "returned", RETURNED)


@clause("7643-7-10")
def test_each_uniqueness_is_known(published: Published) -> None:
    """Each `uniqueness` is one of its three keywords."""
    keyword_is_known(published, "7643-7-10", "uniqueness", UNIQUENESS)


@clause("7643-7-11")
def test_flags_are_booleans(published: Published) -> None:
    """multiValued, required and caseExact are JSON booleans wherever they stand."""
    odd = [
        f"{each}.{flag}={each.members[flag]!r}"
        for each in read_definitions(published)
        for flag in BOOLEANS
        if flag in each.members and not isinstance(each.members[flag], bool)
    ]
    none_offends("7643-7-11", odd, expected="booleans")


@clause("7643-7-12", "7643-2.3.8-01", "7643-1.2-01", "7643-2.3.8-02")
def test_complex_attributes_are_sound(published: Published) -> None:
    """Only complex attributes have parts, and a part is never complex itself."""
    found = [each for each in read_definitions(published) if each.schema != SCHEMA]
    partless = [each for each in found if is_complex(each) and not each.members.get("subAttributes")]
    none_offends("7643-7-12", partless, expected="sub-attributes of each complex attribute")
    deep = [
        each for each in found if each.parent is not None and (is_complex(each) or each.members.get("subAttributes"))
    ]
    none_offends("7643-2.3.8-01", deep, expected="no complex sub-attribute")
    simple = [each for each in found if not is_complex(each) and each.members.get("subAttributes")]
    none_offends("7643-1.2-01", simple, expected="sub-attributes of complex attributes only")
    marked = [
        each
        for each in found
        if is_complex(each)
        and (each.members.get("uniqueness", "none") != "none" or each.members.get("caseExact") is True)
    ]
    none_offends("7643-2.3.8-02", marked, expected="neither uniqueness nor caseExact", tolerated=True)


@clause("7643-7-13")
def test_reference_types_stand_on_references(published: Published) -> None:
    """referenceTypes stands on reference attributes only, and lists resource types, external or uri."""
    names = {entry.get("name") for entry in published.get("/ResourceTypes").resources} | {"external", "uri"}
    found = [each for each in read_definitions(published) if each.members.get("referenceTypes")]
    odd = [
        each
        for each in found
        if each.members.get("type") != "reference"
        or not isinstance(each.members["referenceTypes"], list)
        or set(each.members["referenceTypes"]) - names
    ]
    none_offends("7643-7-13", odd, expected=f"lists out of {sorted(map(str, names))}")


@clause("7643-3.3-01")
def test_extensions_do_not_redefine_core_attributes(published: Published) -> None:
    """An extension does not define an attribute that its type's core schema has."""
    by_schema: dict[str, set[str]] = {}
    for each in read_definitions(published):
        if each.parent is None:
            by_schema.setdefault(each.schema, set()).add(each.name.lower())
    clashes = [
        f"{extension.get('schema')}: {name}"
        for entry in published.get("/ResourceTypes").resources
        for extension in objects(entry.get("schemaExtensions"))
        for name in by_schema.get(str(extension.get("schema")), set())
        & (by_schema.get(str(entry.get("schema")), set()) | COMMON)
    ]
    none_offends("7643-3.3-01", clashes, expected="no name twice", tolerated=True)


@clause("7643-2.4-10")
def test_lists_of_objects_are_declared_complex(published: Published, users: Users) -> None:
    """An attribute that is shown as a list of objects is declared complex."""
    shown = users.create(emails=[{"value": "a@example.test", "type": "work"}])
    types = {each.name.lower(): each.members.get("type") for each in read_definitions(published) if each.schema == USER}
    lists = [name for name, value in shown.items() if objects(value)]
    none_offends(
        "7643-2.4-10", [name for name in lists if types.get(name.lower()) != "complex"], expected="type complex"
    )


@clause("7643-4.1.1-01")
def test_user_name_is_declared_required_and_unique(published: Published) -> None:
    """The User schema declares userName required, case-insensitive and unique."""
    found = definition(published, USER, "userName") or {}
    sound = found.get("required") is True and found.get("caseExact", False) is False
    unique = found.get("uniqueness") in ("server", "global")
    expected = "required true, caseExact false, uniqueness server"
    holds("7643-4.1.1-01", sound and unique, expected=expected, observed=found, tolerated=sound)


@clause("7643-4.1.1-02")
def test_password_is_declared_write_only(published: Published) -> None:
    """The User schema declares password writeOnly and never returned."""
    found = definition(published, USER, "password") or {}
    sound = found.get("mutability") == "writeOnly" and found.get("returned") == "never"
    holds("7643-4.1.1-02", sound, expected="mutability writeOnly, returned never", observed=found)


@clause("7643-4.1.2-01")
def test_groups_of_a_user_are_declared_read_only(published: Published) -> None:
    """The User schema declares groups and its parts readOnly, referring to Group."""
    found = definition(published, USER, "groups") or {}
    parts = objects(found.get("subAttributes"))
    sound = all(each.get("mutability") == "readOnly" for each in (found, *parts))
    refers = [each.get("referenceTypes") for each in parts if each.get("name") == "$ref"]
    holds("7643-4.1.2-01", sound and refers in ([], [["Group"]]), expected="readOnly, $ref to Group", observed=found)


@clause("7643-4.2-01", "7643-4.2-02")
def test_the_group_schema_is_sound(published: Published) -> None:
    """The Group schema requires displayName, and members' parts are immutable in a list that is not."""
    name = definition(published, GROUP, "displayName") or {}
    variants = {"required": name.get("required") is True, "optional": name.get("required", False) is False}
    either("7643-4.2-01", "AMB-43", variants, observed=name, warn={"optional"})
    members = definition(published, GROUP, "members") or {}
    parts = {
        str(each.get("name")): each.get("mutability", "readWrite") for each in objects(members.get("subAttributes"))
    }
    fixed = all(parts.get(part, "immutable") == "immutable" for part in ("value", "$ref", "type"))
    sound = members.get("mutability", "readWrite") == "readWrite" and fixed
    holds("7643-4.2-02", sound, expected="members readWrite, value, $ref and type immutable", observed=parts)


@clause("7643-4.3-01")
def test_the_name_of_a_manager_is_declared_read_only(published: Published) -> None:
    """The enterprise extension declares manager.displayName readOnly."""
    found = definition(published, ENTERPRISE, "manager.displayName") or {}
    holds("7643-4.3-01", found.get("mutability") == "readOnly", expected="mutability readOnly", observed=found)
