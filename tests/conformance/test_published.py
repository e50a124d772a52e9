"""Documents that are asked for once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.client import ScimClient
from conformance.published import Published
from conformance.transport import Transport
from mock_samanage.testing import LiveServer


@pytest.fixture(scope="module")
def client() -> Iterator[ScimClient]:
    with LiveServer() as server:
        transport = Transport()
        yield ScimClient(server.url, transport, {"Authorization": f"Bearer {server.token}"})
        transport.close()


def test_a_document_is_asked_for_once_and_is_evidence_each_time(client: ScimClient) -> None:
    published, recorder = Published(client), client.transport.recorder
    first = published.get("/Schemas")
    recorder.begin()
    before = recorder.total
    assert published.get("/Schemas") is first
    assert (recorder.total, recorder.count) == (before, 0)
    assert recorder.evidence() == (first.exchange,)
    assert published.get("/ResourceTypes").status == 200
    assert len(recorder.evidence()) == 2


def test_a_refusal_is_asked_for_again(client: ScimClient) -> None:
    published, recorder = Published(client), client.transport.recorder
    before = recorder.total
    assert [published.get("/Schemas/urn:nobody").status for _ in range(2)] == [404, 404]
    assert recorder.total == before + 2
