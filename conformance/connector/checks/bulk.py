"""Jobs of several operations (RFC 7644, 3.7), where a connector sends some."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Evidence, Played, Sent
from conformance.connector.traffic import operations, segments, text_of, writes
from conformance.described import member

MESSAGE, NAMED, PREFIXED, LIMITS = "7644-3.7-C01", "7644-3.7-C02", "7644-3.7.2-C01", "7644-3.7.4-C01"
CHECKED, DATA, PARTS = "7644-3.7.3-C01", "7644-3.7-C03", "7644-3.7-C04"
URN = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


def _jobs(evidence: Evidence) -> Iterator[Sent]:
    yield from (sent for sent in evidence.sent() if sent.method == "POST" and segments(sent) == ["Bulk"])


@client_check("bulk", MESSAGE, PARTS, DATA)
def sends_whole_jobs(evidence: Evidence) -> Iterator[Finding]:
    """A bulk job is a BulkRequest whose operations have a method, a path and the data they need."""
    for sent in _jobs(evidence):
        found, listed = member(sent.body, "schemas"), operations(sent.body)
        yield Finding(MESSAGE, found == [URN], URN, f"schemas: {found}", (sent,))
        odd = [each for each in listed if not (text_of(each, "method") and text_of(each, "path"))]
        told = f"{len(listed)} operations" + (f", among them {odd[0]}" if odd else "")
        yield Finding(PARTS, bool(listed) and not odd, "operations with method and path", told, (sent,))
        bare = [each for each in listed if text_of(each, "method").upper() != "DELETE" and member(each, "data") is None]
        yield Finding(DATA, not bare, "data of POST, PUT and PATCH", f"{bare or 'all have data'}", (sent,))


@client_check("bulk", NAMED, PREFIXED)
def names_what_a_job_creates(evidence: Evidence) -> Iterator[Finding]:
    """Each creation in a job has a bulkId of its own, and is referred to as `bulkId:` and that."""
    for sent in _jobs(evidence):
        posts = [each for each in operations(sent.body) if text_of(each, "method").upper() == "POST"]
        ids = [text_of(each, "bulkId") for each in posts]
        if posts:
            held = all(ids) and len(set(ids)) == len(ids)
            yield Finding(NAMED, held, "a bulkId for each POST, no two alike", f"bulkIds: {ids}", (sent,))
        text = json.dumps([member(each, "data") for each in operations(sent.body)])
        bare = [id_ for id_ in ids if id_ and f'"value": {json.dumps(id_)}' in text]
        if bare or re.search(r'"bulkId:', text):
            yield Finding(PREFIXED, not bare, "references as bulkId:…", f"{bare or 'with the prefix'}", (sent,))


@client_check("bulk", LIMITS)
def keeps_to_the_limits(evidence: Evidence) -> Iterator[Finding]:
    """A job that was too large is not sent again as it was."""
    jobs = list(_jobs(evidence))
    for at, sent in enumerate(jobs):
        if sent.status == 413:
            same = [each for each in jobs[at + 1 :] if each.exchange.request_body == sent.exchange.request_body]
            told = "sent again" if same else "not sent again"
            yield Finding(LIMITS, not same, "smaller jobs after 413", told, (sent, *same[:1]))


@client_check("bulk", CHECKED)
def looks_at_each_result(evidence: Evidence) -> Iterator[Finding]:
    """An operation that failed in a job that was answered 200 is seen: something is done or said about it."""
    for played in evidence.played:
        for sent in played.sent:
            failed = [write for write in writes(sent) if segments(sent) == ["Bulk"] and _failed(write.status)]
            if sent.status == 200 and failed:
                again = [each for each in played.sent if each.number > sent.number]
                held = bool(again) or _told(played)
                told = f"{len(failed)} operations failed, then " + ("more requests" if again else "nothing")
                expected = "another request, or a status other than 0"
                yield Finding(CHECKED, held, expected, f"{told}; status {played.ended.status}", (sent, *again[:1]))


def _failed(status: int | None) -> bool:
    return status is not None and status >= 400


def _told(played: Played) -> bool:
    return played.ended.status not in {0, None}
