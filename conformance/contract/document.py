"""An OpenAPI document, read from a file."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from schemathesis.config import SchemathesisConfig
from schemathesis.errors import LoaderError
from schemathesis.openapi import from_path

from conformance.errors import UsageFault


def read_document(path: Path) -> dict[str, Any]:
    """The document of a YAML or JSON file; raises UsageFault for a file that holds no OpenAPI 3 document."""
    try:
        return copy.deepcopy(_parsed(path, path.stat().st_mtime_ns))
    except OSError as error:
        raise UsageFault(f"--openapi {path} cannot be read: {error.strerror}") from error


@lru_cache(maxsize=1)
def _parsed(path: Path, _changed: int) -> dict[str, Any]:
    """The same, read once for all phases of a run; raises OSError too."""
    try:
        schema = from_path(path, config=SchemathesisConfig())
    except LoaderError as error:
        raise UsageFault(f"--openapi {path} is no OpenAPI document: {_line(error)}") from error
    found: dict[str, Any] = schema.raw_schema
    if not str(found.get("openapi", "")).startswith("3.") or not isinstance(found.get("paths"), dict):
        raise UsageFault(f"--openapi {path} is no OpenAPI 3 document: it needs `openapi: 3.…` and `paths`")
    return found


def declared_links(document: dict[str, Any]) -> frozenset[str]:
    """The names of the links below the answers of the operations, as schemathesis tells them."""
    return frozenset(_links(document.get("paths", {}), document))


def without_reading_links(document: dict[str, Any]) -> dict[str, Any]:
    """The document without the links of answers that only read; walks of few steps then create, change and delete."""
    paths = {path: _unlinked(item, document) for path, item in document["paths"].items()}
    return {**document, "paths": paths}


def _unlinked(item: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    if "get" not in item:
        return item
    answers = {status: _followed(answer, document) for status, answer in item["get"].get("responses", {}).items()}
    bare = {status: {key: each for key, each in answer.items() if key != "links"} for status, answer in answers.items()}
    return {**item, "get": {**item["get"], "responses": bare}}


def _followed(node: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    return _resolved(node["$ref"], document) if isinstance(node.get("$ref"), str) else node


def promised(schema: Any, steps: Sequence[str], document: dict[str, Any]) -> bool:
    """Whether whatever fits the schema has a value at the end of these steps of a JSON pointer.

    What an answer may lack, such as the cursor of a next page, no link can count on.
    """
    if not steps:
        return True
    parts = _parts(schema, document)
    here, rest = steps[0], steps[1:]
    there = [part["properties"][here] for part in parts if here in part.get("properties", ())]
    if here.isdigit():
        there = [part["items"] for part in parts if "items" in part]
        certain = any(part.get("minItems", 0) > int(here) for part in parts)
    else:
        certain = any(here in part.get("required", ()) for part in parts)
    return certain and (not rest or any(promised(each, rest, document) for each in there))


def _parts(schema: Any, document: dict[str, Any]) -> list[dict[str, Any]]:
    """The schema and those it is all of, references followed."""
    if not isinstance(schema, dict):
        return []
    more = [schema["$ref"]] if isinstance(schema.get("$ref"), str) else []
    referred = [part for reference in more for part in _parts(_resolved(reference, document), document)]
    return [schema, *referred, *(part for each in schema.get("allOf", ()) for part in _parts(each, document))]


def _links(node: Any, document: dict[str, Any]) -> set[str]:
    if isinstance(node, list):
        return set[str]().union(*(_links(entry, document) for entry in node))
    if not isinstance(node, dict):
        return set()
    if isinstance(reference := node.get("$ref"), str):
        return _links(_resolved(reference, document), document) if "/responses/" in reference else set()
    here = node.get("links")
    own = set(here) if isinstance(here, dict) else set()
    return own.union(*(_links(entry, document) for name, entry in node.items() if name != "links"))


def _resolved(reference: str, document: dict[str, Any]) -> Any:
    node: Any = document
    for part in reference.removeprefix("#/").split("/"):
        node = node.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(node, dict) else None
    return node


def _line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
