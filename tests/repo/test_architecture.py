"""The shape of the code: dependency direction, sizes, imports."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repo.tree import PACKAGES, ROOT, body_lines, functions, sources

HARD_LIMIT = 400
SOFT_LIMIT = 250


def test_imports_point_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("path", sources(*PACKAGES, "tests"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_thing(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= HARD_LIMIT


def test_most_files_stay_below_the_soft_limit() -> None:
    long = [path for path in sources(*PACKAGES) if path.read_text(encoding="utf-8").count("\n") > SOFT_LIMIT]
    assert len(long) <= len(sources(*PACKAGES)) // 10, [path.name for path in long]


@pytest.mark.parametrize("package", PACKAGES)
def test_functions_are_short(package: str) -> None:
    sizes = sorted(body_lines(node) for path in sources(package) for node in functions(path))
    assert statistics.median(sizes) <= 8
    assert sizes[int(len(sizes) * 0.95)] <= 40
    assert sizes[-1] <= 60


def test_only_one_function_of_the_judge_starts_the_tenant() -> None:
    users = [path for path in sources("conformance") if "mock_samanage" in _imported(path)]
    assert [path.name for path in users] == ["embedded.py"]


@pytest.mark.parametrize("folder", ["mock_samanage/scim", "mock_samanage/tenant", "mock_samanage/store"])
def test_flask_is_known_to_the_web_layer_only(folder: str) -> None:
    assert not [path for path in sources(folder) if {"flask", "werkzeug"} & _imported(path)]


def test_the_scim_language_needs_the_standard_library_only() -> None:
    allowed = set(sys.stdlib_module_names) | {"mock_samanage"}
    assert not {name for path in sources("mock_samanage/scim") for name in _imported(path)} - allowed


def test_sql_lives_in_the_store_only() -> None:
    outside = [path for path in sources(*PACKAGES) if path.parent.name != "store"]
    assert not [path for path in outside if {"sqlalchemy", "psycopg"} & _imported(path)]


def _imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    named |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return {name.split(".")[0] for name in named}
