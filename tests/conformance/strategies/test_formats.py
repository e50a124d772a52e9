"""Generated values of the formats of openapi.yaml: valid, repeatable, and nobody else's."""

from __future__ import annotations

import base64
from pathlib import Path
from random import Random

import pytest

from conformance.contract.document import read_document
from conformance.embedded import openapi_document
from conformance.strategies.formats import (
    CERTIFICATE,
    EVERY,
    GROUP,
    GROUP_PATHS,
    PROJECTED,
    USER_PATHS,
    Pool,
    formats,
    written,
)
from conformance.strategies.vocabulary import VOCABULARY
from mock_samanage.scim.filter import parse_filter
from mock_samanage.scim.path import parse_name_list, parse_patch_path

POOL = Pool(members=("m1", "m2"), users=("u1",), groups=("g1",), absent=("a1",), roles=("Requester",))


def named(node: object) -> set[str]:
    """The formats a document names."""
    if isinstance(node, dict):
        own = {node["format"]} if isinstance(node.get("format"), str) else set()
        return own.union(*(named(entry) for entry in node.values()))
    return set[str]().union(*(named(entry) for entry in node)) if isinstance(node, list) else set()


def test_there_is_a_strategy_for_each_format_of_the_document() -> None:
    assert set(formats(POOL, (), 1)) == named(read_document(Path(str(openapi_document()))))


def test_the_same_seed_makes_the_same_values() -> None:
    one, same, other = (repr(formats(POOL, (), seed)) for seed in (1, 1, 2))
    assert one == same
    assert one != other


@pytest.mark.parametrize("attributes", [VOCABULARY, GROUP, EVERY], ids=["users", "groups", "both"])
def test_filters_are_of_the_language(attributes: tuple[object, ...]) -> None:
    chance = Random(7)
    texts = {written(attributes, chance) for _ in range(300)}  # type: ignore[arg-type]  # attributes all
    assert len(texts) > 200
    for text in texts:
        parse_filter(text)


@pytest.mark.parametrize("path", [*USER_PATHS, *GROUP_PATHS])
def test_paths_are_those_of_patch_operations(path: str) -> None:
    parse_patch_path(path)


def test_projections_name_attributes() -> None:
    assert len(parse_name_list(",".join(PROJECTED))) == len(PROJECTED)


def test_the_certificate_is_one_der_certificate() -> None:
    content = base64.b64decode(CERTIFICATE, validate=True)
    assert content[:2] == b"\x30\x81"
    assert len(content) == content[2] + 3


def test_a_request_that_changes_something_is_about_no_member_of_a_group() -> None:
    assert POOL.ids == {"u1", "g1", "a1"}
