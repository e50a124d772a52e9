"""An OpenAPI document, read from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from schemathesis.config import SchemathesisConfig
from schemathesis.errors import LoaderError
from schemathesis.openapi import from_path

from conformance.errors import UsageFault


def read_document(path: Path) -> dict[str, Any]:
    """The document of a YAML or JSON file; raises UsageFault for a file that holds no OpenAPI 3 document."""
    try:
        schema = from_path(path, config=SchemathesisConfig())
    except OSError as error:
        raise UsageFault(f"--openapi {path} cannot be read: {error.strerror}") from error
    except LoaderError as error:
        raise UsageFault(f"--openapi {path} is no OpenAPI document: {_line(error)}") from error
    found: dict[str, Any] = schema.raw_schema
    if not str(found.get("openapi", "")).startswith("3.") or not isinstance(found.get("paths"), dict):
        raise UsageFault(f"--openapi {path} is no OpenAPI 3 document: it needs `openapi: 3.…` and `paths`")
    return found


def declared_links(document: dict[str, Any]) -> frozenset[str]:
    """The names of the links below the answers of the operations, as schemathesis tells them."""
    return frozenset(_links(document.get("paths", {}), document))


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
