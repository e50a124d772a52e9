"""`python -m tests.connectors [NAME]...`: what trips at defective connectors, or at correct, listing, entra, scim2."""

from __future__ import annotations

import argparse
import sys

from conformance.connector.scenario import available
from tests.connectors.defective.registry import defects
from tests.connectors.theatre import Play, Playbill, complaints, playbill, tripped


def main() -> int:
    """Prints what each trips; the exit status is 1 where that is not what it names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--scenario", action="append", default=[])
    parser.add_argument("--terse", action="store_true", help="ids of checks only")
    given = parser.parse_args()
    known = defects()
    with playbill() as bill:
        plays = {name: plays_of(name, given.scenario) for name in given.names or known}
        bill.announce([play for each in plays.values() for play in each])
        wrong = [name for name, each in plays.items() if not measured(name, each, bill, loud=not given.terse)]
    print(f"{len(wrong)} not as named: {' '.join(wrong)}")
    return 1 if wrong else 0


def plays_of(name: str, chosen: list[str]) -> list[Play]:
    """The plays of a connector: of the scenarios chosen, else of its own."""
    known = defects().get(name)
    return [Play(name, scenario) for scenario in chosen or (known.scenarios if known else available())]


def measured(name: str, plays: list[Play], bill: Playbill, *, loud: bool) -> bool:
    """Whether a connector trips what it names."""
    known, found = defects().get(name), bill.results(*plays)
    trips, wanted = tripped(found), known.trips if known else frozenset()
    print(f"{'ok  ' if trips == wanted else 'BAD '} {name}: {sorted(trips)}")
    if wanted - trips:
        print(f"     named and not tripped: {sorted(wanted - trips)}")
    for each in plays if loud else ():
        played = bill.announced[each].result().played
        print(f"    {each}: exit status and requests {[(step.ended.status, len(step.sent)) for step in played]}")
        for step in played:
            print("".join(f"        {line}\n" for line in step.ended.stderr.splitlines()[-3:]), end="")
    for line in complaints(found) if loud else ():
        print("       ", line[:600])
    return trips == wanted


if __name__ == "__main__":
    sys.exit(main())
