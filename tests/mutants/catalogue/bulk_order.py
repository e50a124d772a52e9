"""Defects of how the operations of a job are carried out: where it ends, and in which order."""

from __future__ import annotations

from collections.abc import Callable

from mock_samanage.scim.bulk import BulkOperation
from mock_samanage.tenant.bulk import BulkJob, Outcome
from mock_samanage.tenant.bulk_steps import Step
from tests.mutants.mutant import Defect, mutant


def _before(defect: Defect, prepare: Callable[[BulkJob], None]) -> None:
    """Does something to a job before it runs."""

    def run(self: BulkJob) -> list[Outcome]:
        prepare(self)
        outcomes: list[Outcome] = old(self)
        return outcomes

    old = defect.replace(BulkJob, "run", run)


@mutant(
    clauses=("7644-3.7-15",),
    trips={
        "bulk.a_job_comes_to_what_its_requests_in_turn_come_to",
        "bulk.a_job_goes_on_past_failures",
        "bulk.a_path_fits_its_method",
        "bulk.a_reference_to_a_failed_operation_fails",
        "bulk.a_reference_to_nothing_fails",
        "bulk.a_write_without_data_is_refused",
        "bulk.bulk_ids_come_back_with_their_resources",
        "bulk.every_operation_has_one_result",
        "bulk.every_result_but_a_failed_create_has_a_location",
        "bulk.failed_operations_are_explained",
        "bulk.failed_operations_carry_a_scim_error",
        "bulk.results_have_the_status_of_single_requests",
        "bulk.results_repeat_method_and_bulk_id",
    },
)
def the_first_failure_ends_every_job(defect: Defect) -> None:
    """A job without failOnErrors ends with its first failure."""

    def prepare(job: BulkJob) -> None:
        job._limit = job._limit or 1

    _before(defect, prepare)


@mutant(
    clauses=("7644-3.7-16", "7644-3.7-17"),
    trips={"bulk.a_higher_limit_tolerates_errors_below_it", "bulk.the_first_error_may_end_a_job"},
)
def a_job_ends_one_failure_too_late(defect: Defect) -> None:
    """A job tolerates as many failures as failOnErrors says, and ends with the next."""

    def prepare(job: BulkJob) -> None:
        job._limit = job._limit and job._limit + 1

    _before(defect, prepare)


@mutant(clauses=("7644-3.7-17",), trips={"bulk.a_higher_limit_tolerates_errors_below_it"}, only="limits above one")
def every_limit_is_one(defect: Defect) -> None:
    """A job with failOnErrors ends with its first failure, whatever the number is."""

    def prepare(job: BulkJob) -> None:
        job._limit = job._limit and 1

    _before(defect, prepare)


@mutant(
    clauses=("7644-3.7-16",),
    trips={"bulk.a_higher_limit_tolerates_errors_below_it", "bulk.the_first_error_may_end_a_job"},
    only="what comes behind the limit",
)
def a_job_that_has_ended_goes_on_in_silence(defect: Defect) -> None:
    """The results end with the failure that failOnErrors names, and the operations behind it are done."""

    def run(self: BulkJob) -> list[Outcome]:
        limit, self._limit = self._limit, None
        shown: list[Outcome] = []
        for outcome in old(self):
            failures = sum(each.error is not None for each in shown)
            if limit is None or failures < limit:
                shown.append(outcome)
        return shown

    old = defect.replace(BulkJob, "run", run)


def _ordered(defect: Defect, rank: Callable[[Step], int]) -> None:
    """Carries the operations out in the order of a rank; their results keep their places."""

    def run(self: BulkJob) -> list[Outcome]:
        for at in sorted(range(len(self._steps)), key=lambda at: rank(self._steps[at])):
            self._waiting.append(at)
            self._settle()
        self._join()
        return [self._outcomes[at] for at in sorted(self._outcomes)]

    defect.replace(BulkJob, "run", run)


@mutant(
    clauses=("7644-3.7-19", "7644-3.7-21"),
    trips={
        "bulk.a_higher_limit_tolerates_errors_below_it",
        "bulk.a_job_comes_to_what_its_requests_in_turn_come_to",
        "bulk.the_first_error_may_end_a_job",
    },
    only="DELETE",
)
def deletes_come_first(defect: Defect) -> None:
    """The DELETEs of a job are carried out before everything else."""
    _ordered(defect, lambda step: step.operation.method != "DELETE")


@mutant(
    clauses=("7644-3.7-21", "7644-3.7-19"),
    trips={
        "bulk.a_higher_limit_tolerates_errors_below_it",
        "bulk.a_job_comes_to_what_its_requests_in_turn_come_to",
        "bulk.a_right_may_be_lost_in_mid_job",
        "bulk.operations_on_one_resource_run_in_their_order",
        "bulk.the_first_error_may_end_a_job",
    },
    only="PUT and PATCH",
)
def patches_come_before_replaces(defect: Defect) -> None:
    """The PATCHes of a job are carried out before its PUTs."""
    _ordered(defect, lambda step: {"POST": 0, "PATCH": 1, "PUT": 2, "DELETE": 3}.get(step.operation.method, 0))


@mutant(
    clauses=("7644-3.7-21",),
    trips={
        "bulk.a_higher_limit_tolerates_errors_below_it",
        "bulk.operations_on_one_resource_run_in_their_order",
        "bulk.the_first_error_may_end_a_job",
    },
    only="PATCHes of one resource",
)
def of_patches_of_one_resource_the_last_counts(defect: Defect) -> None:
    """Of the PATCHes of one resource in a job the last is carried out, the others are reported as done."""

    def attempt(self: BulkJob, step: Step) -> Outcome:
        same = [each for each in self._steps if each.operation.method == "PATCH" and each.target == step.target]
        if step.operation.method == "PATCH" and step.wrong is None and same[-1] is not step and step.target is not None:
            return Outcome(step.operation, 200, step.target.type, step.target.id)
        outcome: Outcome = old(self, step)
        return outcome

    old = defect.replace(BulkJob, "_attempt", attempt)


@mutant(clauses=("7644-3.7-23",), trips={"bulk.an_operation_is_done_whole_or_not_at_all"}, only="PATCHes that fail")
def a_failed_patch_in_a_job_is_half_done(defect: Defect) -> None:
    """A PATCH in a job does its operations one by one, so that those before the one that fails stay."""

    def carried_out(self: BulkJob, step: Step) -> Outcome:
        sent = step.operation
        parts = (sent.data or {}).get("Operations")
        if sent.method != "PATCH" or not isinstance(parts, list) or len(parts) < 2:
            outcome: Outcome = old(self, step)
            return outcome
        for part in parts:
            data = {**(sent.data or {}), "Operations": [part]}
            one = BulkOperation(sent.method, sent.path, sent.bulk_id, data, None)
            outcome = old(self, Step(one, step.target, step.wrong, step.needs))
        return outcome

    old = defect.replace(BulkJob, "_carried_out", carried_out)
