"""Password records, and what counts as the same password."""

from __future__ import annotations

import pytest

from mock_samanage.tenant.passwords import record, verify


@pytest.fixture(scope="module")
def stored() -> bytes:
    """The record of a password with a letter beyond ASCII and a space."""
    return record("Pass\u00e9 1", b"s" * 16)


@pytest.mark.parametrize("text", ["Pass\u00e9 1", "Passe\u0301 1", "Pass\u00e9\u30001", "Pass\u00e9\u00a01"])
def test_normal_form_and_kind_of_space_make_no_difference(stored: bytes, text: str) -> None:
    assert verify(text, stored)


@pytest.mark.parametrize("text", ["pass\u00e9 1", "Passe 1", "Pass\u00e91", "\uff30ass\u00e9 1", ""])
def test_case_accents_width_and_missing_spaces_do(stored: bytes, text: str) -> None:
    assert not verify(text, stored)
