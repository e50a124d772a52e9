"""A small source in memory."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from conformance.entra.database import open_database
from conformance.entra.directory.model import Change, Kind, SourceObject
from conformance.entra.directory.mutations import Editor, read_script
from conformance.entra.directory.store import Source
from conformance.entra.values import AppRole, Scalar

AT = datetime(2031, 3, 4, 9, tzinfo=UTC)
AGENT = AppRole("r-agent", "Agent", "An agent")
BOSS = AppRole("r-boss", "Boss", "A boss")
ACCESS = AppRole("r-access", "", "Default Access", default_access=True)


def user(id: str, manager: str = "", **attributes: Scalar | tuple[Scalar, ...]) -> SourceObject:
    """A user with this id, whose names begin with it."""
    usual = {"userPrincipalName": f"{id}@fabrik.example", "displayName": id.title()}
    return SourceObject(id, Kind.USER, {**usual, **attributes}, manager)


def group(id: str, *members: str, **attributes: Scalar) -> SourceObject:
    """A group with these members."""
    usual: dict[str, Scalar] = {"displayName": id.title(), "securityEnabled": True}
    return SourceObject(id, Kind.GROUP, {**usual, **attributes}, members=members)


def source(*objects: SourceObject) -> Source:
    """A source with these objects and three roles."""
    found = Source(open_database(None))
    for role in (AGENT, BOSS, ACCESS):
        found.put_role(role)
    for each in objects:
        found.put(each)
    return found


def edit(found: Source, script: str, seed: int = 7) -> None:
    """The script was applied."""
    editor = Editor(found, AT, Random(seed))
    for mutation in read_script(script):
        editor.apply(mutation)


def delta(found: Source, script: str) -> dict[str, Change]:
    """What the script changed, by id."""
    since = found.position()
    edit(found, script)
    return {change.id: change for change in found.changes(since)}
