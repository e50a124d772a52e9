"""What a body may say of schemas, extensions and common attributes, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.judging import budget, clause, either, holds, not_applicable
from conformance.population import OMIT, Document, Groups, Resources, Users
from conformance.rfc_schema import CORE_GROUP, CORE_USER, ENTERPRISE_USER
from conformance.samples import required_values
from conformance.suites.states import instant, meta, resulting, state, whole
from conformance.target import Target

VENDOR = "urn:example:params:scim:schemas:vendor:2.0:Group"
BAD = ("invalidSyntax", "invalidValue", None)


def listed(resource: Mapping[str, Any]) -> list[str]:
    """The schemas of a resource, sorted."""
    return sorted(map(str, resource.get("schemas") or []))


@clause("7643-3-03", "7643-3-05")
def test_the_schemas_of_a_body_are_checked(users: Users) -> None:
    """A schema named twice is shown once or refused; a body that names none is refused or taken as it is."""
    answer = users.post(users.body(schemas=[CORE_USER, CORE_USER]))
    shown = listed(resulting(users, answer.resource, answer)) if answer.ok else []
    fine = answer.status == 400 or shown == [CORE_USER]
    holds("7643-3-03", fine, expected="once, or 400", observed=shown or answer.status, answer=answer)
    answer = users.post(users.body(schemas=OMIT))
    shown = listed(resulting(users, answer.resource, answer)) if answer.ok else []
    variants = {
        "refused": answer.status == 400 and answer.scim_type in BAD,
        "accepted": answer.ok and CORE_USER in shown,
    }
    either("7643-3-05", "AMB-34", variants, observed=(answer.status, answer.scim_type), answer=answer)


@clause("7643-3-06")
def test_an_unknown_schema_is_dropped_or_refused(groups: Groups) -> None:
    """A schema the target does not know is refused in a body, or left out of the resource with its data."""
    body = groups.body(schemas=[CORE_GROUP, VENDOR], **{VENDOR: {"color": "blue"}})
    answer = groups.post(body)
    found = groups.read(answer.resource) if answer.ok else {}
    variants = {
        "ignored": answer.ok and VENDOR not in listed(found) and VENDOR not in found,
        "refused": answer.status == 400 and answer.scim_type in BAD,
    }
    either("7643-3-06", "AMB-38", variants, observed=(answer.status, sorted(found)), answer=answer)


@clause("7643-3-04", "7643-3.3-03")
def test_an_extension_stands_in_its_container(users: Users) -> None:
    """Data of an extension come back in its container, whatever the order of `schemas`."""
    data = {"costCenter": "C-7", "division": "North"}
    orders = ([CORE_USER, ENTERPRISE_USER], [ENTERPRISE_USER, CORE_USER])
    answers = [users.post(users.body(schemas=order, **{ENTERPRISE_USER: data})) for order in orders]
    found = [resulting(users, answer.resource, answer) if answer.ok else {} for answer in answers]
    held = [each.get(ENTERPRISE_USER) for each in found]
    inside = held[0] == data and not set(data) & set(found[0])
    holds("7643-3.3-03", inside, expected=f"{data} in the container", observed=found[0] or answers[0].status)
    plain = [without_names(each) for each in found]
    alike = bool(found[0]) and plain[0] == plain[1]
    holds("7643-3-04", alike, expected="the same user", observed=plain, answer=answers[1])


def without_names(resource: Document) -> Any:
    """The state of a user without what is unique to it."""
    return state({name: value for name, value in resource.items() if name not in ("id", "userName", "emails")})


@clause("7643-3.1-17")
@budget(5)
def test_the_meta_of_a_body_is_ignored(users: Users) -> None:
    """meta in a body has no effect, on create and on replace."""
    claimed = {"resourceType": "Group", "created": "2001-01-01T00:00:00Z", "version": 'W/"none"'}
    created = users.post(users.body(meta=claimed))
    made = resulting(users, created.resource, created)
    replaced = users.client.put(users.path(made), whole(users, made, title="Director", meta=claimed))
    shown = [made, resulting(users, made, replaced)]
    taken = [meta(each, name) for each in shown for name in claimed if meta(each, name) == claimed[name]]
    kept = instant(meta(shown[1], "created")) == instant(meta(made, "created"))
    fine = created.ok and replaced.ok and kept and not taken
    told = taken or (created.status, replaced.status, meta(shown[1], "created"))
    holds("7643-3.1-17", fine, expected="2xx, the provider's values", observed=told, answer=replaced)


@clause("7643-3.1-25", "7643-3-11")
@budget(9)
def test_common_attributes_exist_on_every_resource(users: Users, groups: Groups, target: Target) -> None:
    """meta can be left out and asked for, and meta and externalId filtered, though no schema defines them."""
    external = users.run.name("common")
    told: dict[str, object] = {}
    for resources in (users, groups):
        made = resources.create(externalId=external)
        path, endpoint = resources.path(made), resources.endpoint
        part = resources.client.get(path, params={"attributes": "meta.created"})
        told[f"{endpoint} attributes"] = shown = part.resource.get("meta")
        asked = isinstance(shown, dict) and shown.keys() == {"created"}
        holds("7643-3-11", asked, expected="meta.created alone", observed=shown, answer=part)
        if target.has("filter"):
            text = f'externalId eq "{external}" and meta.resourceType pr'
            answer = resources.client.query(endpoint, text)
            hit = answer.ok and [each.get("id") for each in answer.resources] == [made["id"]]
            variants = {"evaluated": hit, "refused": answer.status == 400}
            either("7643-3-11", "AMB-73", variants, observed=answer.status, about=endpoint, answer=answer)
        bare = resources.client.get(path, params={"excludedAttributes": "meta"})
        rest = bare.resource.keys()
        gone = rest == made.keys() - {"meta"}
        holds("7643-3.1-25", gone, expected="all but meta", observed=sorted(rest), answer=bare)


@clause("7643-2.4-08")
@budget(6)
def test_references_of_other_versions_are_alike(users: Users, target: Target) -> None:
    """A manager named by a URI with and without the API version is the same manager."""
    if not target.has("attribute:User.manager.$ref"):
        not_applicable("7643-2.4-08", "the target's users have no manager.$ref to write")
        return
    boss, seen = users.create(), []
    bases = (target.url.rstrip("/"), target.url.rstrip("/").rpartition("/")[0])
    for base in bases:
        manager = {"value": boss["id"], "$ref": f"{base}{users.path(boss)}"}
        schemas = [CORE_USER, ENTERPRISE_USER]
        answer = users.post(users.body(schemas=schemas, **{ENTERPRISE_USER: {"manager": manager}}))
        found = resulting(users, answer.resource, answer) if answer.ok else {}
        shown = (found.get(ENTERPRISE_USER) or {}).get("manager") or {}
        seen.append((answer.status, shown.get("value")))
    alike = seen[0] == seen[1] and seen[0][1] in (boss["id"], None)
    holds("7643-2.4-08", alike, expected="both alike", observed=seen, answer=answer)


@clause("7643-3.1-26")
@budget(5)
def test_custom_types_have_the_common_attributes(users: Users, target: Target) -> None:
    """A resource of a type of the target's own has id, meta and an externalId that can be set."""
    entry = next(each for each in target.capabilities.resource_types if each.get("name") not in ("User", "Group"))
    name, external = str(entry["name"]), users.run.name("custom")
    definitions = list(target.capabilities.definitions(name))
    own = {str(each["name"]): external for each in definitions if each.get("name") in ("userName", "displayName")}
    template = {"schemas": [entry.get("schema")], **required_values(definitions), **own}
    resources = Resources(users.client, users.run, target.capabilities.endpoint(name), template)
    answer = resources.post(resources.body(externalId=external))
    if answer.status in (400, 403, 404, 405, 501):
        not_applicable("7643-3.1-26", f"a {name} cannot be created from its schema alone: {answer.status}")
        return
    found = resources.read(answer.resource)
    resources.clear()
    told = (found.get("id"), found.get("externalId"), meta(found, "resourceType"))
    fine = bool(told[0]) and told[1:] == (external, name)
    holds("7643-3.1-26", fine, expected=f"an id, {external}, {name}", observed=told, answer=answer)
