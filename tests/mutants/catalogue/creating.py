"""Defects of create and read."""

from __future__ import annotations

from tests.mutants.mutant import Defect, Environ, Reply, mutant


@mutant(
    clauses=("7644-3.3-01",),
    trips={"matching.the_feature_flag_is_ignored", "resources.a_valid_user_is_created"},
)
def create_answers_200(defect: Defect) -> None:
    """A create is answered 200 instead of 201."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        created = environ["REQUEST_METHOD"] == "POST" and reply.code == 201
        return Reply("200 OK", reply.headers, reply.body) if created else reply

    defect.answers(rewrite)
