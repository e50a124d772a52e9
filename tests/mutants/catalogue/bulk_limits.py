"""Defects of the limits of bulk requests, and of the rights they need."""

from __future__ import annotations

import threading
from typing import Any

from mock_samanage.scim import bulk as messages
from mock_samanage.scim.bulk import BulkRequest
from mock_samanage.scim.errors import BadRequest, Conflict, PayloadTooLarge
from mock_samanage.tenant import authentication
from mock_samanage.web import bulk
from mock_samanage.web.call import Call
from tests.mutants.answers import declared
from tests.mutants.mutant import Defect, Environ, mutant


class _Fault(Conflict):
    """What a server says that fell over a job."""

    status = 500


@mutant(
    clauses=("7644-3.7.4-01",),
    trips={"bulk.operations_beyond_the_limit_are_refused"},
    only="the first operation too many",
)
def one_operation_too_many_is_done(defect: Defect) -> None:
    """A job of one operation more than maxOperations is carried out."""
    defect.wrap(bulk, "read_bulk", lambda old: lambda body, most: old(body, most + 1))


@mutant(clauses=("7644-3.7.4-01",), trips={"bulk.operations_beyond_the_limit_are_refused"}, only="maxOperations")
def too_many_operations_are_a_bad_request(defect: Defect) -> None:
    """A job of more operations than maxOperations is answered 400."""

    def read(body: Any, most: int) -> BulkRequest:
        try:
            found: BulkRequest = old(body, most)
        except PayloadTooLarge as error:
            raise BadRequest(error.detail) from None
        return found

    old = defect.replace(bulk, "read_bulk", read)


@mutant(
    clauses=("7644-3.7.4-03",),
    trips={"bulk.a_body_beyond_the_limit_is_refused", "bulk.operations_beyond_the_limit_are_refused"},
)
def a_limit_goes_unnamed(defect: Defect) -> None:
    """A 413 does not say which limit was exceeded."""
    defect.replace(bulk, "PayloadTooLarge", lambda _detail: PayloadTooLarge("The request is too large."))
    defect.replace(messages, "PayloadTooLarge", lambda _detail: PayloadTooLarge("The request is too large."))


@mutant(clauses=("7644-3.7.4-02",), trips={"bulk.a_body_beyond_the_limit_is_refused"}, only="maxPayloadSize")
def the_size_of_a_job_is_not_limited(defect: Defect) -> None:
    """A job is carried out, however many bytes it has."""
    defect.replace(bulk, "MAX_PAYLOAD_SIZE", 1 << 30)


@mutant(clauses=("7644-3.7.4-04",), trips={"bulk.the_limits_are_defined"}, only="maxPayloadSize")
def the_size_of_a_job_is_undeclared(defect: Defect) -> None:
    """The configuration says 0 for maxPayloadSize."""
    declared(defect, lambda document: "bulk" in document and document["bulk"].update(maxPayloadSize=0))


@mutant(
    clauses=("7644-3.7-22",),
    trips={"bulk.a_job_of_nothing_is_answered", "discovery.bulk_support_is_as_told"},
    only="jobs of nothing",
)
def a_job_of_nothing_is_a_fault(defect: Defect) -> None:
    """A job with an empty list of operations makes the server fail."""

    def read(body: Any, most: int) -> BulkRequest:
        found: BulkRequest = old(body, most)
        if not found.operations:
            raise _Fault("max() of an empty sequence.")
        return found

    old = defect.replace(bulk, "read_bulk", read)


@mutant(
    clauses=("7644-3.12-35",),
    trips={"bulk.a_limit_that_is_no_number_is_refused_or_ignored"},
    only="failOnErrors that is no number",
)
def a_limit_that_is_a_text_is_a_fault(defect: Defect) -> None:
    """A failOnErrors that is no number makes the server fail."""

    def read(body: Any, most: int) -> BulkRequest:
        if isinstance(body.get("failOnErrors"), str):
            raise _Fault("invalid literal for int().")
        found: BulkRequest = old(body, most)
        return found

    old = defect.replace(bulk, "read_bulk", read)


@mutant(clauses=("7644-2-02",), trips={"bulk.a_job_needs_the_rights_of_its_operations"}, only="rights at the beginning")
def a_job_is_open_to_every_role(defect: Defect) -> None:
    """On /Bulk the role of the credential's owner does not matter."""
    here = threading.local()

    def divert(environ: Environ) -> None:
        here.bulk = environ["PATH_INFO"].endswith("/Bulk")

    defect.requests(divert)
    defect.wrap(
        authentication,
        "_check_permission",
        lambda old: lambda account, owner: None if getattr(here, "bulk", False) else old(account, owner),
    )


@mutant(clauses=("7644-2-02",), trips={"bulk.a_right_may_be_lost_in_mid_job"}, only="rights lost in mid-job")
def a_right_lost_in_mid_job_still_counts(defect: Defect) -> None:
    """The credential of a job is checked at its beginning alone."""
    defect.replace(Call, "admitted_again", lambda self: self.directory)


@mutant(
    clauses=("7644-3.12-36",), trips={"bulk.a_patch_in_a_job_is_as_unsupported_as_alone"}, only="operations of a job"
)
def a_job_patches_what_cannot_be_patched(defect: Defect) -> None:
    """The configuration says that PATCH is not supported, and a job carries it out."""
    declared(defect, lambda document: "patch" in document and document.update(patch={"supported": False}))
