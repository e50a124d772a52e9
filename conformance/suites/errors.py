"""The shape of errors, and the status codes of section 3.12 of RFC 7644."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable

import pytest

from conformance.client import Answer, ScimClient
from conformance.judging import budget, clause, either, holds, not_applicable, observe, refused
from conformance.population import Document, Users
from conformance.refusals import REGISTERED
from conformance.run import Run

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
API = "urn:ietf:params:scim:api:"
INTERNALS = re.compile(
    rb"Traceback|at [\w.$]+\([\w.]+:\d+\)|SELECT .+ FROM|sqlite|psycopg|ORA-\d|SQLSTATE|/site-packages/|\.py\", line"
)


def provoke(scim: ScimClient) -> list[Answer]:
    """Five refusals: unknown resource, broken JSON, missing value, bad filter, unknown endpoint."""
    nowhere = uuid.uuid4()
    return [
        scim.get(f"/Users/{nowhere}"),
        scim.request("POST", "/Users", body=b"{"),
        scim.post("/Users", {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}),
        scim.query("/Users", "userName regex"),
        scim.get(f"/Nothing{nowhere}"),
    ]


@pytest.fixture(scope="module")
def provoked(scim: ScimClient) -> list[Answer]:
    """The refusals among five requests that are wrong."""
    return [answer for answer in provoke(scim) if answer.status >= 400]


@pytest.fixture
def errors(scim: ScimClient, provoked: list[Answer]) -> list[Answer]:
    """The same, as evidence of this check too."""
    scim.transport.recorder.recall(answer.exchange for answer in provoked)
    return provoked


def first_unlike(answers: Iterable[Answer], sound: Callable[[Answer], bool]) -> Answer | None:
    """The first answer that is not sound."""
    return next((answer for answer in answers if not sound(answer)), None)


def all_sound(
    clause_id: str, answers: list[Answer], sound: Callable[[Answer], bool], expected: str, **grades: bool
) -> None:
    """Judge that every answer is sound; the first that is not becomes the evidence; grades are those of `holds`."""
    odd = first_unlike(answers, sound)
    observed = odd.body[:200] if odd else f"{len(answers)} errors"
    holds(clause_id, odd is None and bool(answers), expected=expected, observed=observed, answer=odd, **grades)


def member(answer: Answer, name: str) -> object:
    """A member of the error, None where it is missing."""
    return (answer.error or {}).get(name)


def urns(answer: Answer) -> list[object]:
    """The schemas of the error."""
    found = member(answer, "schemas")
    return found if isinstance(found, list) else []


@clause("7644-3.12-37", "7644-3.12-38", "7644-3.1-04", "7644-3.12-42", "7644-3.8-05")
def test_every_error_is_an_error_document(errors: list[Answer]) -> None:
    """Every error is a JSON object at the root, tagged with the Error URN."""
    all_sound("7644-3.12-37", errors, lambda each: each.error is not None, "a JSON object")
    all_sound("7644-3.12-38", errors, lambda each: urns(each) == [ERROR], f"schemas = [{ERROR}]")
    all_sound(
        "7644-3.1-04", errors, lambda each: any(str(urn).startswith(API) for urn in urns(each)), f"a URN below {API}"
    )
    all_sound("7644-3.12-42", errors, lambda each: member(each, "status") is not None, "status at the root")
    all_sound("7644-3.8-05", errors, _labelled, "Content-Type application/scim+json")


def _labelled(answer: Answer) -> bool:
    return answer.headers.get("Content-Type", "").split(";")[0].strip().lower() == "application/scim+json"


@clause("7644-3.12-39", "7644-3.2-10")
def test_the_status_is_repeated_as_a_string(errors: list[Answer]) -> None:
    """`status` is a JSON string that repeats the HTTP status."""
    agrees = all(str(member(each, "status")) == str(each.status) for each in errors)
    texts = all(isinstance(member(each, "status"), str) for each in errors)
    variants = {"string": agrees and texts, "number": agrees}
    told = [member(each, "status") for each in errors]
    either("7644-3.12-39", "AMB-55", variants, observed=told, warn={"number"}, answer=errors[0] if errors else None)
    holds("7644-3.2-10", len(errors) == 5 and agrees, expected="five statuses of 400 and above", observed=told)


@clause("7644-3.12-40", "7644-3.12-41")
def test_keyword_and_detail_are_sound(errors: list[Answer]) -> None:
    """scimType is a registered keyword and detail is a text, where they are given."""
    known: tuple[object, ...] = (None, *REGISTERED)
    all_sound(
        "7644-3.12-40", errors, lambda each: member(each, "scimType") in known, "a registered keyword", tolerated=True
    )
    all_sound(
        "7644-3.12-41",
        errors,
        lambda each: isinstance(member(each, "detail"), str | None),
        "a text or nothing",
        harm=True,
    )


@clause("7644-7.7-02")
def test_errors_leak_no_internals(errors: list[Answer]) -> None:
    """No error shows a stack trace, SQL or a path of the server."""
    all_sound("7644-7.7-02", errors, lambda each: not INTERNALS.search(each.body), "nothing of the inside")


HOSTILE: tuple[tuple[str, str, bytes | None], ...] = (
    ("POST", "/Users", b"\xff\xfe\x00"),
    ("POST", "/Users", b'{"schemas":' * 500),
    ("POST", "/Users", b'{"userName":"\\ud800"}'),
    ("POST", "/Users", b'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":{"a":[1]}}'),
    ("POST", "/Users", b'{"schemas":7,"userName":true,"emails":{"x":null},"name":[]}'),
    ("GET", "/Users?filter=%28%28%28%28%28%28&startIndex=x&count=y", None),
    ("GET", "/Users?filter=userName%20eq%20%22%00%22", None),
    ("GET", "/Users?attributes=%F0%9F%98%80..,,&excludedAttributes=%00", None),
    ("GET", "/Users?sortBy=%5B%5D&sortOrder=sideways", None),
    (
        "PATCH",
        "/Users/{id}",
        b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":null,"path":[]}]}',
    ),
    ("PATCH", "/Users/{id}", b'{"Operations":"x"}'),
    ("PUT", "/Users/{id}", b"[[[[]]]]"),
    ("PUT", "/Users/{id}", b'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":[],"meta":9}'),
    ("DELETE", "/Users/%2e%2e%2fGroups", None),
    ("POST", "/Users/.search", b'{"schemas":[],"filter":7,"count":"many"}'),
    ("POST", "/Bulk", b'{"schemas":[],"Operations":[{"method":1}]}'),
)


@clause("7644-3.12-50", "7231-6.5-01")
@budget(18)
def test_no_hostile_request_breaks_the_server(scim: ScimClient, users: Users) -> None:
    """No malformed request is answered with 500."""
    made = users.create()
    answers = [scim.request(method, path.replace("{id}", made["id"]), body=body) for method, path, body in HOSTILE]
    crashed = first_unlike(answers, lambda each: each.status < 500 or each.status in (501, 503))
    told = [each.status for each in answers]
    holds("7644-3.12-50", crashed is None, expected="no 5xx but 501", observed=told, answer=crashed)
    observe("7231-6.5-01", f"statuses of {len(answers)} requests with several faults: {told}")


@clause("7644-3.12-51")
def test_what_is_not_offered_is_not_implemented(scim: ScimClient) -> None:
    """An operation the provider does not offer is answered 501."""
    answers = {path: scim.request(method, path, json={}) for method, path in (("POST", "/Bulk"), ("GET", "/Me"))}
    absent = {path: answer.status for path, answer in answers.items() if answer.status in (404, 405, 501)}
    if not absent:
        not_applicable("7644-3.12-51", "bulk and /Me are offered")
        return
    holds("7644-3.12-51", set(absent.values()) == {501}, expected="501", observed=absent, tolerated=True)


@clause("7644-3.12-52", "7644-3.12-53")
def test_redirects_name_their_target(scim: ScimClient) -> None:
    """A 307 or 308 carries a Location."""
    answers = [scim.get(path) for path in ("/Users/?count=1", "/users?count=1", "/Me")]
    for clause_id, status in (("7644-3.12-52", 307), ("7644-3.12-53", 308)):
        seen = [answer for answer in answers if answer.status == status]
        if seen:
            located = all("Location" in answer.headers for answer in seen)
            holds(clause_id, located, expected="a Location header", observed=dict(seen[0].headers), answer=seen[0])
        else:
            not_applicable(clause_id, f"no {status} was seen")


@clause("7231-6.5.5-01")
def test_method_not_allowed_names_the_allowed(scim: ScimClient, reader: Document) -> None:
    """A 405 lists the methods that are allowed."""
    tries = (
        ("PUT", "/Users"),
        ("POST", f"/Users/{reader['id']}"),
        ("POST", "/ServiceProviderConfig"),
        ("DELETE", "/Schemas"),
    )
    seen = [each for each in (scim.request(method, path, json={}) for method, path in tries) if each.status == 405]
    if not seen:
        not_applicable("7231-6.5.5-01", "no 405 was seen")
        return
    all_sound("7231-6.5.5-01", seen, lambda each: bool(each.headers.get("Allow")), "an Allow header")


@clause("7644-3.12-56")
@budget(5)
def test_a_taken_name_is_a_uniqueness_error_on_update(users: Users) -> None:
    """Replacing a userName by a taken one gives 409 or 400, with scimType uniqueness."""
    first, second = users.create(), users.create()
    answer = users.client.put(users.path(second), users.body(userName=first["userName"]))
    kept = users.read(second).get("userName") == second["userName"]
    known = kept and answer.scim_type == "uniqueness"
    variants = {"conflict": known and answer.status == 409, "bad-request": known and answer.status == 400}
    either("7644-3.12-56", "AMB-17", variants, observed=(answer.status, answer.scim_type), answer=answer)


@clause("7644-3.12-57")
def test_writing_a_read_only_attribute_is_a_mutability_error(users: Users, reader: Document, run: Run) -> None:
    """A PATCH of `id` is refused with 400 mutability."""
    answer = users.client.patch(users.path(reader), [{"op": "replace", "path": "id", "value": run.name()}])
    refused(
        "7644-3.12-57", answer, status=400, scim_type="mutability", unchanged=users.read(reader)["id"] == reader["id"]
    )


@clause("7644-3.12-59")
def test_a_malformed_path_is_an_invalid_path_error(users: Users, reader: Document) -> None:
    """A PATCH path outside the grammar is refused with 400 invalidPath."""
    answer = users.client.patch(users.path(reader), [{"op": "replace", "path": "name..givenName", "value": "x"}])
    refused("7644-3.12-59", answer, status=400, scim_type="invalidPath")


@clause("7644-3.12-60")
def test_removing_nothing_named_is_a_no_target_error(users: Users, reader: Document) -> None:
    """A remove without a path is refused with 400 noTarget."""
    answer = users.client.patch(users.path(reader), [{"op": "remove"}])
    refused("7644-3.12-60", answer, status=400, scim_type="noTarget")


@clause("7644-3.12-48")
@budget(6)
def test_a_stale_version_is_a_precondition_error(users: Users) -> None:
    """A PUT that names an old version gives 412 and changes nothing."""
    made = users.create()
    tag = users.client.get(users.path(made)).headers.get("ETag", "")
    users.client.put(users.path(made), users.body(userName=made["userName"], title="Newer"))
    late = users.body(userName=made["userName"], title="Late")
    answer = users.client.put(users.path(made), late, headers={"If-Match": tag})
    kept = users.read(made).get("title") == "Newer"
    variants = {"precondition": kept and answer.status == 412, "conflict": kept and answer.status == 409}
    either("7644-3.12-48", "AMB-56", variants, observed=answer.status, warn={"conflict"}, answer=answer)


@clause("7644-3.12-62")
def test_an_unknown_protocol_version_is_refused(scim: ScimClient) -> None:
    """A version the provider does not speak gives 400 invalidVers or 404."""
    root = scim.base.rsplit("/", 1)[0]
    refused("7644-3.12-62", scim.get(f"{root}/v9/Users"), status=(400, 404), scim_type="invalidVers")


@clause("7644-7.5.2-02")
def test_a_sensitive_filter_error_is_consistent(scim: ScimClient, run: Run) -> None:
    """A filter refused as sensitive has 403 in status line and body."""
    answer = scim.query("/Users", f'userName eq "{run.name()}"')
    if answer.status != 403:
        not_applicable("7644-7.5.2-02", f"userName is not sensitive here: {answer.status}")
        return
    holds(
        "7644-7.5.2-02", member(answer, "status") == "403", expected='"403"', observed=answer.body[:200], answer=answer
    )
