"""How a command of the judge ends."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NoReturn

import click

from conformance.errors import ConformanceError


def with_exit(work: Callable[[], int]) -> NoReturn:
    """Ends the process with the code of `work`; a wrong option or an unfit target is one line and exit code 2."""
    try:
        sys.exit(work())
    except ConformanceError as error:
        click.echo(f"conformance: {error}", err=True)
        sys.exit(2)
