"""What a write names of the attributes returned on request is in its answer."""

from __future__ import annotations

from typing import Any

import pytest

from mock_samanage.scim.projection import project
from mock_samanage.scim.registry import LABORATORY_URN, USER, registry
from mock_samanage.scim.requested import requested_by_write
from tests.mock_samanage.tenant.bodies import patch, removal

PERSON = registry(schemas="laboratory").user
REMARK, NOTE = (LABORATORY_URN, "remark"), (LABORATORY_URN, "locker", "note")


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"userName": "ada", "title": "x"}, set()),
        ({LABORATORY_URN: {"remark": "x"}}, {REMARK}),
        ({LABORATORY_URN.upper(): {"REMARK": "x", "locker": {"Note": "n"}}}, {REMARK, NOTE}),
        ({LABORATORY_URN: {"locker": {"floor": 1}}}, set()),
        ({f"{LABORATORY_URN}:remark": "x"}, {REMARK}),
        (patch(("replace", f"{LABORATORY_URN}:remark", "x")), {REMARK}),
        (patch(("replace", f"{LABORATORY_URN}:locker.note", "x")), {NOTE}),
        (patch(("add", f"{LABORATORY_URN}:locker", {"note": "n"})), {NOTE}),
        (patch(("add", None, {LABORATORY_URN: {"remark": "x"}}), ("add", "title", "t")), {REMARK}),
        (patch(("add", LABORATORY_URN, {"remark": "x"})), {REMARK}),
        (removal(f"{LABORATORY_URN}:score"), set()),
        ({"a[b": 1, "Operations": [1], LABORATORY_URN: 3}, set()),
    ],
)
def test_a_body_names_places(body: dict[str, Any], places: set[tuple[str, ...]]) -> None:
    assert requested_by_write(PERSON, body) == places


def test_a_type_without_such_attributes_has_none() -> None:
    assert requested_by_write(USER, {"title": "x"}) == frozenset()


def test_the_answer_shows_them_unless_others_were_asked_for() -> None:
    document = {"id": "7", LABORATORY_URN: {"remark": "x", "cohort": "c", "locker": {"note": "n", "floor": 1}}}
    assert project(PERSON, document, written={REMARK})[LABORATORY_URN] == {
        "remark": "x", "cohort": "c", "locker": {"floor": 1},
    }  # fmt: skip
    assert project(PERSON, document)[LABORATORY_URN] == {"cohort": "c", "locker": {"floor": 1}}
