"""A bounded number of tasks under way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from conformance.entra.job.workers import each


@pytest.mark.parametrize("workers", [1, 3])
def test_every_item_is_done_once(workers: int) -> None:
    assert sorted(each(lambda item: item * 2, range(50), workers=workers)) == [item * 2 for item in range(50)]


def test_with_one_worker_all_is_in_order_in_this_thread() -> None:
    found = list(each(lambda item: (item, threading.get_ident()), range(5), workers=1))
    assert found == [(item, threading.get_ident()) for item in range(5)]


def test_no_more_are_under_way_than_there_are_workers() -> None:
    now, most, lock = 0, 0, threading.Lock()

    def work(_item: int) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.002)
        with lock:
            now -= 1

    list(each(work, range(40), workers=4))
    assert 1 < most <= 4


def test_items_are_not_taken_long_before_their_turn() -> None:
    taken = []

    def items() -> Iterator[int]:
        for item in range(1_000):
            taken.append(item)
            yield item

    results = each(lambda item: item, items(), workers=2, ahead=3)
    next(results)
    assert len(taken) <= 7
    results.close()  # type: ignore[attr-defined]


def test_what_a_worker_raises_is_raised_here() -> None:
    def work(item: int) -> int:
        if item == 3:
            raise LookupError("three")
        return item

    with pytest.raises(LookupError, match="three"):
        list(each(work, range(10), workers=2))
