"""`python -m tests.connectors [NAME]...`: what trips at defective connectors, or at correct, listing, entra, scim2."""

from __future__ import annotations

import argparse
import sys
import time

from conformance.connector.control import Control
from conformance.connector.scenario import available
from tests.connectors import correct, entra, listing, scim2
from tests.connectors.defective.registry import defects
from tests.connectors.theatre import Main, brisk, complaints, evidence, results, tenant, tripped

WHOLE: dict[str, Main] = {
    "correct": brisk(correct.Connector),
    "listing": brisk(listing.Listing),
    "entra": entra.main,
    "scim2": scim2.main,
}


def main() -> int:
    """Prints what each trips; the exit status is 1 where that is not what it names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--scenario", action="append", default=[])
    parser.add_argument("--quiet", action="store_true", help="ids of checks only")
    given = parser.parse_args()
    known = defects()
    with tenant() as control:
        wrong = [
            name for name in given.names or known if not measured(name, given.scenario, control, loud=not given.quiet)
        ]
    print(f"{len(wrong)} not as named: {' '.join(wrong)}")
    return 1 if wrong else 0


def measured(name: str, chosen: list[str], control: Control, *, loud: bool) -> bool:
    """Whether a connector trips what it names."""
    known = defects().get(name)
    run = WHOLE[name] if known is None else brisk(known.kind)
    start, played = time.monotonic(), []
    for scenario in chosen or (available() if known is None else known.scenarios):
        played.append(evidence(run, scenario, control))
        if loud:
            told = [(each.ended.status, len(each.sent)) for each in played[-1].played]
            print(f"    {scenario}: exit status and requests {told}")
            for each in played[-1].played:
                if each.ended.stderr:
                    print("        ", each.ended.stderr.strip()[-300:])
    found = results(played)
    trips, wanted = tripped(found), known.trips if known else frozenset()
    print(f"{'ok  ' if trips == wanted else 'BAD '} {name} ({time.monotonic() - start:.1f} s): {sorted(trips)}")
    if trips != wanted:
        print(f"     named and not tripped: {sorted(wanted - trips)}")
    for line in complaints(found) if loud else ():
        print("       ", line[:600])
    return trips == wanted


if __name__ == "__main__":
    sys.exit(main())
