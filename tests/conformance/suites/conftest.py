"""The marks of checks are known here, so that helpers of the suites can be imported without a target."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    for name in ("clause", "budget"):
        config.addinivalue_line("markers", f"{name}: a mark of checks")
