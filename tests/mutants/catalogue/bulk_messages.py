"""Defects of bulk requests as messages: what is read from them, and what they may not hold."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim import bulk as messages
from mock_samanage.scim.bulk import BulkOperation, BulkRequest
from mock_samanage.scim.errors import Conflict, InvalidSyntax, InvalidValue
from mock_samanage.scim.messages import BULK_REQUEST_URN, LIST_RESPONSE_URN, bulk_response
from mock_samanage.tenant import bulk_steps
from mock_samanage.tenant.bulk import BulkJob, Outcome
from mock_samanage.tenant.bulk_steps import Step, Target
from mock_samanage.web import bulk
from mock_samanage.web.call import Call
from mock_samanage.web.wire import encoded
from tests.mutants.answers import Json, asked, changed
from tests.mutants.mutant import Defect, Environ, Reply, mutant


class _Fault(Conflict):
    """What a server says that fell over an operation."""

    status = 500


def _fault(defect: Defect, judge: Any) -> None:
    """Judges operations otherwise: `judge` gets the sound verdict, the method and the members."""

    def fault(method: str, found: Any, taken: Any) -> Any:
        return judge(old(method, found, taken), method, found)

    old = defect.replace(messages, "_fault", fault)


@mutant(clauses=("7644-3.7-03",), trips={"bulk.messages_carry_their_schemas"}, only="the request")
def any_message_is_a_bulk_request(defect: Defect) -> None:
    """The `schemas` of a bulk request are not looked at."""

    def message(body: Any, urn: str, members: Any) -> Any:
        return old(body if urn != BULK_REQUEST_URN else {**body, "schemas": [urn]}, urn, members)

    old = defect.replace(messages, "message", message)


@mutant(clauses=("7644-3.7-03",), trips={"bulk.messages_carry_their_schemas"}, only="the response")
def a_bulk_response_calls_itself_a_list(defect: Defect) -> None:
    """A bulk response is tagged as a ListResponse."""
    defect.wrap(bulk, "bulk_response", lambda old: lambda results: {**old(results), "schemas": [LIST_RESPONSE_URN]})


@mutant(clauses=("7644-3.2-09",), trips={"bulk.the_bulk_endpoint_takes_post_alone"}, only="GET")
def the_bulk_endpoint_can_be_read(defect: Defect) -> None:
    """GET /Bulk is answered 200 with an empty response."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        read = asked(environ, "GET", "/Bulk") and reply.code == 405
        return Reply("200 OK", reply.headers, b"").with_body(encoded(bulk_response([]))) if read else reply

    defect.answers(rewrite)


