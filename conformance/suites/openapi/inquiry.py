"""One survey of the target by its OpenAPI document, and how a check judges its part of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.client import Answer
from conformance.contract.plan import LINKS, LISTED, PLANS, Plan
from conformance.contract.survey import Survey
from conformance.errors import Unusable
from conformance.judging import holds, not_applicable, observe
from conformance.population import Groups, Users
from conformance.recorder import Recorder
from conformance.session import Session
from conformance.strategies.formats import Pool, formats

if TYPE_CHECKING:
    from conformance.contract.transport import Owner

NO_DOCUMENT = "no OpenAPI document of this target is given (--openapi FILE)"
TOO_MUCH = frozenset({"Administrator"})  # nobody is given the run of the target by a random request


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a phase found, `survey`, or the reason why there was none."""

    plan: Plan
    recorder: Recorder
    survey: Survey | None = None
    absent: str = ""

    def judge(self, clause_id: str, family: str, expected: str) -> None:
        """The clause holds where no answer of the phase breaks it; raises Unusable where too few were judged."""
        if self.survey is None:
            not_applicable(clause_id, self.absent)
            return
        found = self.survey.found(family)
        if not found and (why := self.survey.shortfall(family, self.plan.least)):
            raise Unusable(why, setup=True)
        if not found:
            told = f"{self.survey.judged[family]} of {self.survey.answered.total()} answers told, all did"
            holds(clause_id, True, expected=expected, observed=told)
            return
        self.recorder.recall(found[0].exchanges)
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        last = Answer(found[0].exchanges[-1]) if found[0].exchanges else None
        told = f"{found[0].operation}: {found[0].told}{more}"
        holds(clause_id, False, expected=expected, observed=told, answer=last)

    def tell_excuses(self, clause_id: str) -> None:
        """The refusals that the document announces in words are told beside the clause."""
        for reason, times in self.survey.excused.items() if self.survey else ():
            observe(clause_id, f"not counted, {times} times: {reason}")


@contextmanager
def inquiry(
    phase: str,
    session: Session,
    openapi: Path | None,
    users: Users,
    groups: Groups,
    *,
    plan: Plan | None = None,
    owner: Owner | None = None,
) -> Iterator[Inquiry]:
    """A phase is surveyed as planned, or at the effort of the run; what it created is gone by the end of the run."""
    plan, recorder = plan or PLANS[phase][session.run.effort], session.transport.recorder
    if openapi is None:
        yield Inquiry(plan, recorder, absent=NO_DOCUMENT)
        return
    from conformance.contract.document import declared_links, read_document  # noqa: PLC0415 - schemathesis loads slowly
    from conformance.contract.engine import Surveyor, register  # noqa: PLC0415

    document = read_document(openapi)
    if phase == LINKS and not declared_links(document):
        yield Inquiry(plan, recorder, absent="the OpenAPI document of this target declares no links")
        return
    pool = _pool(session, users, groups)
    schemas = session.target.capabilities.schemas_of("User")
    register(formats(pool, schemas, session.run.seed, listed=LISTED[phase]))
    opted = "delete-collection" in session.options.opt_in
    surveyor = Surveyor(document, session.client, session.run, pool, delete=opted, owner=owner)
    try:
        yield Inquiry(plan, recorder, surveyor.survey(phase, plan))
    finally:
        if not users.left:
            surveyor.clear()


def _pool(session: Session, users: Users, groups: Groups) -> Pool:
    roles = (session.target.capabilities.attribute("User", "roles.value") or {}).get("canonicalValues")
    known = [role for role in roles if isinstance(role, str)] if isinstance(roles, list) else []
    return Pool(
        members=tuple(str(users.create()["id"]) for _ in range(2)),
        users=tuple(str(users.create()["id"]) for _ in range(2)),
        groups=(str(groups.create()["id"]),),
        absent=tuple(session.run.name("nobody") for _ in range(2)),
        roles=tuple(role for role in known if role not in TOO_MUCH) or ("",),
    )
