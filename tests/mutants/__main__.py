"""`python -m tests.mutants [NAME…]`: what mutants trip, beside what they say they trip."""

from __future__ import annotations

import sys

from tests.mutants.bench import LOUD, judge, mutants


def main() -> int:
    """Show each named mutant, or all; 1 where the sets differ."""
    known = mutants()
    wrong = 0
    for name in sys.argv[1:] or known:
        judged = judge(known[name])
        lacking, more = sorted(known[name].trips - judged.tripped), sorted(judged.tripped - known[name].trips)
        wrong += bool(lacking or more)
        print(f"{name}: {len(judged.tripped)} checks trip" + ("" if lacking or more else ", as named"))
        for check in lacking:
            print(f"  named, but does not trip: {check}")
        for check in more:
            told = next(each for each in judged.results if each.check == check and each.verdict in LOUD)
            print(f"  trips, but is not named:  {check}  {told.verdict} {told.clause}: {told.observed[:140]}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
