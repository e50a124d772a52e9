"""What /ResourceTypes says, and how discovery endpoints treat requests they are not made for."""

from __future__ import annotations

import uuid
from typing import Any

from conformance.client import ScimClient
from conformance.judging import budget, clause, either, holds, not_applicable, refused
from conformance.population import Groups, Users
from conformance.published import Published
from conformance.suites.discovery.documents import LIST, RESOURCE_TYPE, filled, none_offends, objects, writes
from conformance.suites.links import place

ROUTED = frozenset({200, 400, 401, 403, 405, 501})


def resource_types(published: Published) -> list[dict[str, Any]]:
    """The entries of /ResourceTypes."""
    return published.get("/ResourceTypes").resources


@clause("7644-4-05")
def test_resource_types_come_as_a_list_response(published: Published) -> None:
    """/ResourceTypes is a ListResponse whose totalResults counts its entries."""
    answer = published.get("/ResourceTypes")
    found = answer.json if answer.ok else None
    members = found if isinstance(found, dict) else {}
    sound = members.get("schemas") == [LIST] and members.get("totalResults") == len(objects(members.get("Resources")))
    holds("7644-4-05", sound, expected="a ListResponse", observed=answer.body[:200], answer=answer)


@clause("7644-4-06")
@budget(5)
def test_a_resource_type_is_found_by_name(published: Published) -> None:
    """A resource type is returned bare at its location, id or name."""
    entry = resource_types(published)[0]
    places = [entry.get("meta", {}).get("location"), entry.get("id"), entry.get("name")]
    paths = [place(each) if each is places[0] else f"/ResourceTypes/{each}" for each in places if each]
    answers = [published.get(path) for path in paths]
    best = next((each for each in answers if each.status == 200), answers[0])
    found = best.json if best.ok else {}
    sound = isinstance(found, dict) and RESOURCE_TYPE in (found.get("schemas") or [])
    holds("7644-4-06", sound, expected=f"200, schemas with {RESOURCE_TYPE}", observed=best.body[:200], answer=best)


@clause("7643-6-01", "7643-6-02")
def test_each_resource_type_is_described(published: Published) -> None:
    """Each resource type has a name, an endpoint, a schema and, where it fits, a description."""
    entries = resource_types(published)
    bare = [entry for entry in entries if not all(filled(entry.get(part)) for part in ("name", "endpoint", "schema"))]
    none_offends("7643-6-01", bare, expected="name, endpoint and schema")
    silent = [entry.get("name") for entry in entries if not filled(entry.get("description"))]
    none_offends("7643-6-02", silent, expected="a description", tolerated=True)


@clause("7643-6-03", "7643-6-04")
@budget(8)
def test_the_schemas_of_a_type_exist(published: Published) -> None:
    """The schema and the extensions of each resource type are found below /Schemas."""
    entries = resource_types(published)
    lost = [entry.get("schema") for entry in entries if not _published(published, entry.get("schema"))]
    none_offends("7643-6-03", lost, expected="200 with the same id")
    lists = [entry["schemaExtensions"] for entry in entries if entry.get("schemaExtensions")]
    if not lists:
        not_applicable("7643-6-04", "no resource type lists an extension")
        return
    extensions = [each for listed in lists for each in objects(listed)]
    odd = [
        each
        for each in extensions
        if not (_published(published, each.get("schema")) and isinstance(each.get("required"), bool))
    ]
    none_offends("7643-6-04", odd, expected="a published schema and a boolean required")


def _published(published: Published, uri: object) -> bool:
    answer = published.get(f"/Schemas/{uri}")
    return answer.ok and isinstance(answer.json, dict) and answer.json.get("id") == uri


@clause("7643-6-05", "7644-3.2-01")
def test_the_endpoints_of_the_types_are_reachable(scim: ScimClient, published: Published) -> None:
    """Each type has one endpoint of its own that is routed; users are at /Users, groups at /Groups."""
    entries = resource_types(published)
    endpoints = [str(entry.get("endpoint")) for entry in entries]
    states = {each: scim.get("/" + each.strip("/"), params={"count": 1}).status for each in endpoints}
    dead = [f"{each}: {status}" for each, status in states.items() if status not in ROUTED]
    shared = [each for each in endpoints if endpoints.count(each) > 1]
    none_offends("7643-6-05", dead + shared, expected="an endpoint of its own that is routed")
    usual = {"User": "/Users", "Group": "/Groups"}
    odd = [entry for entry in entries if not str(entry.get("endpoint")).endswith(usual.get(str(entry.get("name")), ""))]
    none_offends("7644-3.2-01", odd, expected="/Users and /Groups")


