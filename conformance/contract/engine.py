"""One phase of schemathesis, run over one document and read into a Survey."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import schemathesis
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.core.result import Ok
from schemathesis.core.transforms import UNRESOLVABLE
from schemathesis.core.transport import Response
from schemathesis.engine import events
from schemathesis.engine.context import EngineContext
from schemathesis.engine.recorder import CaseNode, ScenarioRecorder
from schemathesis.engine.run import Phase, PhaseName, execute
from schemathesis.generation import GenerationMode
from schemathesis.generation.meta import CoveragePhaseData
from schemathesis.hooks import HookContext
from schemathesis.openapi.checks import EnsureResourceAvailability
from schemathesis.specs.openapi.expressions import body_pointers
from schemathesis.specs.openapi.schemas import OpenApiSchema

from conformance.client import ScimClient
from conformance.contract.cases import AnyCase
from conformance.contract.document import promised, without_reading_links
from conformance.contract.excuses import excuse
from conformance.contract.guard import Guard
from conformance.contract.plan import COVERAGE, LINKS, Plan, Sampler, settings
from conformance.contract.survey import FAMILIES, Breach, Survey
from conformance.contract.transport import OWN_USER, WRITES, JudgedSession, JudgedTransport, Owner, schema_class
from conformance.errors import Dropped, Interruption, Unusable
from conformance.run import Run
from conformance.strategies.formats import Pool

_PHASES = {COVERAGE: (PhaseName.EXAMPLES, PhaseName.COVERAGE), LINKS: (PhaseName.STATEFUL_TESTING,)}
_FAMILY = {check: family for family, checks in FAMILIES.items() for check in checks}


def register(formats: Mapping[str, st.SearchStrategy[str]]) -> None:
    """Schemathesis draws values of these formats from these strategies from now on."""
    for name, strategy in formats.items():
        schemathesis.openapi.format(name, strategy)


@dataclass(slots=True)
class Surveyor:
    """Asks one target whether one document is true of it.

    `delete` allows undeclared DELETE requests. A random change of /Me could take the rights of the run's own
    credential, so it is asked only where there is an `owner`, with his. Every created resource is in the run's ledger;
    `clear` deletes those that are left.
    """

    document: dict[str, Any]
    client: ScimClient
    run: Run
    pool: Pool
    delete: bool = False
    owner: Owner | None = None
    made: dict[str, None] = field(default_factory=dict)

    def clear(self) -> None:
        """What the surveys created is deleted; what refuses stays in the ledger."""
        while self.made:
            try:
                self.client.delete(self.made.popitem()[0])
            except (Interruption, Unusable):
                return

    def survey(self, phase: str, plan: Plan) -> Survey:
        """What the phase found; raises Unreachable or Unusable when the target stops answering."""
        session = JudgedSession(self.client, plan.requests)
        guard = Guard(self.pool, self.run, self.document, self.made)
        transport = JudgedTransport(session, guard, self.owner)
        schema = self._schema(phase, plan, transport)
        survey = Survey(phase, frozenset() if phase == LINKS else _planned(schema))
        reader = Reader(survey, transport, self.document)
        self._watch(schema, plan, survey, guard)
        context = EngineContext(schema=schema, stop_event=threading.Event())
        session.stop = context.stop
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what schemathesis deprecates is no concern of who judges
            for event in _events(context, phase):
                reader.read(event)
        survey.judged["authentication"] += len(context.auth_enforced_operations)
        return _ended(survey, session)

    def _schema(self, phase: str, plan: Plan, transport: JudgedTransport) -> OpenApiSchema:
        given = settings(
            phase, plan, base=self.client.base, headers=self.client.headers, seed=self.run.seed, delete=self.delete
        )
        config = SchemathesisConfig.from_dict(given)
        document = self.document if plan.reading else without_reading_links(self.document)
        schema = schema_class(transport)(raw_schema=document, config=config.projects.get(document))
        if self.owner is None:
            schema = cast("OpenApiSchema", schema.exclude(path_regex=OWN_USER, method=list(WRITES)))
        if plan.methods:
            return cast("OpenApiSchema", schema.include(method=list(plan.methods)))
        return schema

    def _watch(self, schema: OpenApiSchema, plan: Plan, survey: Survey, guard: Guard) -> None:
        sampler = Sampler(self.run.seed, plan.keep, plan.further)

        def filter_case(_: HookContext, case: AnyCase) -> bool:
            data = case.meta.phase.data if case.meta else None
            if not isinstance(data, CoveragePhaseData) or case.meta is None:
                return True
            return sampler.takes(case.operation.label, case.meta.generation.mode.value, str(data.scenario))

        def filter_failure(_: HookContext, failure: Failure, case: AnyCase, response: Response) -> bool:
            if isinstance(failure, EnsureResourceAvailability) and case.id in guard.strayed:
                return False  # it was sent to a made-up id instead
            found = excuse(failure, case, response)
            if found:
                survey.excused[found.reason] += 1
            return found is None

        schema.hook(filter_failure)
        if survey.phase == COVERAGE:
            schema.hook(filter_case)


def _events(context: EngineContext, phase: str) -> Iterator[events.EngineEvent]:
    """The phase itself: probes and analyses, which schemathesis sends on connections of its own, are left out."""
    for name in _PHASES.get(phase, (PhaseName.FUZZING,)):
        yield from execute(context, Phase(name=name))


def _planned(schema: OpenApiSchema) -> frozenset[str]:
    found = [entry.ok().label for entry in schema.get_all_operations() if isinstance(entry, Ok)]
    return frozenset(found)


def _ended(survey: Survey, session: JudgedSession) -> Survey:
    if isinstance(session.ended, Dropped):
        survey.add("not_a_server_error", Breach("", str(session.ended), (session.ended.exchange,)))
    elif session.ended is not None:
        raise session.ended
    return survey


@dataclass(slots=True)
class Reader:
    """Reads events of schemathesis into a survey."""

    survey: Survey
    transport: JudgedTransport
    document: dict[str, Any]

    def read(self, event: events.EngineEvent) -> None:
        """Whatever an event tells is in the survey."""
        if isinstance(event, events.ScenarioFinished):
            self._scenario(event.recorder)
        elif isinstance(event, events.NonFatalError):
            self.survey.faults.append(f"{event.label}: {event.info.title}: {event.info.message}")
        elif isinstance(event, events.FatalError):
            self.survey.faults.append(repr(event.exception))

    def _scenario(self, recorder: ScenarioRecorder) -> None:
        deleted = False
        for case_id, node in recorder.cases.items():
            response = recorder.find_response(case_id=case_id)
            if response is None:
                continue
            self.survey.answered[node.value.operation.label] += 1
            self._link(recorder, node)
            self.survey.judged["deletion"] += deleted
            deleted = deleted or (node.value.method.upper() == "DELETE" and response.status_code < 300)
            for check in recorder.checks.get(case_id, ()):
                self.survey.judged[_FAMILY.get(check.name, "")] += _tells(check.name, node.value)
                if check.failure_info is not None:
                    self._breach(recorder, case_id, check.name, check.failure_info.failure)

    def _breach(self, recorder: ScenarioRecorder, case_id: str, check: str, failure: Failure) -> None:
        related = failure.related_case_ids()
        chain = recorder.iter_chain_cases(case_id=failure.case_id or case_id, related_case_ids=related)
        exchanges = [self.transport.exchanges[case.id] for case in chain if case.id in self.transport.exchanges]
        told = " ".join(f"{failure.title}: {failure.message}".split())
        self.survey.add(check, Breach(failure.operation or "", told[:600], tuple(exchanges)))

    def _counted_on(self, recorder: ScenarioRecorder, parent: str, expression: Any) -> bool:
        """Whether the document promises what an expression of a link reads in the answer it belongs to."""
        operation, response = recorder.cases[parent].value.operation, recorder.find_response(case_id=parent)
        found = operation.responses.find_by_status_code(response.status_code) if response else None
        schema = found.get_raw_schema() if found else None
        pointers = [pointer.strip("/").split("/") for pointer in body_pointers(expression)]
        return all(promised(schema, steps, self.document) for steps in pointers)

    def _link(self, recorder: ScenarioRecorder, node: CaseNode) -> None:
        if node.transition is None:
            return
        name = node.transition.id
        self.survey.followed[name] += node.is_transition_applied
        self.survey.judged["links"] += 1
        self.survey.judged["creation"] += 1
        lost = [
            key
            for container in node.transition.parameters.values()
            for key, value in container.items()
            if not isinstance(value.value, Ok) or value.value.ok() in (None, UNRESOLVABLE)
            if self._counted_on(recorder, node.transition.parent_id, value.definition)
        ]
        if lost:
            chain = recorder.iter_chain_cases(case_id=node.transition.parent_id)
            exchanges = [self.transport.exchanges[case.id] for case in chain if case.id in self.transport.exchanges]
            told = f"the answer holds nothing for {', '.join(lost)} of the link {name}"
            self.survey.add("links", Breach(node.value.operation.label, told, tuple(exchanges)))


def _tells(check: str, case: AnyCase) -> bool:
    """Whether the answer to a case could have broken the check at all."""
    if check == "ignored_auth":
        return False  # counted by operation, at the end
    if check in {"unsupported_method", "allow_header_conformance"}:
        return bool(case.method.upper() != case.operation.method.upper())
    negative: bool = case.meta is not None and case.meta.generation.mode is GenerationMode.NEGATIVE
    if check == "positive_data_acceptance":
        return not negative
    if check in {"negative_data_rejection", "missing_required_header"}:
        return negative and check == "negative_data_rejection"
    return check not in {"use_after_free", "ensure_resource_availability"}
