"""What tests of the simulator's command line share."""

from __future__ import annotations

from pathlib import Path

import pytest

from mock_samanage.testing import LiveServer
from tests.conformance.entra.folder import Folder


@pytest.fixture
def folder(tmp_path: Path, samanage: LiveServer) -> Folder:
    return Folder(tmp_path, samanage)