@clause("7644-3.2-02")
def test_the_endpoint_of_another_type_is_its_plural(published: Published) -> None:
    """The endpoint of a further type is its name with an s."""
    others = [entry for entry in resource_types(published) if entry.get("name") not in ("User", "Group")]
    odd = [
        entry.get("endpoint") for entry in others if str(entry.get("endpoint")).strip("/") != f"{entry.get('name')}s"
    ]
    none_offends("7644-3.2-02", odd, expected="/{name}s")


@clause("7643-6-06")
@budget(7)
def test_resource_types_are_read_only(scim: ScimClient, published: Published) -> None:
    """No write changes the resource types."""
    before = published.get("/ResourceTypes").json
    answers = writes(scim, "/ResourceTypes", "/ResourceTypes/User")
    worst = next((each for each in answers if each.status < 400), answers[0])
    refused("7643-6-06", worst, status=(400, 403, 404, 405, 501), unchanged=scim.get("/ResourceTypes").json == before)


@clause("7643-6-07")
def test_meta_names_the_resource_type(published: Published, users: Users, groups: Groups) -> None:
    """meta.resourceType of users and groups is the name that /ResourceTypes gives."""
    names = {entry.get("name") for entry in resource_types(published)}
    found = tuple(each.create().get("meta", {}).get("resourceType") for each in (users, groups))
    told = set(found) <= names and found == ("User", "Group")
    holds("7643-6-07", told, expected=f"User and Group, out of {sorted(map(str, names))}", observed=found)


@clause("7643-6-08")
def test_a_required_extension_is_on_every_resource(scim: ScimClient, published: Published) -> None:
    """The URN of a required extension is in the schemas of every resource of the type."""
    lacking = [
        found.get("id")
        for entry in resource_types(published)
        for extension in objects(entry.get("schemaExtensions"))
        if extension.get("required") is True
        for found in scim.get("/" + str(entry["endpoint"]).strip("/"), params={"count": 20}).resources
        if extension.get("schema") not in found.get("schemas", [])
    ]
    none_offends("7643-6-08", lacking, expected="the URN in schemas")


@clause("7644-4-07")
def test_paging_and_sorting_are_ignored_on_discovery(scim: ScimClient, published: Published) -> None:
    """Paging and sorting parameters change nothing on a discovery endpoint."""
    plain = published.get("/Schemas")
    paged = scim.get("/Schemas", params={"startIndex": 2, "count": 1, "sortBy": "id"})
    holds("7644-4-07", paged.json == plain.json, expected="the same document", observed=paged.body[:120], answer=paged)


@clause("7644-4-08")
@budget(5)
def test_a_filter_on_discovery_is_forbidden(scim: ScimClient, published: Published) -> None:
    """A filter on a discovery endpoint is answered 403."""
    answers = [scim.query(path, "id pr") for path in ("/Schemas", "/ResourceTypes", "/ServiceProviderConfig")]
    states = [each.status for each in answers]
    ignored = all(
        each.json == published.get(path).json
        for each, path in zip(answers[:2], ("/Schemas", "/ResourceTypes"), strict=True)
    )
    variants = {
        "forbidden": states == [403] * 3,
        "refused": set(states) <= {400, 403},
        "ignored": set(states) <= {200, 400, 403} and ignored,
    }
    either("7644-4-08", "AMB-39", variants, observed=states, warn={"refused", "ignored"}, answer=answers[0])


@clause("7644-3.12-03")
def test_an_unknown_endpoint_is_not_found(scim: ScimClient) -> None:
    """An endpoint that does not exist gives 404 with an error body."""
    answer = scim.get(f"/Nothing{uuid.uuid4().hex}")
    scim_error = "urn:ietf:params:scim:api:messages:2.0:Error" in ((answer.error or {}).get("schemas") or [])
    variants = {"scim": answer.status == 404 and scim_error, "other": answer.status == 404}
    either("7644-3.12-03", "AMB-67", variants, observed=answer.status, warn={"other"}, answer=answer)
