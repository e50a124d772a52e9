"""When a manager is added, and when it replaces another one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from conformance.entra.database import open_database
from conformance.entra.dialect import Dialect
from conformance.entra.directory.model import Kind, SourceObject
from conformance.entra.directory.snapshot import Snapshot, load
from conformance.entra.directory.store import Source
from conformance.entra.job.model import Link
from conformance.entra.job.reference_exports import ReferenceExporter
from conformance.entra.job.references import References
from conformance.entra.job.state import State
from conformance.entra.job.tasks import Seen, Wanted
from conformance.entra.wire.manager import set_manager
from conformance.entra.wire.model import Answer, Request

REPLACING = Dialect.of(flagged=True, chosen={"manager-change": "replace"})
LINKS = (Link("s", Kind.USER, "u-1"), Link("m", Kind.USER, "u-2"))


class _Notes:
    """Says yes to everything, and notes it."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def send(self, request: Request) -> Answer:
        self.asked.append(request)
        return Answer(204)


def _word(request: Request) -> Any:
    assert request.body is not None
    return request.body["Operations"][0]["op"]


def test_a_first_manager_is_added_even_where_others_are_replaced() -> None:
    assert _word(set_manager("u-1", "u-2", REPLACING)) == "add"
    assert _word(set_manager("u-1", "u-2", REPLACING, change=True)) == "replace"
    assert _word(set_manager("u-1", "u-2", Dialect(flagged=True), change=True)) == "add"


@pytest.mark.parametrize(("shown", "word"), [("", "add"), ("u-9", "replace"), ("u-2", None)])
def test_what_a_resource_shows_decides(shown: str, word: str | None) -> None:
    database = open_database(None)
    source, state = Source(database), State(database)
    people = (SourceObject("m", Kind.USER), SourceObject("s", Kind.USER, manager="m"))
    load(source, Snapshot(people), datetime(2031, 3, 4, 9, tzinfo=UTC))
    for link in LINKS:
        state.put_link(link)
    task = References(source, state).task(Kind.USER, "s", Wanted(everything=True), Seen(manager=shown))
    target = _Notes()
    if task is not None:
        ReferenceExporter(target, REPLACING).do(task)
    database.close()
    assert [_word(each) for each in target.asked] == ([word] if word else [])
