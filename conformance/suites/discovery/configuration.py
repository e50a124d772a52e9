"""What /ServiceProviderConfig says, and whether it is true."""

from __future__ import annotations

import uuid
from typing import Any

from conformance.client import ScimClient
from conformance.judging import budget, clause, either, holds, observe, refused
from conformance.population import Document, Users
from conformance.published import Published
from conformance.suites.discovery.documents import CONFIG, definitions, is_url, none_offends, objects, writes
from conformance.target import Target

PATH = "/ServiceProviderConfig"
TYPES = frozenset({"oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"})


def integer(value: object) -> bool:
    """Whether a value is a whole JSON number of at least zero."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def feature(published: Published, name: str) -> dict[str, Any]:
    """One member of the configuration, empty where it is missing."""
    found = published.get(PATH).resource.get(name)
    return found if isinstance(found, dict) else {}


def has_flag(published: Published, clause_id: str, name: str) -> None:
    """Judge that a feature carries the boolean `supported`."""
    found = feature(published, name)
    holds(clause_id, isinstance(found.get("supported"), bool), expected=f"boolean {name}.supported", observed=found)


@clause("7644-4-01", "7644-4-02")
def test_the_configuration_is_one_object(published: Published) -> None:
    """The configuration is one object tagged with its URN, not a list."""
    answer = published.get(PATH)
    found = answer.json if answer.ok else {}
    members = found if isinstance(found, dict) else {}
    tagged = answer.status == 200 and CONFIG in (members.get("schemas") or [])
    holds("7644-4-01", tagged, expected=f"200 and schemas with {CONFIG}", observed=answer.body[:200], answer=answer)
    wrapped = isinstance(found, list) or bool({"Resources", "totalResults"} & members.keys())
    holds("7644-4-02", not wrapped, expected="no Resources and no totalResults", observed=sorted(members))


@clause("7643-5-01")
def test_patch_support_is_told(published: Published) -> None:
    """The configuration says whether PATCH is supported."""
    has_flag(published, "7643-5-01", "patch")


@clause("7643-5-02")
def test_bulk_support_is_told_with_its_limits(published: Published) -> None:
    """The configuration says whether bulk is supported, and its two limits."""
    bulk = feature(published, "bulk")
    told = isinstance(bulk.get("supported"), bool)
    limits = integer(bulk.get("maxOperations")) and integer(bulk.get("maxPayloadSize"))
    holds(
        "7643-5-02", told and limits, expected="boolean supported, integer maxOperations, maxPayloadSize", observed=bulk
    )


@clause("7643-5-03")
def test_filter_support_is_told_with_its_limit(published: Published) -> None:
    """The configuration says whether filters are supported, and the most results."""
    found = feature(published, "filter")
    told = isinstance(found.get("supported"), bool) and integer(found.get("maxResults"))
    holds("7643-5-03", told, expected="boolean supported, integer maxResults", observed=found)


@clause("7643-5-04")
def test_password_change_support_is_told(published: Published) -> None:
    """The configuration says whether passwords can be changed."""
    has_flag(published, "7643-5-04", "changePassword")


@clause("7643-5-05")
def test_sort_support_is_told(published: Published) -> None:
    """The configuration says whether sorting is supported."""
    has_flag(published, "7643-5-05", "sort")


@clause("7643-5-06")
def test_etag_support_is_told(published: Published) -> None:
    """The configuration says whether resources are versioned."""
    has_flag(published, "7643-5-06", "etag")


@clause("7643-5-07", "7643-5-08", "7643-5-09")
def test_authentication_schemes_are_described(published: Published) -> None:
    """Each authentication scheme has a registered type, a name, a description and real URLs."""
    config = published.get(PATH).resource
    schemes = objects(config.get("authenticationSchemes"))
    whole = [all(isinstance(each.get(part), str) for part in ("type", "name", "description")) for each in schemes]
    expected = "a list of schemes, each with type, name, description"
    holds("7643-5-07", bool(whole) and all(whole), expected=expected, observed=config.get("authenticationSchemes"))
    strange = [each.get("type") for each in schemes if each.get("type") not in TYPES]
    none_offends("7643-5-08", strange, expected=f"types out of {sorted(TYPES)}", tolerated=True)
    links = [each.get(key) for each in (config, *schemes) for key in ("specUri", "documentationUri")]
    none_offends("7643-5-09", [link for link in links if link and not is_url(link)], expected="absent or http(s) URLs")


@clause("7643-5-11", "7644-3.2-03")
@budget(7)
def test_the_configuration_is_read_only(scim: ScimClient, published: Published) -> None:
    """No write changes the configuration."""
    before = published.get(PATH).json
    answers = writes(scim, PATH, PATH)
    same = scim.get(PATH).json == before
    worst = next((each for each in answers if each.status < 400), answers[0])
    refused("7643-5-11", worst, status=(400, 403, 404, 405, 501), unchanged=same)
    refused("7644-3.2-03", answers[0], status=(403, 404, 405, 501), unchanged=same)


@clause("7643-5-12")
def test_the_configuration_is_readable_without_credentials(scim: ScimClient) -> None:
    """The authentication schemes can be read before one has credentials."""
    answer = scim.anonymous().get(PATH)
    variants = {"public": answer.ok, "protected": answer.status in (401, 403)}
    either("7643-5-12", "AMB-40", variants, observed=answer.status, warn={"protected"}, answer=answer)


@clause("7644-3.7-01")
def test_bulk_support_is_as_told(scim: ScimClient, target: Target) -> None:
    """The bulk endpoint is there exactly if the configuration says so."""
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": []}
    answer = scim.post("/Bulk", json=body)
    if target.capabilities.supports("bulk"):
        holds("7644-3.7-01", answer.status in (200, 400), expected="200 or 400", observed=answer.status, answer=answer)
    else:
        refused("7644-3.7-01", answer, status=(501, 404, 405))


@clause("7644-3.4.2.2-01")
def test_filter_support_is_as_told(scim: ScimClient, target: Target) -> None:
    """A filter that matches nobody never answers with everybody."""
    answer = scim.query("/Users", f'userName eq "nobody-{uuid.uuid4()}"')
    if target.capabilities.supports("filter"):
        none = answer.ok and answer.total == 0
        holds("7644-3.4.2.2-01", none, expected="200 and totalResults 0", observed=answer.body[:200], answer=answer)
    else:
        refused("7644-3.4.2.2-01", answer, status=(400, 403, 501), scim_type="invalidFilter")


@clause("7644-3.12-01")
def test_patch_without_support_is_not_implemented(scim: ScimClient) -> None:
    """PATCH is answered 501 where the configuration says it is not supported."""
    answer = scim.patch(f"/Users/{uuid.uuid4()}", json={"schemas": [], "Operations": []})
    words = {"not-implemented": 501, "method-not-allowed": 405, "not-found": 404, "forbidden": 403}
    variants = {word: answer.status == status for word, status in words.items()}
    either("7644-3.12-01", "AMB-41", variants, observed=answer.status, answer=answer)


@clause("7644-3.14-01")
def test_versioning_support_is_as_told(scim: ScimClient, reader: Document) -> None:
    """A resource carries an ETag where the configuration says so."""
    answer = scim.get(f"/Users/{reader['id']}")
    holds("7644-3.14-01", "ETag" in answer.headers, expected="an ETag header", observed=dict(answer.headers))


@clause("7643-3.1-02", "7643-3.1-32")
def test_common_attributes_keep_their_characteristics(scim: ScimClient, published: Published, users: Users) -> None:
    """Whatever a schema document lists, `id` and `meta` cannot be written and `id` survives projection."""
    listed = [
        each for each in definitions(published.get("/Schemas").resources) if each.name in ("id", "externalId", "meta")
    ]
    observe("7643-3.1-02", f"listed in /Schemas: {', '.join(map(str, listed)) or 'none'}")
    answer = users.post(users.body(id="chosen-by-client", meta={"created": "2001-01-01T00:00:00Z"}))
    if answer.status == 400:
        holds("7643-3.1-32", True, expected="no id of the client's", observed="a body with id and meta is refused")
        return
    made = answer.resource
    lean = scim.get(f"/Users/{made['id']}", params={"excludedAttributes": "id"}).resource
    kept = made["id"] != "chosen-by-client" and lean.get("id") == made["id"]
    own = not str(made.get("meta", {}).get("created", "")).startswith("2001-01-01")
    holds("7643-3.1-32", kept and own, expected="id and meta of the provider, id always shown", observed=lean)
