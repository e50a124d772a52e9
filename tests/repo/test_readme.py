"""The README is true: its commands run, in order, and print what it says."""

from __future__ import annotations

import itertools
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from conformance.cli import main
from mock_samanage.tenant.quirks import REGISTER
from tests.repo.readme import Block, blocks, pattern
from tests.repo.tree import ROOT

pytestmark = pytest.mark.xdist_group("readme")  # its commands write to the checkout

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = list(blocks(README))
PORT = "8080"


def script(found: list[Block], folder: Path) -> str:
    """A bash script that runs every command block and marks where its output begins."""
    lines = ["set -eu", "trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT"]
    for number, block in enumerate(found):
        if block.file:
            (folder / block.file).write_text(block.text)
        elif block.kind == "sh":
            lines.append(f"printf '\\n@@{number}\\n'\n{_command(block.text)}")
    return "\n".join(lines)


def _command(text: str) -> str:
    """The command as the checkout's own environment runs it: what `make demo` does once everything is installed."""
    return f"(cd {shlex.quote(str(ROOT))} && conformance demo --report report)" if text.strip() == "make demo" else text


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """What each command block printed, by its number."""
    folder = tmp_path_factory.mktemp("readme")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "SCIM", "COV"))}
    command = ["bash", "-c", script(BLOCKS, folder).replace(PORT, _free_port())]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**kept, "PATH": path, "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, _ = process.communicate(timeout=300)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, out[-3000:]
    parts = re.split(r"^@@(\d+)\n", out, flags=re.MULTILINE)
    return {int(number): text for number, text in zip(parts[1::2], parts[2::2], strict=True)}


def _free_port() -> str:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return str(sock.getsockname()[1])


def test_every_command_prints_what_the_readme_shows(printed: dict[int, str]) -> None:
    for number, (block, shown) in enumerate(itertools.pairwise(BLOCKS)):
        if block.kind == "sh" and shown.kind == "text":
            wanted = shown.text.replace(f":{PORT}/", ":…/")
            assert pattern(wanted).search(printed[number]), f"{block.text}printed\n{printed[number]}"


def test_every_command_block_was_run(printed: dict[int, str]) -> None:
    assert printed.keys() == {number for number, block in enumerate(BLOCKS) if block.kind == "sh"}


def test_make_demo_is_the_command_that_was_run() -> None:
    recipe = re.search(r"^demo:.*\n\t(.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert recipe is not None
    assert recipe.group(1).split("/")[-1] == "conformance demo --report report"


def test_the_ci_job_uses_options_that_exist() -> None:
    job = next(block.text for block in BLOCKS if block.kind == "yaml")
    commands = re.findall(r"- run: (conformance .*)", job)
    assert commands
    for command in commands:
        told = CliRunner().invoke(main, [*shlex.split(command)[1:], "--list"])
        assert told.exit_code == 0, told.output


def test_every_quirk_is_listed_with_its_default_and_confidence() -> None:
    for quirk in REGISTER.values():
        others = [f"`{name}`" for name in quirk.alternatives if name != quirk.default]
        row = f"| {quirk.id} | `{quirk.default}` | {', '.join(others)} | {quirk.confidence} |"
        assert row in README
