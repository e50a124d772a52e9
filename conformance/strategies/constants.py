"""The same seed draws the same values, wherever the judge lies and whatever else is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from unittest import mock

LOCAL: Final = "hypothesis.internal.conjecture.providers.is_local_module_file"


@contextmanager
def without_local_constants() -> Iterator[None]:
    """Hypothesis takes no values from the source files of the modules that are loaded.

    It reads those that are not installed as packages: all of the judge's in a checkout, none in a wheel, and in a run
    of one suite others than in a run of all. A seed would mean something else each time, and reading takes a second.
    """
    with mock.patch(LOCAL, return_value=False, create=True):  # a version that has no such function has another way
        yield
