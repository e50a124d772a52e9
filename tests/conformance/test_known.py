"""Known deviations are declared with a reason, and go stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.errors import CatalogueError, UsageFault
from conformance.known import Known, apply_known, read_known, write_known
from conformance.model import Verdict
from tests.conformance.conftest import Judge, result

ENTRY = Known("users.create", "7644-3.3-01", "historic")


def test_a_declared_deviation_is_known() -> None:
    (settled,), stale = apply_known([result(Verdict.FAIL, observed="x")], [ENTRY])
    assert settled.verdict is Verdict.KNOWN
    assert settled.observations == ("FAIL, declared: historic",)
    assert stale == []


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.NOT_APPLICABLE])
def test_one_that_did_not_happen_is_stale(verdict: Verdict) -> None:
    assert apply_known([result(verdict)], [ENTRY])[1] == [ENTRY]


@pytest.mark.parametrize("results", [[], [result(Verdict.NOT_RUN)], [result(Verdict.ERROR)]])
def test_one_that_was_not_judged_is_not_stale(results: list[object]) -> None:
    assert apply_known(results, [ENTRY])[1] == []  # type: ignore[arg-type]  # mypy joins the lists to object


def test_what_is_written_is_read_and_keeps_its_reasons(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    results = [
        result(Verdict.FAIL, observed='odd\n"text"'),
        result(Verdict.WARN, "users.other"),
        result(Verdict.PASS, "a.b"),
    ]
    assert write_known(path, results, [ENTRY]) == 2
    assert read_known(path) == [ENTRY, Known("users.other", "7644-3.3-01", "to be filled in")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[known]]\ncheck='a.b'\nclause='c'\nreason=''", "none of them empty"),
        ("[[known]]\ncheck='a.b'\nclause='c'\nreason='r'\nx=1", "exactly check, clause and reason"),
        ("[[known]]\ncheck='a.b'\nclause='c'\nreason='r'\n" * 2, "listed twice"),
        ("[[known", "cannot be read as TOML"),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "known.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=told):
        read_known(path)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="cannot be written"):
        write_known(tmp_path / "no" / "known.toml", [])


def test_a_run_writes_and_then_knows_its_deviations(judge: Judge, tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    check = """
        @clause("7644-3.3-01")
        def test_broken(scim):
            '''It does not hold.'''
            holds("7644-3.3-01", {}, expected="a", observed="b")
        """
    assert judge(check.format(False), write_known=str(path)).code == 1
    judged = judge(check.format(False), known=str(path))
    assert (judged.code, judged.of("7644-3.3-01").verdict) == (0, Verdict.KNOWN)
    stale = judge(check.format(True), known=str(path))
    assert (stale.code, len(stale.outcome.stale)) == (1, 1)
    assert "stale known deviation: test_tiny.broken" in stale.summary
