"""Creating and reading one resource (RFC 7644 sections 3.3 and 3.4.1)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from conformance.client import Answer, ScimClient
from conformance.judging import budget, clause, either, holds, not_applicable, observe, refused
from conformance.population import OMIT, Document, Groups, Users
from conformance.suites.links import place
from conformance.target import Target

CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
BAD_BODY = (400,)
UNDEFINED = (404, 405, 501)


def object_of(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer, empty where there is none."""
    found = answer.json if answer.body else {}
    return found if isinstance(found, dict) else {}


def meta_of(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    """The meta attribute, empty where it is missing."""
    found = resource.get("meta")
    return found if isinstance(found, dict) else {}


def count_named(users: Users, name: object) -> int:
    """How many users a filter finds under a userName."""
    return users.client.query(users.endpoint, f'userName eq "{name}"').total


@clause("7644-3.3-01", "7644-3.3-02", "7644-3.3-03")
def test_a_valid_user_is_created(users: Users) -> None:
    """A valid create gives 201, the place of the resource, and its representation."""
    answer = users.post(users.body())
    holds("7644-3.3-01", answer.status == 201, expected="201", observed=answer.status, answer=answer)
    found, header = object_of(answer), answer.headers.get("Location")
    shown = users.client.get(place(header)) if header else answer
    told = meta_of(found).get("location", header)
    agrees = (
        header is not None
        and place(told) == place(header)
        and shown.resource.get("id") == found.get("id", shown.resource.get("id"))
    )
    holds(
        "7644-3.3-02", agrees, expected="Location = meta.location, GET finds it", observed=(header, told), answer=shown
    )
    whole = bool(found.get("id")) and "userName" in found
    holds("7644-3.3-03", whole, expected="the resource with its id", observed=answer.body[:200], answer=answer)


@clause("7644-3.3-04")
def test_a_second_user_of_that_name_is_refused(users: Users) -> None:
    """A create with a userName that is taken gives 409 uniqueness, and creates nothing."""
    made = users.create()
    answer = users.post(users.body(userName=made["userName"]))
    single = count_named(users, made["userName"]) == 1
    refused("7644-3.3-04", answer, status=409, scim_type="uniqueness", unchanged=single)


@clause("7644-3.3-05")
def test_read_only_values_are_ignored_on_create(users: Users) -> None:
    """Read-only attributes of the client are ignored on create."""
    claimed = {"resourceType": "Group", "created": "2001-01-01T00:00:00Z", "location": "https://example.com/x"}
    answer = users.post(users.body(meta=claimed, groups=[{"value": str(uuid.uuid4())}]))
    made = object_of(answer)
    taken = [name for name in claimed if meta_of(made).get(name) == claimed[name]]
    ignored = answer.ok and not taken and not made.get("groups")
    holds("7644-3.3-05", ignored, expected="2xx, own meta, no groups", observed=answer.body[:300], answer=answer)


@clause("7644-3.3-06", "7644-3.3-07")
def test_defaults_of_the_provider_are_told(users: Users) -> None:
    """What the provider fills in for attributes left out, and for an explicit null, is told."""
    sent = users.body(active=OMIT)
    made = object_of(users.post(sent))
    added = sorted(made.keys() - sent.keys() - {"id", "meta", "schemas"})
    observe("7644-3.3-06", f"filled in: {', '.join(added) or 'nothing'}")
    cleared = object_of(users.post(users.body(active=None)))
    observe("7644-3.3-07", f"active left out: {made.get('active')!r}; active null: {cleared.get('active')!r}")


@clause("7644-3.3.1-01")
def test_the_endpoint_decides_the_resource_type(users: Users, groups: Groups) -> None:
    """meta.resourceType comes from the endpoint, whatever the body says."""
    user = users.create(meta={"resourceType": "Group"})
    group = groups.create(meta={"resourceType": "User"})
    found = (meta_of(user).get("resourceType"), meta_of(group).get("resourceType"))
    holds("7644-3.3.1-01", found == ("User", "Group"), expected="User and Group", observed=found)


@clause("7644-3.12-06")
def test_a_group_is_no_user(users: Users) -> None:
    """The body of a group is refused below /Users."""
    answer = users.post({"schemas": [CORE_GROUP], "displayName": users.run.name("group")})
    refused("7644-3.12-06", answer, status=BAD_BODY, scim_type=("invalidSyntax", "invalidValue"))


@clause("7644-3.12-07")
def test_broken_json_is_refused(users: Users) -> None:
    """A body that is no JSON gives 400 invalidSyntax."""
    answer = users.client.request("POST", users.endpoint, body=b'{"userName":')
    refused("7644-3.12-07", answer, status=400, scim_type="invalidSyntax")


@clause("7644-3.12-08")
@budget(5)
def test_json_that_is_no_object_is_refused(users: Users) -> None:
    """A list, a string, a null or an empty body gives 400 invalidSyntax."""
    answers = [users.client.request("POST", users.endpoint, body=body) for body in (b"[]", b'"x"', b"null", b"")]
    worst = max(answers, key=lambda each: (each.status != 400, each.status < 400, each.status >= 500))
    refused("7644-3.12-08", worst, status=400, scim_type="invalidSyntax")


@clause("7644-3.12-09", "7644-3.3-09")
def test_a_bad_value_is_refused_and_leaves_nothing(users: Users) -> None:
    """A missing userName or an ill-typed value gives 400 invalidValue, and nothing is created."""
    nameless = users.post(users.body(userName=OMIT))
    body = users.body(active="maybe")
    answer = users.post(body)
    worst = nameless if nameless.status != 400 else answer
    refused("7644-3.12-09", worst, status=400, scim_type=("invalidValue", "invalidSyntax"))
    left = count_named(users, body["userName"]) if answer.status >= 400 else 0
    holds("7644-3.3-09", left == 0, expected="no user of that name", observed=f"{left} found", answer=answer)


@clause("7644-3.9-01")
def test_projection_works_on_create(users: Users) -> None:
    """`attributes` and `excludedAttributes` shape the answer to a create."""
    body = users.body(title="Planner")
    lean = object_of(users.client.post(users.endpoint, body, params={"attributes": "userName"}))
    users.made.append(str(lean.get("id")))
    less = object_of(
        users.client.post(users.endpoint, users.body(title="Planner"), params={"excludedAttributes": "title"})
    )
    users.made.append(str(less.get("id")))
    kept = {"id", "userName"} <= lean.keys() <= {"id", "userName", "schemas", "meta"}
    removed = "title" not in less and "userName" in less
    holds(
        "7644-3.9-01", kept and removed, expected="only userName; all but title", observed=(sorted(lean), sorted(less))
    )


@clause("7644-3.4.1-01")
def test_a_new_user_is_found_at_once(users: Users) -> None:
    """A new user is readable by id at once, and found by a filter."""
    made = users.create()
    by_id = users.client.get(users.path(made))
    listed = count_named(users, made["userName"]) == 1
    variants = {"at-once": by_id.status == 200 and listed, "grace": by_id.status == 200}
    either("7644-3.4.1-01", "AMB-61", variants, observed=f"by id {by_id.status}, listed {listed}", answer=by_id)


@clause("7644-3.14-02")
def test_a_create_carries_the_version(users: Users) -> None:
    """A create is answered with an ETag that equals meta.version."""
    answer = users.post(users.body())
    tag, version = answer.headers.get("ETag"), meta_of(object_of(answer)).get("version")
    holds(
        "7644-3.14-02",
        tag is not None and version in (None, tag),
        expected="ETag = meta.version",
        observed=(tag, version),
    )


@clause("7644-3.2-04")
def test_posting_to_a_resource_creates_nothing(users: Users, reader: Document) -> None:
    """POST to the URI of a user is not a create."""
    refused("7644-3.2-04", users.client.post(users.path(reader), users.body()), status=UNDEFINED)


@clause("7644-2.2-01")
def test_an_anonymous_create_is_told(users: Users) -> None:
    """What a create without credentials gives is told."""
    answer = users.client.anonymous().post(users.endpoint, users.body())
    if answer.ok:
        users.made.append(str(object_of(answer).get("id")))
    observe("7644-2.2-01", f"POST without credentials: {answer.status}")


@clause("7644-3.4.1-02")
def test_a_user_is_returned_bare(users: Users, reader: Document) -> None:
    """A known user comes with 200 and without a list around it."""
    answer = users.client.get(users.path(reader))
    found = object_of(answer)
    bare = answer.status == 200 and found.get("id") == reader["id"] and "Resources" not in found
    holds("7644-3.4.1-02", bare, expected="200 and the resource", observed=answer.body[:200], answer=answer)


@clause("7644-3.12-11")
def test_an_unknown_id_is_not_found(users: Users) -> None:
    """An id that was never given out gives 404."""
    refused("7644-3.12-11", users.client.get(users.path(str(uuid.uuid4()))), status=404)


@clause("7644-3.4.1-03")
def test_an_id_belongs_to_one_endpoint(reader: Document, groups: Groups) -> None:
    """The id of a user is not found below /Groups."""
    refused("7644-3.4.1-03", groups.client.get(groups.path(reader["id"])), status=404)


@clause("7644-3.4-01")
def test_the_default_output_has_no_hidden_attribute(users: Users, target: Target) -> None:
    """Attributes returned never or on request are not in a plain answer."""
    made = users.create(password=users.run.name("Pw1!"))
    shown = {name.lower() for name in users.read(made)}
    hidden = [
        str(each.get("name"))
        for schema in target.capabilities.schemas_of("User")
        for each in schema.get("attributes", [])
        if each.get("returned") in ("never", "request") and str(each.get("name")).lower() in shown
    ]
    holds("7644-3.4-01", not hidden, expected="none of them", observed=hidden or "none", harm="password" in hidden)


@clause("7231-4.2.1-01")
def test_reading_changes_nothing(users: Users, reader: Document) -> None:
    """Two reads of a user give the same body and the same ETag."""
    first, second = users.client.get(users.path(reader)), users.client.get(users.path(reader))
    same = first.json == second.json and first.headers.get("ETag") == second.headers.get("ETag")
    holds("7231-4.2.1-01", same, expected="the same answer", observed=second.body[:200], answer=second)


@clause("7231-4.3.2-01")
def test_head_mirrors_get(users: Users, reader: Document) -> None:
    """HEAD, where it is offered, gives the status and headers of GET without a body."""
    answer = users.client.request("HEAD", users.path(reader))
    if answer.status in (405, 501):
        not_applicable("7231-4.3.2-01", f"HEAD is not offered: {answer.status}")
        return
    same = answer.headers.get("ETag") == users.client.get(users.path(reader)).headers.get("ETag")
    holds(
        "7231-4.3.2-01",
        answer.status == 200 and not answer.body and same,
        expected="200, no body",
        observed=answer.status,
    )


@clause("7644-3.12-12")
@budget(6)
def test_strange_ids_are_not_found(users: Users) -> None:
    """NUL, path climbing and a 4 kB id are not found, and harm nothing."""
    strange = ("%00", "..%2f", "%F0%9F%92%A9", "a" * 4096, "%FF")
    answers = [users.client.get(users.path(each)) for each in strange]
    told = {each: answer.status for each, answer in zip(strange, answers, strict=True)}
    fine = all(status in (400, 404, 414) for status in told.values())
    crash = any(status >= 500 for status in told.values())
    short = {each[:12]: status for each, status in told.items()}
    holds("7644-3.12-12", fine, expected="404 or 400", observed=short, harm=crash)


@clause("7644-3.2-05", "7644-3.8-03")
def test_odd_spellings_of_a_path_are_told(users: Users, reader: Document, scim: ScimClient) -> None:
    """What a trailing slash and a `.scim` suffix give is told."""
    slash, suffix = scim.get(f"{users.endpoint}/", params={"count": 1}), scim.get(f"{users.path(reader)}.scim")
    fine = slash.status in (200, 301, 302, 307, 308, 404)
    holds("7644-3.2-05", fine, expected="as without, a redirect, or 404", observed=slash.status, answer=slash)
    holds("7644-3.8-03", suffix.status in (200, 404), expected="200 or 404", observed=suffix.status, answer=suffix)
