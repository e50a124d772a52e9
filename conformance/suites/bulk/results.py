"""What a job with good and bad operations answers, and does (RFC 7644 sections 3.7 and 3.7.3)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from conformance.client import Answer
from conformance.judging import budget, clause, either, holds, not_applicable, observe
from conformance.population import Document, Groups, Users
from conformance.suites.bulk.jobs import Bulk, Job
from conformance.suites.links import place
from conformance.target import Target

pytestmark = budget(0)

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
SECRET = "S3cret-of-the-bulk-job"  # noqa: S105 - a password that must not be shown again
FIRST, TAKEN, EDITED, MISSING, DELETED, ABSENT, LAST = range(7)
CREATED = (FIRST, LAST)
FAILED = (TAKEN, MISSING, ABSENT)


@dataclass(frozen=True, slots=True)
class Mixed:
    """A job of good and bad operations in turn, and what the same requests are answered one by one."""

    bulk: Bulk
    job: Job
    edited: Document
    deleted: Document
    singles: Mapping[int, int]

    @property
    def answer(self) -> Answer:
        """The answer to the job."""
        return self.job.answer


@pytest.fixture(scope="module")
def mixed(suite_users: Users, suite_groups: Groups, target: Target) -> Mixed:
    """The job, sent once."""
    bulk = Bulk(suite_users, suite_groups, target)
    edited, deleted = suite_users.create(), suite_users.create()
    taken, missing, absent = bulk.user("taken", userName=edited["userName"]), _missing(bulk), bulk.absent()
    singles = _singles(bulk, edited, {TAKEN: taken, MISSING: missing, ABSENT: absent})
    job = bulk.send(
        bulk.user("First-1", password=SECRET),
        taken,
        bulk.edit(edited, "edited by the job"),
        missing,
        bulk.delete(deleted),
        absent,
        bulk.user("last", displayName="last of the job"),
    )
    return Mixed(bulk, job, edited, deleted, singles)


def _missing(bulk: Bulk) -> Document:
    return bulk.put({"id": str(uuid.uuid4()), "userName": bulk.users.run.email("nobody")})


def _singles(bulk: Bulk, edited: Document, bad: Mapping[int, Document]) -> dict[int, int]:
    """The statuses of the same requests, and of a create, an edit and a deletion, each sent by itself."""
    created = bulk.users.post(bulk.users.body())
    good = {EDITED: bulk.edit(edited, "edited alone"), DELETED: bulk.delete(created.resource)}
    found = {at: _alone(bulk, each).status for at, each in {**bad, **good}.items()}
    return {**found, FIRST: created.status, LAST: created.status}


def _alone(bulk: Bulk, operation: Document) -> Answer:
    body = {"json": operation["data"]} if "data" in operation else {}
    answer = bulk.client.request(operation["method"], operation["path"], **body)
    bulk.users.adopt(answer)
    return answer


@clause("7644-3.7-08")
@budget(2)
def test_bulk_ids_come_back_with_their_resources(mixed: Mixed) -> None:
    """Each create comes back under its own bulkId, which names the resource it made."""
    for at in CREATED:
        wanted, location = mixed.job.sent[at]["data"]["userName"], mixed.job[at].get("location")
        shown = mixed.bulk.client.get(place(location)) if location else mixed.answer
        found = shown.json.get("userName") if location and shown.ok else f"{mixed.job[at]}"
        holds("7644-3.7-08", found == wanted, expected=f"the user {wanted}", observed=found, answer=shown)


@clause("7644-3.7.3-01")
def test_every_result_but_a_failed_create_has_a_location(mixed: Mixed) -> None:
    """Every result but that of a failed create has the location of its resource."""
    for at in (FIRST, EDITED, MISSING, DELETED, ABSENT, LAST):
        location, sent = str(mixed.job[at].get("location", "")), mixed.job.sent[at]
        path = sent["path"] if at not in CREATED else f"{sent['path']}/"
        right = path in location and not location.endswith("/")
        told = f"{sent['method']} {sent['path']}: {location or 'no location'}"
        holds("7644-3.7.3-01", right, expected="the URI of the resource", observed=told, answer=mixed.answer)


@clause("7644-3.7.3-02")
def test_results_have_the_status_of_single_requests(mixed: Mixed) -> None:
    """Each result has the status that the same request gets alone; 200 and 204 are one for an edit."""
    found, alone = mixed.job.statuses(), [status for _, status in sorted(mixed.singles.items())]
    if {found[EDITED], alone[EDITED]} == {200, 204}:
        found[EDITED] = alone[EDITED]
    holds("7644-3.7.3-02", found == alone, expected=str(alone), observed=found, answer=mixed.answer)
    for result in mixed.job.done:
        told = result.get("status")
        shapes = {"string": isinstance(told, str), "number": isinstance(told, int), "object": isinstance(told, dict)}
        either("7644-3.7.3-02", "AMB-53", shapes, observed=told, answer=mixed.answer)


@clause("7644-3.7.3-05")
def test_failed_operations_are_explained(mixed: Mixed) -> None:
    """Every failed operation is explained for humans."""
    for at in FAILED:
        status = mixed.job[at].get("status")
        beside = str(status.get("description") or "") if isinstance(status, dict) else ""
        told = mixed.job.detail(at) or beside
        result = mixed.job[at] or "no result"
        right = bool(told.strip())
        holds("7644-3.7.3-05", right, expected="a detail", observed=result, answer=mixed.answer, tolerated=True)


@clause("7644-3.7-13")
def test_failed_operations_carry_a_scim_error(mixed: Mixed) -> None:
    """Every failed operation carries a SCIM error of its own status."""
    for at in FAILED:
        error: Any = mixed.job[at].get("response")
        told = (error.get("schemas"), str(error.get("status"))) if isinstance(error, dict) else error
        wanted = ([ERROR], str(mixed.job.status(at)))
        holds("7644-3.7-13", told == wanted, expected=f"{wanted}", observed=told, answer=mixed.answer)


@clause("7644-3.7-14")
def test_the_response_of_a_success_is_optional(mixed: Mixed) -> None:
    """Whether a successful operation carries a response is told; one that does holds its own resource."""
    for at in CREATED:
        shown = mixed.job[at].get("response")
        right = shown is None or (isinstance(shown, dict) and shown.get("id") == mixed.job.id(at))
        holds("7644-3.7-14", right, expected="none, or the new user", observed=shown, answer=mixed.answer)
    observe("7644-3.7-14", f"successes with a response: {sum('response' in mixed.job[at] for at in CREATED)}")


@clause("7644-3.7.3-03")
def test_every_operation_has_one_result(mixed: Mixed) -> None:
    """Every processed operation has one result; whether they keep their order is told."""
    sent = [each["method"] for each in mixed.job.sent]
    found = [str(each.get("method")) for each in mixed.job.done]
    holds("7644-3.7.3-03", sorted(found) == sorted(sent), expected=f"{sent}", observed=found, answer=mixed.answer)
    observe("7644-3.7.3-03", "in order" if found == sent else "not in the order of the request")


@clause("7644-3.7-15")
@budget(3)
def test_a_job_goes_on_past_failures(mixed: Mixed) -> None:
    """Without failOnErrors the operations after a failure are carried out."""
    last = mixed.job.id(LAST)
    shown = mixed.bulk.shown(mixed.bulk.users, last)
    done = {
        "edit": mixed.bulk.name(mixed.edited) == "edited by the job",
        "deletion": mixed.bulk.users.gone(mixed.deleted),
        "last create": shown.get("displayName") == "last of the job",
    }
    holds("7644-3.7-15", all(done.values()), expected="all done", observed=done, answer=mixed.answer)


@clause("7644-3.7-18")
@budget(1)
def test_fail_on_errors_stays_out_of_the_response(mixed: Mixed) -> None:
    """A response to a job has no failOnErrors."""
    answer = mixed.bulk.send(mixed.bulk.absent(), failOnErrors=5).answer
    names = sorted(answer.resource if answer.ok else {})
    right = answer.ok and "failonerrors" not in map(str.lower, names)
    holds("7644-3.7-18", right, expected="no failOnErrors", observed=names or answer.status, answer=answer)


@clause("7644-3.7-25")
def test_results_repeat_method_and_bulk_id(mixed: Mixed) -> None:
    """Every result repeats its method, that of a create its bulkId too, also where it failed."""
    wanted, found = (_named(operations) for operations in (mixed.job.sent, mixed.job.done))
    holds("7644-3.7-25", found == wanted, expected=f"{wanted}", observed=found, answer=mixed.answer)


def _named(operations: Iterable[Document]) -> list[tuple[str, str]]:
    """The method of each, and the bulkId of a create, sorted."""
    named = [(str(each.get("method")), str(each.get("bulkId"))) for each in operations]
    return sorted((method, bulk_id if method == "POST" else "") for method, bulk_id in named)


@clause("7643-4.1.1-26")
@budget(2)
def test_results_hide_a_password(mixed: Mixed) -> None:
    """No result shows the password that was set, by a create or by a replace."""
    bulk = mixed.bulk
    for job in (mixed.job, bulk.send(bulk.put(bulk.users.create(), password=SECRET))):
        shown = [name for name in job[FIRST].get("response") or {} if str(name).lower() == "password"]
        hidden = not shown and SECRET.encode() not in job.answer.body
        holds("7643-4.1.1-26", hidden, expected="no password", observed=shown or "none", answer=job.answer, harm=True)


@clause("7644-3.7.3-04")
@budget(3)
def test_versions_in_results_are_those_of_later_reads(mixed: Mixed) -> None:
    """The version in a result is the ETag of the resource when it is read."""
    told = {at: version for at in (FIRST, EDITED, LAST) if (version := mixed.job[at].get("version"))}
    if not told:
        not_applicable("7644-3.7.3-04", "no result carries a version")
    for at, version in told.items():
        read = mixed.bulk.client.get(mixed.bulk.users.path(mixed.job.id(at)))
        etag = read.headers.get("ETag")
        holds("7644-3.7.3-04", version == etag, expected=f"{etag}", observed=version, answer=read)
