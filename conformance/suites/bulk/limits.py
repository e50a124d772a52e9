"""The limits of a job (RFC 7644 section 3.7.4)."""

from __future__ import annotations

import pytest

from conformance.client import Answer, encode_json
from conformance.errors import Dropped
from conformance.judging import clause, holds, not_applicable, refused
from conformance.ledger import bulk_operations
from conformance.population import Groups, Users
from conformance.suites.bulk.jobs import BULK_REQUEST, Bulk
from conformance.target import Target

MOST_OPERATIONS, MOST_BYTES = 20_000, 32 * 1024 * 1024  # no larger request is sent to prove a limit
TOO_LARGE = 413


@pytest.fixture
def bulk(users: Users, groups: Groups, target: Target) -> Bulk:
    """Sends jobs."""
    return Bulk(users, groups, target)


@clause("7644-3.7.4-04")
def test_the_limits_are_defined(target: Target) -> None:
    """maxOperations and maxPayloadSize are positive integers."""
    told = {name: target.capabilities.limit("bulk", name) for name in ("maxOperations", "maxPayloadSize")}
    right = all(value is not None and value > 0 for value in told.values())
    holds("7644-3.7.4-04", right, expected="two positive integers", observed=told)


@clause("7644-3.7.4-01", "7644-3.7.4-03")
def test_operations_beyond_the_limit_are_refused(bulk: Bulk) -> None:
    """A job with more than maxOperations is 413 and says so, one with just so many is not."""
    most = bulk.target.capabilities.limit("bulk", "maxOperations") or 0
    if not 0 < most <= MOST_OPERATIONS:
        for name in ("7644-3.7.4-01", "7644-3.7.4-03"):
            not_applicable(name, f"no job is made of more than {most} operations")
        return
    fits, beyond = (bulk.send(*[bulk.absent()] * number).answer for number in (most, most + 1))
    allowed = fits.status != TOO_LARGE
    holds("7644-3.7.4-01", allowed, expected=f"{most} operations", observed=fits.status, answer=fits)
    refused("7644-3.7.4-01", beyond, status=TOO_LARGE)
    _named("7644-3.7.4-03", beyond, "maxOperations", most)


@clause("7644-3.7.4-02", "7644-3.7.4-03")
def test_a_body_beyond_the_limit_is_refused(bulk: Bulk) -> None:
    """A job larger than maxPayloadSize is 413 and says so, one of just that size is not."""
    most = bulk.target.capabilities.limit("bulk", "maxPayloadSize") or 0
    smallest = encode_json({"schemas": [BULK_REQUEST], "Operations": [bulk.absent()]})
    if not len(smallest) <= most <= MOST_BYTES:
        for name in ("7644-3.7.4-02", "7644-3.7.4-03"):
            not_applicable(name, f"no job is made of more than {most} bytes")
        return
    fits = bulk.client.request("POST", "/Bulk", body=smallest.ljust(most))
    done = fits.status != TOO_LARGE and len(bulk_operations(fits.body)) == 1
    holds("7644-3.7.4-02", done, expected=f"{most} bytes: done", observed=fits.status, answer=fits)
    try:
        beyond = bulk.client.request("POST", "/Bulk", body=smallest.ljust(most + 1))
    except Dropped as cut:
        told, answer = f"no answer: {cut.exchange.error}", Answer(cut.exchange)
        holds("7644-3.7.4-02", False, expected="413", observed=told, answer=answer, tolerated=True)
        not_applicable("7644-3.7.4-03", "the connection was cut")
        return
    refused("7644-3.7.4-02", beyond, status=TOO_LARGE)
    _named("7644-3.7.4-03", beyond, "maxPayloadSize", most)


def _named(clause_id: str, answer: Answer, limit: str, value: int) -> None:
    detail = str((answer.error or {}).get("detail"))
    right = limit.lower() in detail.lower() or str(value) in detail.replace(",", "")
    holds(clause_id, right, expected=f"{limit} or {value} in the detail", observed=detail, answer=answer)
