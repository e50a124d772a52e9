"""Defects of what a bulk response tells about each operation."""

from __future__ import annotations

from typing import Any

from mock_samanage.tenant.bulk import BulkJob, Outcome
from mock_samanage.tenant.bulk_steps import Step
from mock_samanage.web import bulk
from tests.mutants.answers import Json, asked, changed
from tests.mutants.mutant import Defect, Environ, Reply, mutant


def _shown(defect: Defect, change: Any) -> None:
    """Changes each result on its way out: `change` gets it with the outcome it shows."""

    def shown(outcome: Outcome, base: str) -> Json:
        found: Json = old(outcome, base)
        change(found, outcome)
        return found

    old = defect.replace(bulk, "_shown", shown)


def _results(defect: Defect, change: Any) -> None:
    """Puts other results in place of those of a job."""
    defect.wrap(bulk, "bulk_response", lambda old: lambda results: old(change(results)))


@mutant(
    clauses=("7644-3.7-08",),
    trips={
        "bulk.a_job_goes_on_past_failures",
        "bulk.a_reference_in_a_path_is_followed_or_refused",
        "bulk.a_reference_may_come_before_what_it_names",
        "bulk.bulk_ids_come_back_with_their_resources",
        "bulk.circular_memberships_are_tried",
        "bulk.circular_references_are_tried",
        "bulk.references_are_replaced_in_extensions",
        "bulk.references_to_new_users_become_their_ids",
    },
    only="the second and later creates",
)
def every_bulk_id_comes_back_with_the_first_resource(defect: Defect) -> None:
    """Each create of a job has the location of the first one."""

    def change(results: list[Json]) -> list[Json]:
        made = [each for each in results if each["method"] == "POST" and "location" in each]
        for each in made:
            each["location"] = made[0]["location"]
        return results

    _results(defect, change)


@mutant(
    clauses=("7644-3.7-08", "7644-3.7-25"),
    trips={
        "bulk.bulk_ids_come_back_with_their_resources",
        "bulk.every_result_but_a_failed_create_has_a_location",
        "bulk.results_have_the_status_of_single_requests",
        "bulk.results_repeat_method_and_bulk_id",
    },
    only="capitals",
)
def bulk_ids_come_back_in_small_letters(defect: Defect) -> None:
    """A bulkId comes back in small letters."""
    _shown(defect, lambda found, _outcome: "bulkId" in found and found.update(bulkId=found["bulkId"].lower()))


@mutant(
    clauses=("7644-3.7-25",),
    trips={
        "bulk.a_job_comes_to_what_its_requests_in_turn_come_to",
        "bulk.a_path_fits_its_method",
        "bulk.a_reference_to_a_failed_operation_fails",
        "bulk.a_reference_to_nothing_fails",
        "bulk.a_right_may_be_lost_in_mid_job",
        "bulk.a_write_without_data_is_refused",
        "bulk.failed_operations_are_explained",
        "bulk.failed_operations_carry_a_scim_error",
        "bulk.results_have_the_status_of_single_requests",
        "bulk.results_repeat_method_and_bulk_id",
    },
    only="creates that fail",
)
def a_failed_create_has_lost_its_bulk_id(defect: Defect) -> None:
    """The result of a create that failed has no bulkId."""
    _shown(defect, lambda found, outcome: found.pop("bulkId", None) if outcome.error else None)


@mutant(
    clauses=("7644-3.7-25",),
    trips={"bulk.every_operation_has_one_result", "bulk.results_repeat_method_and_bulk_id"},
    only="DELETE",
)
def the_result_of_a_delete_has_no_method(defect: Defect) -> None:
    """The result of a DELETE has no method."""
    _shown(defect, lambda found, outcome: found.pop("method") if outcome.operation.method == "DELETE" else None)


