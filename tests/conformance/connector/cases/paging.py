"""Lists in pages, jobs of several operations, versions and redirects."""

from __future__ import annotations

from typing import Any

from conformance.connector.model import Evidence
from tests.conformance.connector.builders import (
    BASE,
    BEN,
    ask,
    cases,
    evidence,
    op,
    page,
    patch,
    post,
    run,
    sent,
    simply,
    stored,
)

BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
OTHER = BASE.replace("127.0.0.1", "localhost")
ROOT = BASE.removesuffix("/scim/v2")
EXPIRED: dict[str, Any] = {"status": 400, "answer": {"scimType": "expiredCursor"}}
CREATE = {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "ann"}}
CHANGE = {"method": "PATCH", "path": "/Users/7", "data": {}}


def index(start: int, *ids: str, total: int = 3, **more: Any) -> Any:
    """A page of everybody, by index."""
    return sent(
        "GET", f"/Users?startIndex={start}&count=2", answer=page(*({"id": each} for each in ids), total=total), **more
    )


def cursor(given: str, *, following: str = "", more: str = "", **others: Any) -> Any:
    """A page of everybody, by cursor."""
    told = page({"id": "7"}, total=3, **({"nextCursor": following} if following else {}))
    return sent("GET", f"/Users?cursor={given}{more}", **{"answer": told, **others})


def job(*operations: Any, schemas: Any = (BULK,), results: Any = None, **more: Any) -> Any:
    """A bulk job with the statuses of its results."""
    told = None if results is None else {"Operations": [{"status": each} for each in results]}
    return sent("POST", "/Bulk", {"schemas": list(schemas), "Operations": list(operations)}, answer=told, **more)


def redirect(status: int, *later: str, to: str = f"{ROOT}/Users") -> Evidence:
    """A redirect of GET /Users below the base, and where the next requests go."""
    first = sent("GET", "/Users?count=5", status=status, fields={"Location": f"{to}?count=5"})
    return simply(first, *(sent("GET", url) for url in later))


