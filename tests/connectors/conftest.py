"""What tests of connectors share: one tenant whose accounts are scenarios."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.connector.control import Control
from tests.connectors.theatre import tenant


@pytest.fixture(scope="session")
def control() -> Iterator[Control]:
    with tenant() as found:
        yield found
