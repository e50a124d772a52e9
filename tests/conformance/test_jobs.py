"""Clean-up by bulk jobs: few requests where the target can be believed, single ones where it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.cleanup import clean
from conformance.client import ScimClient
from conformance.errors import HookRefused
from conformance.jobs import delete_in_jobs
from conformance.ledger import Ledger, open_entries
from conformance.transport import Transport
from tests.conformance.tiny import TOKEN, Tiny


@pytest.fixture
def client(tiny: Tiny) -> Iterator[ScimClient]:
    transport = Transport(timeout=2.0)
    yield ScimClient(tiny.url, transport, {"Authorization": f"Bearer {TOKEN}"})
    transport.close()


@pytest.fixture
def ledger(tiny: Tiny, client: ScimClient, tmp_path: Path) -> Path:
    """The ledger of a run that made twelve users, one of which is gone."""
    written = Ledger(tmp_path / "ledger.jsonl", tiny.url)
    written.start("cfx-")
    client.transport.on_answer = written.listen
    for number in range(12):
        client.post("/Users", {"userName": f"cfx-{number}"})
    tiny.users.pop("7")
    tiny.users["f"] = {"id": "f", "userName": "somebody else"}
    tiny.requests.clear()
    return tmp_path / "ledger.jsonl"


def singles(tiny: Tiny) -> int:
    return sum(request.startswith("DELETE") for request in tiny.requests)


def test_a_target_that_keeps_its_word_is_cleaned_by_jobs_within_its_limits(
    tiny: Tiny, client: ScimClient, ledger: Path
) -> None:
    tiny.bulk = "works"
    assert clean(ledger, client, None) == []
    assert list(tiny.users) == ["f"]
    assert tiny.jobs == [5, 5, 2]
    assert singles(tiny) == 0
    assert not ledger.exists()


def test_jobs_keep_the_size_of_a_body(tiny: Tiny, client: ScimClient) -> None:
    tiny.bulk = "works"
    long = [f"{tiny.url}/Users/{number}-{'x' * 60}" for number in range(5)]
    assert delete_in_jobs(client, [*long, f"{tiny.url}/Users/{'y' * 400}", "http://elsewhere.test/Users/1"]) == {*long}
    assert tiny.jobs == [3, 2]


@pytest.mark.parametrize("bulk", ["lies", "refuses", "babbles", ""])
def test_what_no_job_deletes_is_deleted_by_itself(tiny: Tiny, client: ScimClient, ledger: Path, bulk: str) -> None:
    tiny.bulk = bulk
    assert clean(ledger, client, None) == []
    assert list(tiny.users) == ["f"]
    assert (len(tiny.jobs), singles(tiny)) == (min(len(bulk), 1), 12)


@pytest.mark.parametrize("fault", [{"drops": "/Bulk"}, {"crashes": "/Bulk"}, {"crashes": "/ServiceProviderConfig"}])
def test_a_job_that_gets_no_answer_costs_nothing_but_itself(
    tiny: Tiny, client: ScimClient, ledger: Path, fault: dict[str, str]
) -> None:
    tiny.bulk = "works"
    for name, value in fault.items():
        setattr(tiny, name, value)
    client.transport.ping_with(f"{tiny.url}/Users", client.headers)
    assert clean(ledger, client, None) == []
    assert list(tiny.users) == ["f"]


def test_what_refuses_in_jobs_and_alone_stays_in_the_ledger(tiny: Tiny, client: ScimClient, ledger: Path) -> None:
    tiny.bulk, tiny.undeletable = "works", True
    left = clean(ledger, client, None)
    assert {entry.rpartition(": ")[2] for entry in left} == {"DELETE is answered 403"}
    assert len(left) == len(open_entries(ledger).entries) == 11


def test_accounts_go_by_their_hook_and_lost_answers_are_found(tiny: Tiny, client: ScimClient, ledger: Path) -> None:
    class Some:
        def call(self, hook: str, /, **arguments: object) -> dict[str, object]:
            if arguments != {"account": "blue"}:
                raise HookRefused(f"{hook} of another account", 404)
            return {}

    tiny.bulk = "works"
    tiny.users["lost"] = {"id": "lost", "userName": "cfx-lost"}
    Ledger(ledger, tiny.url).account("blue")
    assert clean(ledger, client, Some()) == []
    assert list(tiny.users) == ["f"]
    assert singles(tiny) == 1


def test_clean_up_that_is_interrupted_can_be_repeated(
    tiny: Tiny, client: ScimClient, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny.bulk = "works"

    def interrupted(_exchange: object) -> None:
        if len(tiny.jobs) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(client.transport.recorder, "record", interrupted)
        with pytest.raises(KeyboardInterrupt):
            clean(ledger, client, None)
    assert len(tiny.users) == 3
    assert len(open_entries(ledger).entries) == 12
    assert clean(ledger, client, None) == []
    assert list(tiny.users) == ["f"]
