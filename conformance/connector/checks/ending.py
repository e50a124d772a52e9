"""How a connector ends a step."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.connector.expected import Comparison, default_role
from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Aim, Ended, Evidence, Exit
from conformance.connector.people import Past
from conformance.connector.traffic import sound
from conformance.errors import Troubled

DONE, NOT_DONE, TRUE = "CON-EXIT-01", "CON-EXIT-02", "CON-EXIT-03"
_TOLD = 200


@client_check("ending", DONE, NOT_DONE)
def tells_by_its_status_how_it_went(evidence: Evidence) -> Iterator[Finding]:
    """A step that could be done ends with status 0, another one with another status."""
    for played in sound(evidence):
        wanted, ended = played.step.exit, played.ended
        last = played.sent[-1:]
        if wanted is Exit.ZERO:
            yield Finding(DONE, ended.status == 0, "status 0", _told(ended), last, step=played.number)
        elif wanted is Exit.NONZERO:
            yield Finding(NOT_DONE, ended.status != 0, "a status other than 0", _told(ended), last, step=played.number)
    for played in evidence.played:
        if played.ended.trouble:
            raise Troubled(f"step {played.number}: {played.ended.trouble}")


@client_check("ending", TRUE)
def claims_success_truly(evidence: Evidence) -> Iterator[Finding]:
    """A connector that could have failed ends with status 0 only when everything is as the source says."""
    for played in sound(evidence):
        if played.step.exit is Exit.ANY and played.ended.status == 0 and played.step.aim is not Aim.ANY:
            past, role = Past.until(evidence, played.number), default_role(evidence.scenario)
            found = list(Comparison(past, played.before, played.after, Aim.SOURCE, role).differences())
            told = f"status 0, and {found[0]}" if found else "status 0, everything done"
            yield Finding(
                TRUE, not found, "everything done, or another status", told, played.sent[-1:], step=played.number
            )


def _told(ended: Ended) -> str:
    said = ended.stderr.strip()[-_TOLD:]
    return f"status {ended.status}" + (f"; stderr: {said}" if said else "")
