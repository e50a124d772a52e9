"""The request and response of a job, and operations that are none (RFC 7644 section 3.7)."""

from __future__ import annotations

import pytest

from conformance.judging import budget, clause, holds, observe, refused
from conformance.ledger import status_of
from conformance.population import Document, Groups, Users
from conformance.suites.bulk.jobs import BULK_REQUEST, Bulk, declined
from conformance.target import Target

BULK_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
SEARCH_REQUEST = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
pytestmark = budget(2)

UNOFFERED = (404, 405, 501)
NO_METHOD = (400, 404, 405, 501)


@pytest.fixture(scope="module")
def bulk(suite_users: Users, suite_groups: Groups, target: Target) -> Bulk:
    """Sends jobs."""
    return Bulk(suite_users, suite_groups, target)


@pytest.fixture(scope="module")
def user(suite_users: Users) -> Document:
    """One user whose displayName tells what was done to it."""
    return suite_users.create(displayName="untouched")


def untouched(bulk: Bulk, user: Document) -> bool:
    """Whether the user is as it was, which a later check relies on too."""
    return bulk.name(user) == "untouched"


@clause("7644-3.7-03")
def test_messages_carry_their_schemas(bulk: Bulk) -> None:
    """Requests and responses are tagged with the schemas of bulk messages."""
    told = bulk.send(bulk.absent()).answer
    schemas = told.resource.get("schemas") if told.ok else told.status
    holds("7644-3.7-03", schemas == [BULK_RESPONSE], expected=BULK_RESPONSE, observed=schemas, answer=told)
    wrong = bulk.post({"schemas": [SEARCH_REQUEST], "Operations": [bulk.absent()]})
    right = 400 <= wrong.status < 500
    holds("7644-3.7-03", right, expected="400", observed=wrong.status, answer=wrong, tolerated=wrong.ok)


@clause("7644-3.2-09")
def test_the_bulk_endpoint_takes_post_alone(bulk: Bulk) -> None:
    """GET and PUT are not defined for /Bulk."""
    for method in ("GET", "PUT"):
        body = None if method == "GET" else b'{"schemas":["%s"],"Operations":[]}' % BULK_REQUEST.encode()
        refused("7644-3.2-09", bulk.client.request(method, "/Bulk", body=body), status=UNOFFERED)


@clause("7644-3.7-04")
def test_a_job_is_processed_or_refused_as_a_whole(bulk: Bulk, user: Document) -> None:
    """A job with failing operations is 200, one that cannot be read is 400."""
    job = bulk.send(bulk.absent(), bulk.edit(user, "untouched"), bulk.absent())
    holds("7644-3.7-04", job.answer.status == 200, expected="200", observed=job.answer.status, answer=job.answer)
    refused("7644-3.7-04", bulk.client.request("POST", "/Bulk", body=b'{"schemas":['), status=400)


@clause("7644-3.7-05")
@budget(5)
def test_what_names_no_method_or_path_is_refused(bulk: Bulk, user: Document) -> None:
    """A job without Operations, and an operation without method or path, are refused."""
    refused("7644-3.7-05", bulk.post({"schemas": [BULK_REQUEST]}), status=400)
    for missing, whole in (("method", bulk.user("u")), ("path", bulk.edit(user, "touched"))):
        job = bulk.send({name: value for name, value in whole.items() if name != missing})
        declined("7644-3.7-05", job, 0, what=f"without {missing}", unchanged=untouched(bulk, user))


@clause("7644-3.7-06")
def test_only_four_methods_are_operations(bulk: Bulk, user: Document) -> None:
    """GET is no operation of a job; what a method in lower case does is told."""
    job = bulk.send({"method": "GET", "path": bulk.users.path(user)})
    declined("7644-3.7-06", job, 0, (400, 405, 501))
    lower = bulk.send({**bulk.user("u"), "method": "post"})
    status = lower.status(0)
    fine = 200 <= status < 300 or status in NO_METHOD
    holds("7644-3.7-06", fine, expected="2xx or 400", observed=f"post: {status}", answer=lower.answer)
    observe("7644-3.7-06", f"the method post in lower case: {status}")


