"""The embedded tenant, and pytest used directly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from conformance.cli import main
from conformance.embedded import embedded_tenant, openapi_document
from conformance.options import Options
from conformance.report.reader import read_report
from conformance.session import begin, open_session
from tests.conformance.tiny import TOKEN, Tiny


def test_the_embedded_tenant_answers_and_offers_hooks(tmp_path: Path) -> None:
    with embedded_tenant(Options(profile=("samanage",), report=str(tmp_path))) as options:
        session = open_session(options, begin(options))
        assert session.client.get("/Users").ok
        assert session.target.has("hook:account.create")
        assert session.target.capabilities.assumed == ()
        session.transport.close()


def test_a_laboratory_account_is_richer_and_has_no_document(tmp_path: Path) -> None:
    options = Options(profile=("rfc",), report=str(tmp_path))
    with embedded_tenant(options, laboratory=True) as embedded:
        session = open_session(embedded, begin(embedded))
        words = ("type:custom", "extension:custom", "extension:required", "some:type=decimal", "some:returned=request")
        assert all(session.target.has(word) for word in words)
        assert embedded.openapi is None
        session.transport.close()


def test_the_openapi_document_is_found() -> None:
    assert openapi_document() is not None


def test_the_demo_judges_by_every_profile(tmp_path: Path) -> None:
    told = CliRunner().invoke(
        main, ["demo", "--suite", "errors", "--effort", "quick", "--report", str(tmp_path / "out")]
    )
    assert "A fake Samanage tenant listens at http://127.0.0.1:" in told.output
    report = read_report(tmp_path / "out" / "report.jsonl")
    assert set(report.header["profiles"]) >= {"rfc", "entra", "okta", "samanage"}
    assert report.footer["left_behind"] == []


def test_pytest_can_be_used_directly(tiny: Tiny, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "conformance.plugin",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
    ]
    told = subprocess.run(
        [
            *command,
            "--pyargs",
            "conformance.suites",
            f"--scim-target={tiny.url}",
            f"--scim-token={TOKEN}",
            "--scim-suite=errors",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert told.returncode in {0, 1}, told.stdout + told.stderr
    assert "= SCIM conformance =" in told.stdout
    assert f"scim: {tiny.url}, profiles rfc, entra" in told.stdout
    assert tiny.users == {}


def test_direct_use_tells_an_unfit_target_in_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "conformance.plugin", "-p", "no:cacheprovider"]
    told = subprocess.run(
        [*command, "--pyargs", "conformance.suites", "--scim-target=http://127.0.0.1:9"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert told.returncode == 2
    assert "http://127.0.0.1:9 does not answer" in told.stdout + told.stderr
    assert "Traceback" not in told.stdout + told.stderr