@mutant(
    clauses=("7644-3.7-04",),
    trips={
        "bulk.a_higher_limit_tolerates_errors_below_it",
        "bulk.a_job_comes_to_what_its_requests_in_turn_come_to",
        "bulk.a_job_goes_on_past_failures",
        "bulk.a_job_is_processed_or_refused_as_a_whole",
        "bulk.a_path_is_relative_to_the_root",
        "bulk.bulk_ids_come_back_with_their_resources",
        "bulk.every_operation_has_one_result",
        "bulk.every_result_but_a_failed_create_has_a_location",
        "bulk.fail_on_errors_stays_out_of_the_response",
        "bulk.failed_operations_are_explained",
        "bulk.failed_operations_carry_a_scim_error",
        "bulk.messages_carry_their_schemas",
        "bulk.results_have_the_status_of_single_requests",
        "bulk.results_repeat_method_and_bulk_id",
        "bulk.the_first_error_may_end_a_job",
    },
    only="jobs of which an operation fails",
)
def a_failed_operation_fails_the_status_of_the_job(defect: Defect) -> None:
    """The job is answered with the status of the first operation that fails."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        found: list[str] = []
        if asked(environ, "POST", "/Bulk") and reply.code == 200:
            changed(reply, lambda job: found.extend(each["status"] for each in job["Operations"]))
        failed = [status for status in found if status >= "400"]
        return Reply(f"{failed[0]} FAILED", reply.headers, reply.body) if failed else reply

    defect.answers(rewrite)


@mutant(
    clauses=("7644-3.7-04",), trips={"bulk.a_job_is_processed_or_refused_as_a_whole"}, only="JSON that cannot be read"
)
def an_unreadable_job_is_a_job_of_nothing(defect: Defect) -> None:
    """A bulk request that is no JSON is answered 200 with no results."""

    def body(self: Call, *depth: Any, **options: Any) -> Any:
        try:
            return old(self, *depth, **options)
        except InvalidSyntax:
            if self.environ["PATH_INFO"] != "/Bulk":
                raise
            return {"schemas": [BULK_REQUEST_URN], "Operations": []}

    old = defect.replace(Call, "body", body)


@mutant(clauses=("7644-3.7-05",), trips={"bulk.what_names_no_method_or_path_is_refused"}, only="Operations")
def a_job_without_operations_is_done(defect: Defect) -> None:
    """A bulk request without `Operations` counts as one with none of them."""

    def read(body: Any, most: int) -> BulkRequest:
        named = any(name.lower() == "operations" for name in body)
        found: BulkRequest = old(body if named else {**body, "Operations": []}, most)
        return found

    old = defect.replace(bulk, "read_bulk", read)


@mutant(clauses=("7644-3.7-05",), trips={"bulk.what_names_no_method_or_path_is_refused"}, only="method")
def an_operation_without_method_is_a_post(defect: Defect) -> None:
    """An operation without method is taken for a POST."""
    defect.wrap(
        messages,
        "_operation",
        lambda old: (
            lambda entry, at, taken: old({"method": "POST", **entry} if isinstance(entry, dict) else entry, at, taken)
        ),
    )


@mutant(clauses=("7644-3.7-05",), trips={"bulk.what_names_no_method_or_path_is_refused"}, only="path")
def an_operation_without_path_is_about_users(defect: Defect) -> None:
    """An operation without path is taken for one on /Users."""
    defect.wrap(
        messages,
        "_operation",
        lambda old: (
            lambda entry, at, taken: old({"path": "/Users", **entry} if isinstance(entry, dict) else entry, at, taken)
        ),
    )


@mutant(clauses=("7644-3.7-06",), trips={"bulk.only_four_methods_are_operations"}, only="GET")
def a_job_may_read(defect: Defect) -> None:
    """An operation with the method GET is answered 200."""
    _fault(defect, lambda found, method, _members: None if method == "GET" else found)

    def attempt(self: BulkJob, step: Step) -> Outcome:
        if step.operation.method != "GET":
            outcome: Outcome = old(self, step)
            return outcome
        return Outcome(step.operation, 200)

    old = defect.replace(BulkJob, "_attempt", attempt)


@mutant(clauses=("7644-3.7-07",), trips={"bulk.a_create_without_bulk_id_is_refused"})
def a_create_needs_no_bulk_id(defect: Defect) -> None:
    """A POST without bulkId is carried out."""
    _fault(defect, lambda found, method, members: None if method == "POST" and not members.get("bulkId") else found)


@mutant(clauses=("7644-3.7-09",), trips={"bulk.a_doubled_bulk_id_does_no_harm"})
def a_doubled_bulk_id_is_a_fault(defect: Defect) -> None:
    """The second operation with a bulkId makes the server fail."""
    _fault(
        defect,
        lambda found, _method, _members: _Fault("duplicate key") if isinstance(found, InvalidValue) else found,
    )


@mutant(clauses=("7644-3.7-10",), trips={"bulk.a_path_fits_its_method"}, only="POST")
def a_post_to_a_resource_makes_another(defect: Defect) -> None:
    """A POST operation on /Users/{id} creates a user."""

    def target(operation: BulkOperation) -> Target:
        match = bulk_steps._PATH.fullmatch(operation.path)
        if operation.method == "POST" and match is not None and match[2]:
            return Target(bulk_steps._TYPES[match[1]], None)
        found: Target = old(operation)
        return found

    old = defect.replace(bulk_steps, "_target", target)


@mutant(clauses=("7644-3.7-10",), trips={"bulk.a_path_fits_its_method"}, only="PUT")
def a_put_to_the_collection_is_done(defect: Defect) -> None:
    """A PUT operation on /Users is answered 200."""

    def attempt(self: BulkJob, step: Step) -> Outcome:
        if step.operation.method == "PUT" and step.operation.path.strip("/") == "Users":
            return Outcome(step.operation, 200)
        outcome: Outcome = old(self, step)
        return outcome

    old = defect.replace(BulkJob, "_attempt", attempt)


@mutant(clauses=("7644-3.7-11",), trips={"bulk.a_path_is_relative_to_the_root"}, only="paths that are whole URLs")
def a_whole_url_as_path_is_a_fault(defect: Defect) -> None:
    """An operation whose path is a URL with a scheme makes the server fail."""

    def target(operation: BulkOperation) -> Target:
        if "://" in operation.path:
            raise _Fault("No route.")
        found: Target = old(operation)
        return found

    old = defect.replace(bulk_steps, "_target", target)


@mutant(clauses=("7644-3.7-12",), trips={"bulk.a_write_without_data_is_refused"}, only="PUT")
def a_replace_without_data_changes_nothing(defect: Defect) -> None:
    """A PUT operation without data is answered 200 and changes nothing."""
    _fault(defect, lambda found, method, members: None if method == "PUT" and members.get("data") is None else found)

    def attempt(self: BulkJob, step: Step) -> Outcome:
        operation, target = step.operation, step.target
        if operation.method != "PUT" or operation.data is not None or target is None:
            outcome: Outcome = old(self, step)
            return outcome
        return Outcome(operation, 200, target.type, target.id)

    old = defect.replace(BulkJob, "_attempt", attempt)


@mutant(clauses=("7644-3.7-12",), trips={"bulk.a_write_without_data_is_refused"}, only="PATCH")
def patch_data_may_be_a_bare_list_of_attributes(defect: Defect) -> None:
    """Data of a PATCH operation that is no PatchOp message is merged into the resource."""

    def carried_out(self: BulkJob, step: Step) -> Outcome:
        operation = step.operation
        data = operation.data or {}
        if operation.method == "PATCH" and "Operations" not in data:
            merge = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}
            merged: Json = {**merge, "Operations": [{"op": "replace", "value": data}]}
            operation = BulkOperation(
                operation.method, operation.path, operation.bulk_id, merged, operation.version, operation.wrong
            )
            step = Step(operation, step.target, step.wrong, step.needs)
        outcome: Outcome = old(self, step)
        return outcome

    old = defect.replace(BulkJob, "_carried_out", carried_out)