@mutant(clauses=("7644-3.7.3-01",), trips={"bulk.every_result_but_a_failed_create_has_a_location"}, only="DELETE")
def the_result_of_a_delete_has_no_location(defect: Defect) -> None:
    """The result of a DELETE has no location."""
    _shown(defect, lambda found, outcome: found.pop("location", 0) if outcome.operation.method == "DELETE" else None)


@mutant(
    clauses=("7644-3.7.3-01",),
    trips={"bulk.every_result_but_a_failed_create_has_a_location"},
    only="operations that fail",
)
def a_failed_operation_has_no_location(defect: Defect) -> None:
    """The result of a PUT, PATCH or DELETE that failed has no location."""
    _shown(defect, lambda found, outcome: found.pop("location", None) if outcome.error else None)


@mutant(
    clauses=("7644-3.7.3-02",),
    trips={"bulk.a_job_comes_to_what_its_requests_in_turn_come_to", "bulk.results_have_the_status_of_single_requests"},
    only="POST",
)
def a_create_in_a_job_has_status_200(defect: Defect) -> None:
    """The result of a create has status 200."""
    _shown(defect, lambda found, outcome: found.update(status="200") if outcome.status == 201 else None)


@mutant(
    clauses=("7644-3.7.3-02",),
    trips={"bulk.a_job_comes_to_what_its_requests_in_turn_come_to", "bulk.results_have_the_status_of_single_requests"},
    only="names that are taken",
)
def a_taken_name_in_a_job_has_status_400(defect: Defect) -> None:
    """A create that fails for a taken name has status 400 in a job, and 409 alone."""

    def change(found: Json, outcome: Outcome) -> None:
        if outcome.status == 409:
            found.update(status="400", response={**found["response"], "status": "400"})

    _shown(defect, change)


@mutant(
    clauses=("7644-3.7.3-02",),
    trips={"bulk.results_have_the_status_of_single_requests"},
    only="operations that succeed",
)
def a_status_is_a_number(defect: Defect) -> None:
    """The status of an operation that succeeds is a JSON number."""
    _shown(defect, lambda found, outcome: None if outcome.error else found.update(status=outcome.status))


@mutant(clauses=("7644-3.7.3-05",), trips={"bulk.failed_operations_are_explained"})
def failures_are_not_explained(defect: Defect) -> None:
    """The detail of a failed operation is empty."""
    _shown(defect, lambda found, outcome: found["response"].update(detail="") if outcome.error else None)


@mutant(
    clauses=("7644-3.7-13",),
    trips={"bulk.failed_operations_are_explained", "bulk.failed_operations_carry_a_scim_error"},
    only="operations that fail",
)
def a_failed_operation_has_no_response(defect: Defect) -> None:
    """A failed operation has a description and no response."""

    def change(found: Json, outcome: Outcome) -> None:
        if outcome.error is not None:
            del found["response"]
            found["description"] = outcome.error.detail

    _shown(defect, change)


@mutant(
    clauses=("7644-3.7-13",), trips={"bulk.failed_operations_carry_a_scim_error"}, only="the status in the response"
)
def the_error_of_an_operation_has_another_status(defect: Defect) -> None:
    """The SCIM error of a failed operation says 400, whatever its status is."""
    _shown(defect, lambda found, outcome: found["response"].update(status="400") if outcome.error else None)


@mutant(
    clauses=("7644-3.7.3-03",),
    trips={
        "bulk.a_job_comes_to_what_its_requests_in_turn_come_to",
        "bulk.every_operation_has_one_result",
        "bulk.every_result_but_a_failed_create_has_a_location",
        "bulk.results_have_the_status_of_single_requests",
        "bulk.results_repeat_method_and_bulk_id",
    },
    only="DELETE",
)
def deletes_are_not_reported(defect: Defect) -> None:
    """A DELETE that succeeds has no result."""
    _results(
        defect, lambda results: [each for each in results if (each["method"], each["status"]) != ("DELETE", "204")]
    )


