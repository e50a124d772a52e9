"""A resource with every attribute that a target takes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.described import every
from conformance.errors import Unusable
from conformance.options import Options
from conformance.population import Resources
from conformance.session import Session, begin, open_session
from conformance.specimens import Workshop
from conformance.variety import Variety
from mock_samanage.scim.registry import DEVICE_URN, WARRANTY_URN
from mock_samanage.testing import LiveServer


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with LiveServer(schemas="laboratory", quirks={"unknown-department": "reject"}) as server:
        options = Options(target=server.url, token=server.token)
        opened = open_session(options, begin(options))
        yield opened
        opened.transport.close()


def workshop(session: Session, kind: str, user: str = "1") -> Workshop:
    known = session.target.capabilities
    return Workshop(
        kind, Resources(session.client, session.run, known.endpoint(kind)), known, Variety(session.run, user)
    )


def test_a_specimen_of_a_further_type_has_every_attribute(session: Session) -> None:
    made = workshop(session, "Device")
    found = made.specimen()
    assert found.sent["schemas"] == [DEVICE_URN, WARRANTY_URN]
    assert not found.refused
    assert all(each.values(found.shown) for each in found.every())
    assert {each.path for each in found.every(mutability="immutable")} == {"serialNumber"}
    made.resources.clear()
    assert made.resources.gone(found.shown)


def test_what_the_target_refuses_is_left_out_and_named(session: Session) -> None:
    found = workshop(session, "User").specimen()
    assert [path.rsplit(":", 1)[-1] for path in found.refused] == ["department"]
    kept = [each for each in found.attributes if each.writable and each.path not in found.refused]
    assert [each.path for each in kept if each.held(found.sent) is None] == []
    asked = {each.path for each in every(found.attributes) if each.values(found.asked)}
    assert {path.rsplit(":", 1)[-1] for path in asked} >= {"remark", "locker.note", "locker.floor"}


def test_a_plain_body_has_what_is_required_alone(session: Session) -> None:
    body = workshop(session, "Device").plain()
    assert body.keys() == {"schemas", "displayName", "serialNumber", WARRANTY_URN}
    assert workshop(session, "Device").needed == {WARRANTY_URN}


def test_a_target_that_takes_nothing_is_no_use(session: Session) -> None:
    with pytest.raises(Unusable, match="cannot be created"):
        workshop(session, "Nothing").specimen()
