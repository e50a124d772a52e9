"""A job that was killed in mid-cycle goes on without making anything twice."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from conformance.entra.database import NAME, held, open_database
from conformance.entra.errors import ProvisioningError
from conformance.entra.job import cycle as cycles
from conformance.entra.job.model import CycleKind
from conformance.entra.wire.model import Answer, Request
from tests.conformance.entra.job.stage import Stage
from tests.conformance.entra.job.target import Target

NAMES = [f"p{one}" for one in "abcdefghij"]
TEAM = (
    ";".join(f"hire {name}; assign {name}" for name in NAMES) + f"; group Ops; assign Ops; join Ops {' '.join(NAMES)}"
)


class Killed(BaseException):
    """The process ends here."""


def _killing(target: Target, at: int) -> None:
    """The process dies at a request, after the target has done it."""
    count = 0

    def fault(request: Request) -> Answer | None:
        nonlocal count
        count += 1
        if count == at:
            target.faults.remove(fault)
            target.send(request)
            raise Killed
        return None

    target.faults.append(fault)


@pytest.mark.parametrize("at", [1, 2, 3, 4, 11, 20, 21, 22, 23])
@pytest.mark.parametrize("together", [1, 3, 200])
def test_an_initial_cycle_that_was_killed_is_done_again(
    at: int, together: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cycles, "TOGETHER", together)
    target = Target()
    stage = Stage.at(tmp_path / NAME, target)
    stage.script(TEAM)
    _killing(target, at)
    with pytest.raises(Killed):
        stage.job.run_cycle()
    stage.database.connection.close()
    again = Stage.at(tmp_path / NAME, target)
    assert again.cycle().kind is CycleKind.INITIAL
    assert len(target.resources["Users"]) == 10
    assert len(target.resources["Groups"]) == 1
    assert target.members("Ops") == set(NAMES)
    assert len(target.group("Ops")["members"]) == 10
    again.sent()
    again.cycle()
    assert again.sent() == []


@pytest.mark.parametrize("at", range(1, 7))
def test_an_incremental_cycle_that_was_killed_loses_no_change(at: int, tmp_path: Path) -> None:
    target = Target()
    stage = Stage.at(tmp_path / NAME, target)
    stage.script(TEAM)
    stage.cycle()
    stage.script('rename pa "Pia Low"; hire eve; assign eve; join Ops eve; leave Ops pb; manager pc pd; disable pe')
    _killing(target, at)
    with pytest.raises(Killed):
        stage.job.run_cycle()
    stage.database.connection.close()
    again = Stage.at(tmp_path / NAME, target)
    again.cycle()
    assert target.user("pa")["displayName"] == "Pia Low"
    assert target.members("Ops") == {*NAMES, "eve"} - {"pb"}
    assert target.user("pe")["active"] is False
    assert len(target.resources["Users"]) == 11
    again.sent()
    assert again.cycle().counts.requests == 0


def test_what_was_done_before_the_kill_stands_in_the_log_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycles, "TOGETHER", 1)
    target = Target()
    stage = Stage.at(tmp_path / NAME, target)
    stage.script(TEAM)
    _killing(target, 10)
    with pytest.raises(Killed):
        stage.job.run_cycle()
    stage.database.connection.close()
    again = Stage.at(tmp_path / NAME, target)
    again.random.seed(8)
    again.cycle()
    created = [event for event in again.events() if event.action == "create"]
    assert len(created) == 10  # the user in doubt was matched, the group created
    assert len({event.id for event in again.events()}) == len(again.events())


def test_a_transaction_is_whole_or_not_at_all(tmp_path: Path) -> None:
    database = open_database(tmp_path / NAME)

    def work() -> None:
        with database.transaction() as connection:
            connection.execute("insert into setting values ('a', '1')")
            with database.transaction():
                connection.execute("insert into setting values ('b', '1')")
            raise Killed

    with pytest.raises(Killed):
        work()
    assert database.connection.execute("select count(*) from setting").fetchone()[0] == 0
    database.close()


def test_two_processes_do_not_run_one_job(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with held(path), pytest.raises(ProvisioningError, match="another process runs this job"), held(path):
        pass
    with held(path):
        pass


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be read as one" * 40])
def test_a_file_that_is_no_job_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(content)
    with pytest.raises(ProvisioningError, match="cannot be opened as the file of a job"):
        open_database(path)


def test_a_file_of_a_later_version_is_told(tmp_path: Path) -> None:
    path = tmp_path / NAME
    connection = sqlite3.connect(path)
    connection.execute("pragma user_version = 99")
    connection.close()
    with pytest.raises(ProvisioningError, match=r"written by a later version of this program \(format 99\)"):
        open_database(path)