@clause("7644-3.7-07")
def test_a_create_without_bulk_id_is_refused(bulk: Bulk) -> None:
    """A POST without bulkId is refused, and creates nothing."""
    operation = bulk.user("u")
    del operation["bulkId"]
    name = operation["data"]["userName"]
    job = bulk.send(operation)
    absent = not bulk.target.has("filter") or bulk.client.query(bulk.users.endpoint, f'userName eq "{name}"').total == 0
    declined("7644-3.7-07", job, 0, unchanged=absent)


@clause("7644-3.7-09")
def test_a_doubled_bulk_id_does_no_harm(bulk: Bulk) -> None:
    """Two creates with one bulkId are refused, or both have a result."""
    job = bulk.send(bulk.user("u"), bulk.user("u"))
    told = [job.answer.status, *[each.get("status") for each in job.done]]
    sound = len(job.done) == 2 and all(status_of(each) < 500 for each in job.done)
    fine = 400 <= job.answer.status < 500 or sound
    holds("7644-3.7-09", fine, expected="400, or two results", observed=told, answer=job.answer)
    observe("7644-3.7-09", f"doubled bulkId: {told}")


@clause("7644-3.7-10")
@budget(2)
def test_a_path_fits_its_method(bulk: Bulk, user: Document) -> None:
    """A POST to a resource and a PUT to an endpoint are refused."""
    posted = {**bulk.user("u", displayName="touched"), "path": bulk.users.path(user)}
    put = {**bulk.put(user, displayName="touched"), "path": bulk.users.endpoint}
    job = bulk.send(posted, put)
    same = untouched(bulk, user)
    declined("7644-3.7-10", job, 0, NO_METHOD, unchanged=same)
    declined("7644-3.7-10", job, 1, NO_METHOD, unchanged=same)


@clause("7644-3.7-11")
@budget(5)
def test_a_path_is_relative_to_the_root(bulk: Bulk) -> None:
    """A relative path reaches its resource; what a URL as path does is what its status says."""
    near, far = bulk.users.create(), bulk.users.create()
    url = f"https://elsewhere.invalid/scim/v2{bulk.users.path(far)}"
    job = bulk.send(bulk.edit(near, "reached"), bulk.edit(far, "reached", path=url))
    reached, strayed = bulk.name(near) == "reached", bulk.name(far) == "reached"
    whole = job.answer.status == 200
    right = reached and job.status(0) // 100 == 2 if whole else not reached
    fine = right and (job.status(1) // 100, strayed) in ((4, False), (2, True))
    told = f"relative: {job.status(0)}, done: {reached}; URL: {job.status(1)}, done: {strayed}"
    holds("7644-3.7-11", fine, expected="2xx and done; 4xx, or as relative", observed=told, answer=job.answer)


@clause("7644-3.7-12")
def test_a_write_without_data_is_refused(bulk: Bulk, user: Document) -> None:
    """Writes without data, and a PATCH whose data is no PatchOp, are refused and change nothing."""
    path = bulk.users.path(user)
    create = {"method": "POST", "path": bulk.users.endpoint, "bulkId": "u"}
    bare: Document = {"method": "PATCH", "path": path, "data": {"displayName": "touched"}}
    operations: list[Document] = [create, *({"method": method, "path": path} for method in ("PUT", "PATCH")), bare]
    job = bulk.send(*operations)
    same = untouched(bulk, user)
    for at in range(len(operations)):
        statuses = (400, 501) if operations[at]["method"] == "PATCH" and not bulk.target.has("patch") else (400,)
        declined("7644-3.7-12", job, at, statuses, unchanged=same)


@clause("7644-3.7-22")
def test_a_job_of_nothing_is_answered(bulk: Bulk) -> None:
    """Empty Operations give 200 without results, or 400."""
    job = bulk.send()
    fine = job.answer.status == 400 or (job.answer.status == 200 and not job.done)
    holds("7644-3.7-22", fine, expected="200 and no results, or 400", observed=job.answer.status, answer=job.answer)


@clause("7644-3.12-36")
def test_a_patch_in_a_job_is_as_unsupported_as_alone(bulk: Bulk, user: Document) -> None:
    """Where PATCH is not offered, an operation with it is 501."""
    path = bulk.users.path(user)
    data = {"Operations": [{"op": "replace", "path": "displayName", "value": "touched"}]}
    job = bulk.send({"method": "PATCH", "path": path, "data": data})
    declined("7644-3.12-36", job, 0, (501,), unchanged=untouched(bulk, user))
