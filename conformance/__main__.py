"""`python -m conformance` is the command line."""

from __future__ import annotations

from conformance.cli import main

main(prog_name="conformance")
