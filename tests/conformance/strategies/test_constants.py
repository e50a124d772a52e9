"""What Hypothesis may draw from."""

from __future__ import annotations

from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import is_local_module_file

from conformance.strategies import constants


def local(path: str) -> object:
    return vars(providers)["is_local_module_file"](path)


def test_no_source_file_counts_while_the_judge_draws() -> None:
    path = constants.__file__
    with constants.without_local_constants():
        assert local(path) is False
    assert local(path) is is_local_module_file(path)
