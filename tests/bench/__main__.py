"""`make bench`: each figure beside the floor of the same minutes, as a table and as JSON."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.groups import BAR, GROUP_ROWS, Crowd, GroupRow, crowds, remove
from tests.bench.journal import BAR as JOURNAL_BAR
from tests.bench.journal import beside_off
from tests.bench.load import Figure, measure
from tests.bench.rows import READ, ROWS, Person, Row, people
from tests.bench.servers import Served, floor, resident_megabytes, tenant
from tests.bench.whole import Whole, wholes

FLOOR_REQUEST = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Result:
    """A measured row: its share of the floor, or of the small group's rate, beside the bar it must reach."""

    title: str
    users: int
    rate: float
    floor: float
    share: float
    bar: float
    p50: float
    p99: float

    @property
    def met(self) -> bool:
        """Whether the bar is reached."""
        return self.share >= self.bar


def best(figures: list[Figure]) -> Figure:
    """The fastest of several rounds: noise only ever slows a server down."""
    return max(figures, key=lambda figure: figure.rate)


def middle(figures: list[Figure]) -> Figure:
    """The median of several rounds."""
    return sorted(figures, key=lambda figure: figure.rate)[len(figures) // 2]


def measure_row(row: Row, bare: Served, served: Served, known: list[Person], seconds: float) -> Result:
    """Floor and row in turn, so that both see the same machine."""
    requests = row.requests(served, known, random.Random(7))
    floors, figures = [], []
    for _ in range(ROUNDS):
        floors.append(measure(bare.address, itertools.repeat(FLOOR_REQUEST), seconds=seconds))
        figures.append(measure(served.address, requests, seconds=seconds))
        if set(figures[-1].statuses) != {row.status}:
            raise SystemExit(f"{row.title}: wanted only {row.status}, got {figures[-1].statuses}")
    low, high = best(floors), best(figures)
    return Result(row.title, row.users, high.rate, low.rate, high.rate / low.rate, row.bar, high.p50, high.p99)


def measure_group(row: GroupRow, served: Served, small: Crowd, large: Crowd, seconds: float) -> Result:
    """The same requests at the small group, which is the floor here, and at the large one, in turn."""
    floors: list[Figure] = []
    figures: list[Figure] = []
    low_requests, high_requests = (row.requests(served, crowd, random.Random(7)) for crowd in (small, large))
    for _ in range(ROUNDS):
        for requests, kept in ((low_requests, floors), (high_requests, figures)):
            kept.append(measure(served.address, requests, seconds=seconds))
            if set(kept[-1].statuses) != {row.status}:
                raise SystemExit(f"{row.title}: wanted only {row.status}, got {kept[-1].statuses}")
    low, high = best(floors), best(figures)
    title = f"{row.title}: {len(large.members):,} beside {len(small.members)}"
    return Result(title, len(large.members), high.rate, low.rate, high.rate / low.rate, BAR, high.p50, high.p99)


def measured_groups(served: Served, known: list[Person], seconds: float, notes: list[str]) -> Iterator[Result]:
    """Every row about groups."""
    small, large = crowds(served, known, notes)
    for row in GROUP_ROWS:
        yield measure_group(row, served, small, large, seconds)
    for crowd in (small, large):
        remove(served, crowd, notes)


def measure_journal(served: Served, known: list[Person], folder: Path, seconds: float) -> Result:
    """Reads at the tenant beside reads at one that keeps no journal, which is the floor here."""
    off, on = beside_off(served, known, folder, seconds, 3 * ROUNDS)
    low, high = middle(off), middle(on)  # a difference of a tenth is lost in the best of three
    title = f"{READ.title}: journal on beside off"
    return Result(title, len(known), high.rate, low.rate, high.rate / low.rate, JOURNAL_BAR, high.p50, high.p99)


def measured(seconds: float, notes: list[str]) -> Iterator[Result]:
    """Every row, one population after the other."""
    with tempfile.TemporaryDirectory() as folder, floor() as bare:
        for users in sorted({row.users for row in ROWS}):
            with tenant(Path(folder), users=users) as (served, started):
                known = people(served)
                for row in (row for row in ROWS if row.users == users):
                    yield measure_row(row, bare, served, known, seconds)
                if users == READ.users:
                    yield measure_journal(served, known, Path(folder), seconds)
                if users == max(row.users for row in ROWS):
                    yield from measured_groups(served, known, seconds, notes)
                notes.append(
                    f"{users:,} users: seeded and serving after {started:.1f} s, "
                    f"{resident_megabytes(served.pid):.0f} MB resident"
                )


def table(results: list[Result]) -> Table:
    """The results as a table for people."""
    shown = Table("what", "users", "requests/s", "floor", "share", "bar", "p50 ms", "p99 ms", "")
    for row in results:
        cells = (f"{row.rate:,.0f}", f"{row.floor:,.0f}", f"{row.share:.2f}", f"{row.bar:.2f}")
        mark = "[green]met[/]" if row.met else "[red]missed[/]"
        shown.add_row(row.title, f"{row.users:,}", *cells, f"{row.p50:.2f}", f"{row.p99:.2f}", mark)
    return shown


def ceilings(found: list[Whole]) -> Table:
    """The figures of whole runs as a table for people."""
    shown = Table("what", "measured", "at most", "unit", "")
    for each in found:
        mark = "[green]met[/]" if each.met else "[red]missed[/]"
        shown.add_row(each.title, f"{each.value:,.2f}", f"{each.ceiling:,.2f}", each.unit, mark)
    return shown


def main() -> None:
    """Measure, print, write bench.json; with --check leave with 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bar is missed (make bench CHECK=1)")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of one round")
    parser.add_argument("--json", type=Path, default=Path("report/bench.json"))
    options = parser.parse_args()
    notes: list[str] = []
    console = Console(width=110)
    whole = list(wholes())
    console.print(ceilings(whole))
    results = list(measured(options.seconds, notes))
    console.print(table(results))
    console.print(*notes, sep="\n")
    told = {"rows": [asdict(row) for row in results], "whole": [asdict(each) for each in whole], "notes": notes}
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(told, indent=2) + "\n")
    if options.check and not (all(row.met for row in results) and all(each.met for each in whole)):
        raise SystemExit(1)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
