"""The embedded tenant: the only place where the judge and the fake tenant meet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.options import Options

if TYPE_CHECKING:
    from mock_samanage.testing import LiveServer

HERE = Path(__file__).resolve().parent
OPENAPI = (HERE / "openapi.yaml", HERE.parent / "openapi.yaml")  # in the wheel; in a checkout
KNOWN = HERE / "embedded.known.toml"


@contextmanager
def embedded_tenant(options: Options, *, laboratory: bool = False) -> Iterator[Options]:
    """The options, pointed at a tenant that lives in this process as long as the context.

    laboratory: a strict account whose schemas hold every type and characteristic; the OpenAPI document does not
    describe it.
    """
    settings = {"preset": "strict", "schemas": "laboratory"} if laboratory else {}
    with _live_server(**settings) as server:
        yield replace(
            options,
            target=server.url,
            token=server.token,
            hooks=f"{server.control}/hooks",
            hooks_token=server.ready.control_token,
            openapi=options.openapi or (None if laboratory else openapi_document()),
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A tenant in this process: its SCIM base URL, the base of its control API, and what that demands."""

    url: str
    control: str
    control_token: str | None


@contextmanager
def embedded_place() -> Iterator[Place]:
    """A tenant that connectors are judged in, as long as the context lives."""
    with _live_server() as server:
        yield Place(server.url, server.control, server.ready.control_token)


def _live_server(**settings: Any) -> LiveServer:
    from mock_samanage.testing import LiveServer  # noqa: PLC0415 - nothing else of the judge needs the tenant

    return LiveServer(**settings)


def openapi_document() -> str | None:
    """The path of the tenant's OpenAPI document."""
    return next((str(path) for path in OPENAPI if path.is_file()), None)