@mutant(
    clauses=("7644-3.7.3-03",),
    trips={
        "bulk.a_doubled_bulk_id_does_no_harm",
        "bulk.a_higher_limit_tolerates_errors_below_it",
        "bulk.a_job_comes_to_what_its_requests_in_turn_come_to",
        "bulk.a_job_goes_on_past_failures",
        "bulk.a_path_is_relative_to_the_root",
        "bulk.bulk_ids_come_back_with_their_resources",
        "bulk.every_operation_has_one_result",
        "bulk.every_result_but_a_failed_create_has_a_location",
        "bulk.results_have_the_status_of_single_requests",
        "bulk.results_repeat_method_and_bulk_id",
        "bulk.the_first_error_may_end_a_job",
    },
    only="a job with failures",
)
def a_job_with_failures_tells_the_failures_only(defect: Defect) -> None:
    """A job of which an operation fails has results of the failures alone."""
    _results(defect, lambda results: [each for each in results if each["status"] >= "400"] or results)


@mutant(clauses=("7644-3.7-18",), trips={"bulk.fail_on_errors_stays_out_of_the_response"})
def a_response_repeats_fail_on_errors(defect: Defect) -> None:
    """A bulk response has the failOnErrors of its request."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        done = asked(environ, "POST", "/Bulk") and reply.code == 200
        return changed(reply, lambda job: job.update(failOnErrors=1)) if done else reply

    defect.answers(rewrite)


@mutant(clauses=("7644-3.7.3-04",), trips={"bulk.versions_in_results_are_those_of_later_reads"}, only="PUT and PATCH")
def results_have_the_version_from_before(defect: Defect) -> None:
    """The result of a change has the version that the resource had before."""

    def change(found: Json, outcome: Outcome) -> None:
        if outcome.version is not None and outcome.version > 1:
            found["version"] = f'W/"{outcome.version - 1}"'

    _shown(defect, change)


@mutant(clauses=("7643-4.1.1-26",), trips={"bulk.results_hide_a_password"}, only="creates")
def a_create_is_echoed_as_it_was_sent(defect: Defect) -> None:
    """The response of a create in a job is its data as it was sent, with a password."""

    def change(found: Json, outcome: Outcome) -> None:
        if outcome.status == 201:
            found["response"] = {**(outcome.operation.data or {}), "id": outcome.id}

    _shown(defect, change)


@mutant(clauses=("7643-4.1.1-26",), trips={"bulk.results_hide_a_password"}, only="PUT")
def a_replace_is_echoed_as_it_was_sent(defect: Defect) -> None:
    """The response of a PUT in a job is its data as it was sent, with a password."""

    def change(found: Json, outcome: Outcome) -> None:
        if outcome.operation.method == "PUT" and outcome.error is None:
            found["response"] = {**(outcome.operation.data or {}), "id": outcome.id}

    _shown(defect, change)


@mutant(clauses=("7644-3.7-20",), trips={"bulk.a_version_is_a_condition"}, only="DELETE")
def a_delete_in_a_job_overlooks_its_version(defect: Defect) -> None:
    """A DELETE in a job does not look at its `version`."""
    _versionless(defect, {"DELETE"})


@mutant(clauses=("7644-3.7-20",), trips={"bulk.a_version_is_a_condition"}, only="PUT")
def a_replace_in_a_job_overlooks_its_version(defect: Defect) -> None:
    """A PUT in a job does not look at its `version`."""
    _versionless(defect, {"PUT"})


def _versionless(defect: Defect, methods: set[str]) -> None:
    def carried_out(self: BulkJob, step: Step) -> Outcome:
        operation = step.operation
        if operation.method in methods:
            bare = type(operation)(operation.method, operation.path, operation.bulk_id, operation.data)
            step = Step(bare, step.target, step.wrong, step.needs)
        outcome: Outcome = old(self, step)
        return outcome

    old = defect.replace(BulkJob, "_carried_out", carried_out)
