"""Defects of the references by which one operation of a job names what another creates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mock_samanage.scim import bulk as messages
from mock_samanage.scim.bulk import BulkOperation
from mock_samanage.scim.errors import Conflict, InvalidValue, ScimError
from mock_samanage.tenant import bulk
from mock_samanage.tenant.bulk import BulkJob, Outcome
from mock_samanage.tenant.bulk_steps import Step
from mock_samanage.tenant.directory import Directory
from tests.mutants.answers import Json
from tests.mutants.mutant import Defect, mutant


class _Fault(Conflict):
    """What a server says that fell over an operation."""

    status = 500


def _data(defect: Defect, change: Callable[[BulkJob, Json], Json]) -> None:
    """Changes the data of each operation before it is carried out."""

    def carried_out(self: BulkJob, step: Step) -> Outcome:
        sent = step.operation
        if sent.data is not None:
            sent = BulkOperation(sent.method, sent.path, sent.bulk_id, change(self, sent.data), sent.version)
        outcome: Outcome = old(self, Step(sent, step.target, step.wrong, step.needs))
        return outcome

    old = defect.replace(BulkJob, "_carried_out", carried_out)


@mutant(
    clauses=("7644-3.7.2-01",),
    trips={"bulk.references_to_new_users_become_their_ids"},
    only="the second and later elements of a list",
)
def the_first_reference_of_a_list_is_replaced(defect: Defect) -> None:
    """Of the references in a list the first becomes an id, the others are left out."""

    def change(_job: BulkJob, data: Json) -> Json:
        kept = dict(data)
        for name, value in data.items():
            if isinstance(value, list):
                held = [at for at, item in enumerate(value) if messages.references(item)]
                kept[name] = [item for at, item in enumerate(value) if at not in held[1:]]
        return kept

    _data(defect, change)


@mutant(
    clauses=("7644-3.7.2-02",),
    trips={
        "bulk.a_reference_to_nothing_fails",
        "bulk.circular_references_are_tried",
        "bulk.references_are_replaced_in_extensions",
    },
    only="extensions",
)
def references_in_extensions_stay(defect: Defect) -> None:
    """A reference inside an extension is stored as it was sent."""

    def resolved(value: Any, find: Callable[[str], str], member: str = "") -> Any:
        if not isinstance(value, dict):
            return old(value, find, member)
        return {
            name: item if name.lower().startswith("urn:") else old(item, find, name.lower())
            for name, item in value.items()
        }

    old = defect.replace(bulk, "resolved", resolved)


@mutant(
    clauses=("7644-3.7.2-01",),
    trips={"bulk.references_are_replaced_in_extensions", "bulk.references_to_new_users_become_their_ids"},
    only="references behind each other",
)
def references_become_the_last_new_id(defect: Defect) -> None:
    """A reference becomes the id of the resource that was made last, whatever bulkId it names."""

    def find(self: BulkJob, name: str) -> str:
        old(self, name)
        return [*self._made.values()][-1]

    old = defect.replace(BulkJob, "_find", find)


@mutant(
    clauses=("7644-3.7-19",),
    trips={
        "bulk.a_reference_may_come_before_what_it_names",
        "bulk.circular_memberships_are_tried",
        "bulk.circular_references_are_tried",
    },
    only="references to later operations",
)
def references_forward_are_left_out(defect: Defect) -> None:
    """An operation does not wait for what a later one creates; it is done without the reference."""

    def change(job: BulkJob, data: Json) -> Json:
        found: Json = messages.without(data, job._awaited - job._made.keys())
        return found

    defect.replace(BulkJob, "_must_wait", lambda _self, _step, _held: False)
    _data(defect, change)


@mutant(
    clauses=("7644-3.7.2-03",), trips={"bulk.a_reference_in_a_path_is_followed_or_refused"}, only="references in paths"
)
def a_reference_in_a_path_is_the_first_new_resource(defect: Defect) -> None:
    """A bulkId in a path stands for the first resource that the job made."""

    def carried_out(self: BulkJob, step: Step) -> Outcome:
        target = step.target
        if target is not None and (target.id or "").startswith(messages.PREFIX) and self._made:
            first = next(iter(self._made.values()))
            step = Step(step.operation, type(target)(target.type, first), step.wrong, step.needs)
        outcome: Outcome = old(self, step)
        return outcome

    old = defect.replace(BulkJob, "_carried_out", carried_out)


@mutant(
    clauses=("7644-3.7.2-03",), trips={"bulk.a_reference_in_a_path_is_followed_or_refused"}, only="references in paths"
)
def a_reference_in_a_path_is_a_fault(defect: Defect) -> None:
    """A bulkId in a path makes the server fail."""

    def carried_out(self: BulkJob, step: Step) -> Outcome:
        if step.target is not None and (step.target.id or "").startswith(messages.PREFIX):
            raise _Fault("invalid literal for int().")
        outcome: Outcome = old(self, step)
        return outcome

    old = defect.replace(BulkJob, "_carried_out", carried_out)


@mutant(clauses=("7644-3.7.2-04",), trips={"bulk.a_reference_to_nothing_fails"}, only="bulkIds that no operation has")
def references_to_nothing_are_left_out(defect: Defect) -> None:
    """A reference to a bulkId that no operation has is left out, and the operation succeeds."""

    def change(job: BulkJob, data: Json) -> Json:
        found: Json = messages.without(data, messages.references(data) - job._given)
        return found

    _data(defect, change)


@mutant(
    clauses=("7644-3.7.2-05",), trips={"bulk.a_reference_to_a_failed_operation_fails"}, only="operations that failed"
)
def a_reference_to_a_failed_operation_is_another_resource(defect: Defect) -> None:
    """A reference to an operation that failed becomes the id of the resource made last."""

    def find(self: BulkJob, name: str) -> str:
        if name in self._given and name not in self._made and self._made:
            return [*self._made.values()][-1]
        found: str = old(self, name)
        return found

    old = defect.replace(BulkJob, "_find", find)


@mutant(
    clauses=("7644-3.7.1-01",),
    trips={"bulk.circular_memberships_are_tried", "bulk.circular_references_are_tried"},
    only="circular references",
)
def a_circle_is_made_without_its_links(defect: Defect) -> None:
    """Resources that refer to each other are created, and the links between them are left out."""

    def create_together(
        self: Directory, firsts: Sequence[tuple[str, Json]], complete: Callable[[Sequence[str]], Sequence[Json]]
    ) -> Any:
        del complete
        return old(self, firsts, lambda _ids: [body for _, body in firsts])

    old = defect.replace(Directory, "create_together", create_together)


@mutant(
    clauses=("7644-3.7.1-01",),
    trips={"bulk.circular_memberships_are_tried", "bulk.circular_references_are_tried"},
    only="the second resource of a circle",
)
def a_circle_is_linked_one_way(defect: Defect) -> None:
    """Of resources that refer to each other the first has its links."""

    def create_together(
        self: Directory, firsts: Sequence[tuple[str, Json]], complete: Callable[[Sequence[str]], Sequence[Json]]
    ) -> Any:
        return old(self, firsts, lambda ids: [*complete(ids)[:1], *[body for _, body in firsts[1:]]])

    old = defect.replace(Directory, "create_together", create_together)


@mutant(
    clauses=("7644-3.7.1-01", "7644-3.7.1-02"),
    trips={"bulk.circular_memberships_are_tried", "bulk.circular_references_are_tried"},
    only="circular references",
)
def a_circle_is_a_fault(defect: Defect) -> None:
    """Resources that refer to each other make the server fail."""

    def of_all(_error: ScimError, _names: Sequence[str]) -> ScimError:
        return _Fault("maximum recursion depth exceeded.")

    def create_together(_self: Directory, _firsts: Any, _complete: Any) -> Any:
        raise InvalidValue("maximum recursion depth exceeded.")

    defect.replace(bulk, "_of_all", of_all)
    defect.replace(Directory, "create_together", create_together)
