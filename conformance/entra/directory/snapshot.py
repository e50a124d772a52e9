"""A whole source directory as data, and how it gets into the file of a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conformance.entra.directory.model import Assignment, Kind, Presence, SourceObject
from conformance.entra.directory.store import Source
from conformance.entra.values import AppRole


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Objects, roles and assignments at one moment."""

    objects: tuple[SourceObject, ...] = ()
    roles: tuple[AppRole, ...] = ()
    assignments: tuple[Assignment, ...] = ()


def load(source: Source, snapshot: Snapshot, at: datetime) -> None:
    """The source is as the snapshot says; what differs is a change, what it lacks is gone for good."""
    with source.database.transaction():
        for role in snapshot.roles:
            source.put_role(role)
        for found in sorted(snapshot.objects, key=lambda each: each.kind is Kind.GROUP):  # members come before groups
            source.put(found)
        wanted = {found.id for found in snapshot.objects}
        for kind in Kind:
            for id in source.ids(kind):
                if id not in wanted:
                    source.set_presence(id, Presence.HARD_DELETED, at)
        _assign(source, snapshot)
        for id in sorted({each.id for each in source.roles()} - {each.id for each in snapshot.roles}):
            source.drop_role(id)


def snapshot_of(source: Source) -> Snapshot:
    """What the source holds now."""
    objects = tuple(found for kind in Kind for found in source.objects(kind))
    direct = (each for found in objects for each, through in source.assignments(found.id) if not through)
    return Snapshot(objects, tuple(source.roles()), tuple(direct))


def _assign(source: Source, snapshot: Snapshot) -> None:
    wanted = dict.fromkeys((each.principal, each.role) for each in snapshot.assignments)
    for found in snapshot.objects:
        held = {(each.principal, each.role) for each, through in source.assignments(found.id) if not through}
        for principal, role in sorted(held - wanted.keys()):
            source.unassign(principal, role)
    for principal, role in wanted:
        source.assign(principal, role)
