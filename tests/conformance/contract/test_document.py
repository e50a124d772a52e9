"""Documents as they are read, and what is said of files that hold none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.contract.document import declared_links, read_document
from conformance.embedded import openapi_document
from conformance.errors import UsageFault
from tests.conformance.contract import things


def test_yaml_and_json_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "document.json"
    path.write_text(json.dumps(things.document()), encoding="utf-8")
    assert read_document(path) == things.document()
    assert read_document(Path(str(openapi_document())))["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    "content", ["{", "just words", "[]", '{"openapi": "3.1.0"}', '{"swagger": "2.0", "paths": {}}', "a: [b"]
)
def test_a_file_without_an_openapi_3_document_is_told_in_one_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "document.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageFault, match=r"--openapi .*document\.yaml") as told:
        read_document(path)
    assert "\n" not in str(told.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="cannot be read: No such file"):
        read_document(tmp_path / "nowhere.yaml")


def test_the_links_of_a_document_are_found_through_references() -> None:
    assert declared_links(things.document()) == {"Read", "Remove"}
    shipped = declared_links(read_document(Path(str(openapi_document()))))
    assert {"GetUser", "ReplaceUser", "PatchUser", "DeleteUser", "GetGroupAgain"} <= shipped
    assert declared_links({"paths": {"/x": {"get": {"responses": {}}}}}) == frozenset()
