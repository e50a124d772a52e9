"""Immutable values stay as they are, whatever a PUT or a PATCH says."""

from __future__ import annotations

from typing import Any

import pytest

from mock_samanage.scim.dialect import ENTRA
from mock_samanage.scim.errors import InvalidValue, Mutability
from mock_samanage.scim.immutable import with_immutable
from mock_samanage.scim.patch import apply_patch
from mock_samanage.scim.registry import DEVICE_URN, LABORATORY_URN, USER, USER_URN, WARRANTY_URN, registry
from mock_samanage.scim.validation import validate
from tests.mock_samanage.tenant.bodies import patch, removal

PERSON = registry(schemas="laboratory").user
(DEVICE,) = registry(schemas="laboratory").others
HELD = {"badge": "B", "locker": {"code": "C", "floor": 2}}
BEFORE = {"schemas": [USER_URN, LABORATORY_URN], "userName": "ada", LABORATORY_URN: HELD}


def after(**held: Any) -> dict[str, Any]:
    return {"schemas": [USER_URN, LABORATORY_URN], "userName": "ada", LABORATORY_URN: held}


@pytest.mark.parametrize(
    ("held", "kept"),
    [
        ({}, {"badge": "B", "locker": {"code": "C"}}),
        ({"badge": "b"}, {"badge": "B", "locker": {"code": "C"}}),
        ({"locker": {"floor": 3}}, {"badge": "B", "locker": {"code": "C", "floor": 3}}),
        ({"visits": 1}, {"visits": 1, "badge": "B", "locker": {"code": "C"}}),
    ],
)
def test_a_put_keeps_what_it_leaves_out(held: dict[str, Any], kept: dict[str, Any]) -> None:
    assert with_immutable(PERSON, BEFORE, after(**held)) == after(**kept)


def test_a_put_without_the_extension_keeps_it_for_what_is_immutable() -> None:
    body = {"schemas": [USER_URN], "userName": "ada"}
    assert with_immutable(PERSON, BEFORE, body) == after(badge="B", locker={"code": "C"})


def test_a_first_value_is_taken() -> None:
    assert with_immutable(PERSON, {"userName": "ada"}, after(badge="B")) == after(badge="B")
    assert with_immutable(USER, BEFORE, {"userName": "x"}) == {"userName": "x"}


@pytest.mark.parametrize("held", [{"badge": "other"}, {"locker": {"code": "c"}}])
def test_a_put_with_another_value_is_refused(held: dict[str, Any]) -> None:
    with pytest.raises(Mutability, match="is immutable and has another value"):
        with_immutable(PERSON, BEFORE, after(**held))


@pytest.mark.parametrize(
    "body",
    [
        patch(("replace", f"{LABORATORY_URN}:badge", "other")),
        patch(("replace", None, {LABORATORY_URN: {"locker": {"code": "c"}}})),
        removal(LABORATORY_URN),
        removal(f"{LABORATORY_URN}:locker"),
        removal(f"{LABORATORY_URN}:locker.code"),
    ],
)
def test_a_patch_that_would_change_it_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(Mutability, match="immutable"):
        apply_patch(PERSON, BEFORE, body, dialect=ENTRA)


@pytest.mark.parametrize(("held", "missing"), [({}, "Warranty:terms"), ({WARRANTY_URN: {"terms": " "}}, "terms")])
def test_a_required_extension_has_its_required_attributes(held: dict[str, Any], missing: str) -> None:
    body = {"schemas": [DEVICE_URN], "displayName": "Scale", "serialNumber": "S-1", **held}
    with pytest.raises(InvalidValue, match=f"{missing} is required"):
        validate(DEVICE, body, dialect=ENTRA)
    whole = validate(DEVICE, {**body, WARRANTY_URN: {"terms": "all"}}, dialect=ENTRA)
    assert whole["schemas"] == [DEVICE_URN, WARRANTY_URN]
