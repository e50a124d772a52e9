"""What tests of connectors share: scenarios, several played at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from tests.connectors.theatre import Play, Playbill, playbill


@pytest.fixture(scope="session")
def bill(request: pytest.FixtureRequest) -> Iterator[Playbill]:
    """The plays of all tests that were collected: those with a parameter `plays`."""
    with playbill() as found:
        found.announce([play for item in request.session.items for play in _plays(item)])
        yield found


def _plays(item: pytest.Item) -> Iterable[Play]:
    called = getattr(item, "callspec", None)
    return called.params.get("plays", ()) if called else ()
