"""Documents as they are read, and what is said of files that hold none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.contract.document import declared_links, promised, read_document, without_reading_links
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


def test_links_of_what_only_reads_can_be_left_out() -> None:
    document = things.document()
    document["components"]["responses"] = {"All": things.answer(links={"First": {"operationId": "read"}})}
    document["paths"]["/things"]["get"]["responses"]["200"] = {"$ref": "#/components/responses/All"}
    assert declared_links(document) == {"First", "Read", "Remove"}
    found = without_reading_links(document)
    assert declared_links(found) == {"Read", "Remove"}
    assert found["paths"]["/things"]["get"]["responses"]["200"]["description"]
    assert declared_links(document) == {"First", "Read", "Remove"}


THING = {"$ref": "#/components/schemas/Thing"}
SCHEMAS = {
    "Page": {"allOf": [{"$ref": "#/components/schemas/List"}], "properties": {"Resources": {"items": THING}}},
    "List": {"required": ["Resources"], "properties": {"next": {}, "Resources": {"type": "array"}}},
    "Full": {"type": "array", "minItems": 1, "items": THING},
    "Thing": {"required": ["id", "meta"], "properties": {"meta": {"properties": {"location": {}}}}},
}


@pytest.mark.parametrize(
    ("name", "steps", "sure"),
    [
        ("Thing", ["id"], True),
        ("Thing", ["meta"], True),
        ("Thing", ["meta", "location"], False),
        ("Thing", ["id", "x"], False),
        ("Page", ["next"], False),
        ("Page", ["Resources"], True),
        ("Page", ["Resources", "0", "id"], False),
        ("Full", ["0", "id"], True),
        ("Full", ["1", "id"], False),
        ("Thing", [], True),
    ],
)
def test_only_what_every_answer_has_is_promised(name: str, steps: list[str], *, sure: bool) -> None:
    document = {"components": {"schemas": SCHEMAS}}
    assert promised({"$ref": f"#/components/schemas/{name}"}, steps, document) is sure
