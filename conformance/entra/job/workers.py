"""A bounded number of tasks under way at once; results come back to the thread that reads the source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def each(work: Callable[[_In], _Out], items: Iterable[_In], *, workers: int, ahead: int = 4) -> Iterator[_Out]:
    """The results of the work as they come; no more than `workers` times `ahead` items are taken before their turn.

    With one worker everything happens in order in this thread. When the caller stops early, what is under way ends.
    """
    if workers <= 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(workers, thread_name_prefix="provisioning") as pool:
        under_way: set[Future[_Out]] = set()
        try:
            for item in items:
                under_way.add(pool.submit(work, item))
                if len(under_way) >= workers * ahead:
                    done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            while under_way:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        finally:
            for future in under_way:
                future.cancel()
