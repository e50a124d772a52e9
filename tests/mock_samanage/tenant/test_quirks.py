"""The quirk register is whole, and its values are checked."""

from __future__ import annotations

import pytest

from mock_samanage.tenant.errors import BadArgument
from mock_samanage.tenant.presets import PRESETS, preset
from mock_samanage.tenant.quirks import CONFIDENCES, MOUNTS, REGISTER, Quirk, checked, one_of


@pytest.mark.parametrize("quirk", REGISTER.values(), ids=lambda quirk: quirk.id)
def test_each_quirk_states_what_is_known_and_what_else_it_can_be(quirk: Quirk) -> None:
    assert quirk.statement.endswith(".")
    assert quirk.source
    assert quirk.confidence in CONFIDENCES
    assert quirk.default in quirk.alternatives
    assert len(quirk.alternatives) >= 2
    assert all("\n" not in meaning and meaning for meaning in quirk.alternatives.values())
    assert set(quirk.presets) <= set(PRESETS)
    assert set(quirk.presets.values()) <= set(quirk.alternatives)


def test_strict_differs_from_entra_where_the_rfc_and_entra_collide() -> None:
    entra, strict = preset("entra"), preset("strict")
    assert {name for name in REGISTER if entra[name] != strict[name]} == {
        "replace-without-match",
        "string-booleans",
        "countries",
    }


def test_a_preset_has_a_value_for_every_quirk() -> None:
    assert set(preset("entra")) == set(REGISTER)
    with pytest.raises(BadArgument, match="entra or strict"):
        preset("lenient")


def test_every_value_of_mounts_has_its_prefixes() -> None:
    assert set(MOUNTS) == set(REGISTER["mounts"].alternatives)


def test_values_are_checked_and_become_text() -> None:
    assert checked({"rate-limit": 1000, "delete": "disable"}) == {"rate-limit": "1000", "delete": "disable"}
    with pytest.raises(BadArgument, match="no quirk 'speed'; the quirks are mounts, "):
        checked({"speed": "fast"})
    with pytest.raises(BadArgument, match="The quirk delete is hard or disable, not 'soft'"):
        checked({"delete": "soft"})


def test_names_are_listed_in_prose() -> None:
    assert one_of(("a", "b", "c")) == "a, b or c"
    assert one_of(("a",)) == "a"