CASES = cases(
    {
        ("paging.reads_lists_to_the_end", "7644-3.4.2.4-C02"): (
            [
                simply(index(1, "1", "2"), index(3, "3")),
                simply(index(1, "1"), index(2, "2"), index(3, "3")),
                simply(index(1, "1", "2"), index(3)),
                simply(index(1, "1", "2"), index(3, status=503)),
            ],
            [simply(index(1, "1", "2")), simply(index(1, "1"), index(2, "2"))],
        ),
        ("paging.copes_with_pages_that_change", "7644-3.4.2.4-C01"): (
            [simply(index(1, "1", "2"), index(3, "2", total=4), index(4, "4", total=4))],
            [simply(index(1, "1", "2"), *[index(3, "2", total=4)] * 5)],
        ),
        ("paging.begins_without_a_cursor", "9865-2-C01"): (
            [simply(cursor("", following="x"), cursor("x"))],
            [simply(cursor("1"))],
        ),
        ("paging.begins_without_a_cursor", "9865-2-C02"): (
            [simply(cursor("", following="x"), cursor("x"))],
            [simply(cursor("", following="x"), cursor("x", more="&count=9&attributes=id"))],
        ),
        ("paging.sends_cursors_it_received", "9865-2-C03"): (
            [simply(cursor("", following="x"), cursor("x"))],
            [simply(cursor("", following="x"), cursor("X"))],
        ),
        ("paging.follows_cursors_to_the_end", "9865-4-C01"): (
            [simply(cursor("", following="x"), cursor("x"))],
            [simply(cursor("", following="x")), simply(cursor("", following="x"), cursor("x", following="y"))],
        ),
        ("paging.follows_cursors_to_the_end", "9865-2.1-C01"): (
            [simply(cursor("", following="x"), cursor("x", **EXPIRED), cursor(""))],
            [
                simply(cursor("", following="x"), cursor("x", **EXPIRED)),
                simply(cursor("", following="x"), cursor("x", **EXPIRED), cursor("x")),
            ],
        ),
        ("bulk.sends_whole_jobs", "7644-3.7-C01"): (
            [simply(job(CREATE))],
            [simply(job(CREATE, schemas=[]))],
        ),
        ("bulk.sends_whole_jobs", "7644-3.7-C04"): (
            [simply(job(CREATE, CHANGE))],
            [simply(job()), simply(job({"path": "/Users", "data": {}})), simply(job({"method": "POST", "data": {}}))],
        ),
        ("bulk.sends_whole_jobs", "7644-3.7-C03"): (
            [simply(job(CREATE, {"method": "DELETE", "path": "/Users/7"}))],
            [simply(job({"method": "PUT", "path": "/Users/7"}))],
        ),
        ("bulk.names_what_a_job_creates", "7644-3.7-C02"): (
            [simply(job(CREATE, {**CREATE, "bulkId": "b"}))],
            [simply(job(CREATE, CREATE)), simply(job({**CREATE, "bulkId": ""}))],
        ),
        ("bulk.names_what_a_job_creates", "7644-3.7.2-C01"): (
            [simply(job(CREATE, {**CHANGE, "data": {"members": [{"value": "bulkId:a"}]}}))],
            [simply(job(CREATE, {**CHANGE, "data": {"members": [{"value": "a"}]}}))],
        ),
        ("bulk.keeps_to_the_limits", "7644-3.7.4-C01"): (
            [simply(job(CREATE, CHANGE, status=413), job(CREATE))],
            [simply(*[job(CREATE, CHANGE, status=413)] * 2)],
        ),
        ("bulk.looks_at_each_result", "7644-3.7.3-C01"): (
            [
                simply(job(CREATE, results=["409"]), ask("ann")),
                simply(job(CREATE, results=["409"]), status=1),
            ],
            [simply(job(CREATE, CHANGE, results=["201", "404"]))],
        ),
        ("versioning.reads_again_after_412", "7644-3.12-C02"): (
            [
                simply(patch(status=412), sent("GET", "/Users/7"), patch()),
                simply(patch(status=412), ask("a"), patch()),
                simply(patch(status=412)),
            ],
            [simply(patch(status=412), patch()), simply(patch(status=412), post(BEN), patch())],
        ),
        ("versioning.keeps_permanent_targets_only", "7644-3.12-C03"): (
            [redirect(307, f"{ROOT}/Users?count=5", "/Users")],
            [redirect(307, f"{ROOT}/Users?count=5", f"{ROOT}/Users")],
        ),
        ("versioning.keeps_permanent_targets_only", "7644-3.12-C04"): (
            [redirect(308, f"{ROOT}/Users?count=5", f"{ROOT}/Users")],
            [redirect(308, f"{ROOT}/Users?count=5", "/Users")],
        ),
        ("versioning.keeps_credentials_from_other_hosts", "6750-5.3-C02"): (
            [
                simply(
                    sent(
                        "GET",
                        "/Users",
                        status=307,
                        fields={"location": f"{OTHER}/Users"},
                        headers={"Host": "127.0.0.1:8080"},
                    ),
                    sent("GET", "/Users", headers={"Host": "localhost:8080"}, credential="none"),
                )
            ],
            [
                simply(
                    sent(
                        "GET",
                        "/Users",
                        status=307,
                        fields={"Location": f"{OTHER}/Users"},
                        headers={"Host": "127.0.0.1:8080"},
                    ),
                    sent("GET", "/Users", headers={"Host": "localhost:8080"}),
                )
            ],
        ),
    },
    silent={
        ("paging.reads_lists_to_the_end", "7644-3.4.2.4-C02"): [
            simply(sent("GET", "/Users?count=1", answer=page({"id": "1"}, total=9))),
            simply(ask("ann", stored(), answer=page(stored(), total=2))),
            simply(index(1, "1", total=1)),
        ],
        ("versioning.keeps_permanent_targets_only", "7644-3.12-C03"): [
            redirect(307, f"{ROOT}/Users?count=5"),
            redirect(307, "/Users"),
        ],
        ("bulk.sends_whole_jobs", "7644-3.7-C01"): [evidence(run(post())), simply(patch(op("add", "title", "x")))],
    },
)
