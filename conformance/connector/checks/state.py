"""What the tenant holds after each step, beside what the source says."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.connector.expected import Comparison, Subject, default_role
from conformance.connector.judging import Finding, client_check
from conformance.connector.model import Aim, Evidence, Played, Sent
from conformance.connector.people import Past
from conformance.connector.traffic import sound

PEOPLE, ACTIVE, ROLES, MANAGERS, GROUPS, MEMBERS, LEFT, STRANGERS, ONCE = (f"CON-STATE-0{n}" for n in range(1, 10))
_SHOWN = 5
_WANTED = {
    Aim.SOURCE: "as the source says",
    Aim.BETWEEN: "as the source says, or as before the step",
    Aim.UNTOUCHED: "as before the step",
}


def _judged(evidence: Evidence, clause: str, subject: Subject, *, harm: bool = False) -> Iterator[Finding]:
    for played in sound(evidence):
        if played.step.aim is not Aim.ANY and _occasion(evidence, played, subject):
            past = Past.until(evidence, played.number)
            compared = Comparison(past, played.before, played.after, played.step.aim, default_role(evidence.scenario))
            found = [each for each in compared.differences() if each.subject is subject]
            told = "; ".join(map(str, found[:_SHOWN])) + (f"; {len(found) - _SHOWN} more" if found[_SHOWN:] else "")
            yield Finding(
                clause,
                not found,
                _WANTED[played.step.aim],
                told or "as it has to be",
                _about(played, [each.whose.partition(" ")[2] for each in found]),
                harm=harm,
                step=played.number,
            )


def _occasion(evidence: Evidence, played: Played, subject: Subject) -> bool:
    """Whether the source has something that the subject is about."""
    source, past = played.step.source, Past.until(evidence, played.number)
    return {
        Subject.ROLE: any(person.role for person in source.people),
        Subject.MANAGER: any(person.manager for item in past.sources for person in item.people),
        Subject.GROUP: bool(source.teams),
        Subject.MEMBERS: any(team.members for item in past.sources for team in item.teams),
        Subject.LEFT: bool(past.left() or past.dropped()),
    }.get(subject, True)


def _about(played: Played, names: list[str]) -> tuple[Sent, ...]:
    """The writes that name one of them, else every write of the step."""
    written = [sent for sent in played.sent if sent.writes]
    marks = [name.partition(", who")[0].encode() for name in names if name]
    close = [sent for sent in written if any(mark in sent.exchange.request_body for mark in marks)]
    return tuple(close or written) if names else ()


@client_check("state", PEOPLE)
def people_are_as_the_source_says(evidence: Evidence) -> Iterator[Finding]:
    """People of the source are in the tenant with the source's values."""
    yield from _judged(evidence, PEOPLE, Subject.PERSON)


@client_check("state", ACTIVE)
def people_are_active_as_the_source_says(evidence: Evidence) -> Iterator[Finding]:
    """Who is active in the source is active in the tenant, and who is not is disabled."""
    yield from _judged(evidence, ACTIVE, Subject.ACTIVE)


@client_check("state", ROLES)
def people_have_the_role_of_the_source(evidence: Evidence) -> Iterator[Finding]:
    """People have the role that the source gives them."""
    yield from _judged(evidence, ROLES, Subject.ROLE)


@client_check("state", MANAGERS)
def people_have_the_manager_of_the_source(evidence: Evidence) -> Iterator[Finding]:
    """The manager of a user is the tenant's user that the source's manager is."""
    yield from _judged(evidence, MANAGERS, Subject.MANAGER)


@client_check("state", GROUPS)
def groups_are_as_the_source_says(evidence: Evidence) -> Iterator[Finding]:
    """Groups of the source are in the tenant under their names."""
    yield from _judged(evidence, GROUPS, Subject.GROUP)


@client_check("state", MEMBERS)
def groups_have_the_members_of_the_source(evidence: Evidence) -> Iterator[Finding]:
    """Groups have the members that the source gives them, all and no others."""
    yield from _judged(evidence, MEMBERS, Subject.MEMBERS)


@client_check("state", LEFT)
def those_who_left_are_gone(evidence: Evidence) -> Iterator[Finding]:
    """Who is no longer in the source is disabled or deleted, a group deleted."""
    yield from _judged(evidence, LEFT, Subject.LEFT)


@client_check("state", STRANGERS)
def others_are_as_they_were(evidence: Evidence) -> Iterator[Finding]:
    """What must not change is as it was before the step."""
    yield from _judged(evidence, STRANGERS, Subject.STRANGER, harm=True)


@client_check("state", ONCE)
def nobody_is_there_twice(evidence: Evidence) -> Iterator[Finding]:
    """Each person and group is in the tenant once."""
    yield from _judged(evidence, ONCE, Subject.TWICE)
