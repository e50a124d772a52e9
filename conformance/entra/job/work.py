"""What a cycle is about: everything, or what changed since the watermark and what is to be tried again (HOW)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from conformance.entra.directory.model import Change, Kind
from conformance.entra.job.escrows import STAGED
from conformance.entra.job.model import CycleKind, Escrow, Pending
from conformance.entra.job.preparation import Preparation
from conformance.entra.job.tasks import Wanted

KINDS: Final = (Kind.USER, Kind.GROUP)
"""Users come before groups (HOW)."""


@dataclass(frozen=True, slots=True)
class Work:
    """Per kind: source id -> its change, None for everything about it; and which of its references are looked at."""

    kind: CycleKind
    items: Mapping[Kind, Mapping[str, Change | None]]
    references: Mapping[Kind, Mapping[str, Wanted]]

    @property
    def total(self) -> int:
        """How many objects are handled."""
        return sum(map(len, self.items.values()))


def work_of(preparation: Preparation, *, forced: bool) -> Work:
    """Everything before the first watermark, else the changes and the failures that are due.

    forced: deletions that were staged are handled too.
    """
    since = preparation.state.watermark
    return _everything(preparation) if since is None else _since(preparation, since, forced=forced)


def work_on(kind: Kind, id: str, wanted: Wanted) -> Work:
    """Everything about one object, and the references of it that are wanted."""
    return Work(CycleKind.INCREMENTAL, {kind: {id: None}}, {kind: {id: wanted}})


def referring(preparation: Preparation, arrived: Collection[str], work: Work) -> Mapping[Kind, Mapping[str, Wanted]]:
    """The references of the work, and those of groups and reports to users who arrived in its cycle."""
    source = preparation.source
    references = {kind: dict(wanted) for kind, wanted in work.references.items()}
    for id in arrived:
        late = {
            Kind.USER: (source.reports_of(id), Pending(manager=True)),
            Kind.GROUP: (source.groups_of(id), Pending(added=(id,))),
        }
        for kind, (others, pending) in late.items():
            for other in others if kind in references else ():
                references[kind][other] = references[kind].get(other, Wanted()).also(pending)
    return references


def _kinds(preparation: Preparation) -> list[Kind]:
    return [kind for kind in KINDS if preparation.application.schema.objects[kind].enabled]


def _everything(preparation: Preparation) -> Work:
    """Every object, those that are gone for good if they are linked."""
    source, state = preparation.source, preparation.state
    ids = {kind: [*source.ids(kind), *filter(state.link, source.gone(kind))] for kind in _kinds(preparation)}
    items = {kind: dict.fromkeys(found) for kind, found in ids.items()}
    references = {kind: dict.fromkeys(found, Wanted(everything=True)) for kind, found in ids.items()}
    return Work(CycleKind.INITIAL, items, references)


def _since(preparation: Preparation, since: int, *, forced: bool) -> Work:
    state, kinds = preparation.state, _kinds(preparation)
    items: dict[Kind, dict[str, Change | None]] = {kind: {} for kind in kinds}
    references: dict[Kind, dict[str, Wanted]] = {kind: {} for kind in kinds}
    again = {one.source_id: one for one in (*state.escrows(preparation.now), *(state.staged() if forced else ()))}
    for change in preparation.source.changes(since):
        if change.kind in items:
            items[change.kind][change.id] = change
            references[change.kind][change.id] = Wanted.of(change)
            if (escrow := state.escrow(change.id)) is not None:
                again[change.id] = escrow
    for escrow in again.values():
        if escrow.kind in items:
            _again(escrow, items[escrow.kind], references[escrow.kind], forced=forced)
    return Work(CycleKind.INCREMENTAL, items, references)


def _again(escrow: Escrow, items: dict[str, Change | None], references: dict[str, Wanted], *, forced: bool) -> None:
    """A failed object is handled whole, with the references that are still to do; a staged one only where allowed."""
    id = escrow.source_id
    if not escrow.reference and (forced or escrow.code != STAGED):
        items[id] = None
    references[id] = references.get(id, Wanted()).also(escrow.pending)
