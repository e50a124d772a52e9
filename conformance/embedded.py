"""The embedded tenant: the only place where the judge and the fake tenant meet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from conformance.options import Options

HERE = Path(__file__).resolve().parent
OPENAPI = (HERE / "openapi.yaml", HERE.parent / "openapi.yaml")  # in the wheel; in a checkout
KNOWN = HERE / "embedded.known.toml"


@contextmanager
def embedded_tenant(options: Options, *, laboratory: bool = False) -> Iterator[Options]:
    """The options, pointed at a tenant that lives in this process as long as the context.

    laboratory: a strict account whose schemas hold every type and characteristic; the OpenAPI document does not
    describe it.
    """
    from mock_samanage.testing import LiveServer  # noqa: PLC0415 - nothing else of the judge needs the tenant

    settings = {"preset": "strict", "schemas": "laboratory"} if laboratory else {}
    with LiveServer(**settings) as server:
        yield replace(
            options,
            target=server.url,
            token=server.token,
            hooks=f"{server.control}/hooks",
            hooks_token=server.ready.control_token,
            openapi=options.openapi or (None if laboratory else openapi_document()),
        )


def openapi_document() -> str | None:
    """The path of the tenant's OpenAPI document."""
    return next((str(path) for path in OPENAPI if path.is_file()), None)
