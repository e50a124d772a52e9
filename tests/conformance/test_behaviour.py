"""The behaviour profile: what a run tells of the texts that the RFCs leave open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from conformance.behaviour import Trait, behaviour
from conformance.cli import main
from conformance.model import Reading
from conformance.report.reader import read_report
from tests.conformance.conftest import Judge, result

TABLE: Mapping[str, Mapping[str, Any]] = {
    "AMB-01": {"topic": "null", "accept": {"unassigned": "finds the unassigned"}, "warn": {"refused": "a 400"}},
    "AMB-02": {"topic": "unknown names", "accept": {"refused": "a 400"}},
    "AMB-03": {"topic": "ties"},
}
OFFERED = ("unassigned", "refused")
CHECKS = """
    @clause("7644-3.12-20")
    def test_counts(scim):
        '''What is no number is refused or \u0085 defaulted.'''
        answer = scim.get("/Users", params={"count": "x\u2028y"})
        variants = {"refused": answer.status == 400, "default": answer.ok}
        either("7644-3.12-20", "AMB-32", variants, observed="a\u2028b", about="count", answer=answer)
    """


def test_readings_become_traits_in_the_order_of_the_table() -> None:
    found = behaviour(
        [
            result(check="suite.b", readings=(Reading("AMB-02", "refused", OFFERED),)),
            result(check="suite.a", readings=(Reading("AMB-01", "refused", OFFERED, "title"),)),
            result(check="suite.c", readings=(Reading("AMB-02", "refused", OFFERED),)),
        ],
        TABLE,
    )
    assert found.traits == (
        Trait("AMB-01", "refused", "title", "a 400", "warned", ("suite.a",)),
        Trait("AMB-02", "refused", "", "a 400", "accepted", ("suite.b", "suite.c")),
    )
    assert found.unseen == ("AMB-03",)


def test_two_readings_of_one_text_are_both_told() -> None:
    told = (Reading("AMB-01", "refused", OFFERED, "title"), Reading("AMB-01", "unassigned", OFFERED, "active"))
    found = behaviour([result(readings=told)], TABLE)
    assert [line.strip() for line in found.lines()] == [
        "AMB-01  null",
        "refused (title) [warned]: a 400",
        "unassigned (active): finds the unassigned",
        "not seen: AMB-02, AMB-03",
    ]


def test_a_run_writes_its_profile_and_the_command_reads_it(judge: Judge, tmp_path: Path) -> None:
    judge(CHECKS, report=str(tmp_path / "report"))
    written = json.loads((tmp_path / "report" / "behaviour.json").read_text(encoding="utf-8"))
    (shown,) = written["ambiguities"]["AMB-32"]["shown"]
    assert shown["about"] == "count"
    asked = CliRunner().invoke(main, ["behaviour", str(tmp_path / "report" / "report.jsonl"), "--json"])
    assert json.loads(asked.output) == written
    assert "AMB-32" in (tmp_path / "report" / "summary.md").read_text(encoding="utf-8")


def test_separators_of_unicode_do_not_end_a_line_of_a_report(judge: Judge, tmp_path: Path) -> None:
    judge(CHECKS, report=str(tmp_path / "report"))
    (told,) = read_report(tmp_path / "report" / "report.jsonl").results
    assert "\u2028" in told.observed
