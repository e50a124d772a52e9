"""Defects of `attributes` in a request that writes: what its answer shows, and what is stored."""

from __future__ import annotations

from mock_samanage.web import parameters, resources
from mock_samanage.web.answer import Answer
from mock_samanage.web.call import Call
from tests.mutants.catalogue.projecting import EVERYTHING, kept
from tests.mutants.mutant import Defect, mutant


@mutant(clauses=("7644-3.9-08",), trips={"projection.writes_are_projected_and_stored_whole"}, only="PATCH")
def a_patch_shows_everything(defect: Defect) -> None:
    """The answer to a PATCH holds all attributes whatever the request names."""
    kept(defect, lambda call, wanted: EVERYTHING if call.environ["REQUEST_METHOD"] == "PATCH" else wanted)


@mutant(clauses=("7644-3.9-09",), trips={"projection.writes_are_projected_and_stored_whole"}, only="PUT")
def a_replacement_is_stored_as_it_is_shown(defect: Defect) -> None:
    """A PUT with `attributes` stores only what these name."""

    def put(call: Call, type_name: str, resource_id: str) -> Answer:
        answer: Answer = old(call, type_name, resource_id)
        wanted = parameters.read_projection(call.parameters)
        if wanted.attributes:
            kind = call.directory.resource_type(type_name)
            body = {**wanted.apply(kind, call.body()), "schemas": call.body().get("schemas")}
            call.directory.replace(type_name, resource_id, body)
        return answer

    old = defect.replace(resources, "replace", put)
