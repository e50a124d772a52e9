"""Answers that look like breaches only because JSON Schema cannot say what the document says in words."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.mutations import Mutation
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.generation.meta import CoveragePhaseData, CoverageScenario
from schemathesis.openapi.checks import RejectedPositiveData

from conformance.contract.cases import AnyCase


@dataclass(frozen=True, slots=True)
class Excuse:
    """A kind of failure that is none where the answer has one of the statuses and the case is such a one."""

    failure: type[Failure]
    statuses: range
    reason: str
    applies: Callable[[AnyCase], bool]


def _conditional(case: AnyCase) -> bool:
    return any(name.lower() in {"if-match", "if-none-match"} for name in case.headers or {})


def _projected_twice(case: AnyCase) -> bool:
    return {"attributes", "excludedAttributes"} <= set(case.query or ())


def _with_members(case: AnyCase) -> bool:
    return isinstance(case.body, dict) and bool(case.body.get("members"))


def _of_two_roles(case: AnyCase) -> bool:
    roles = case.body.get("roles") if isinstance(case.body, dict) else None
    elements = [one for one in (roles if isinstance(roles, list) else [roles]) if isinstance(one, dict)]
    return len({str(one[key]) for one in elements for key in ("value", "display", "displayName") if key in one}) > 1


def _twice(node: Any) -> bool:
    """Whether an object somewhere has a member twice, in different case."""
    if isinstance(node, dict):
        names = {unicodedata.normalize("NFKC", str(name)).casefold() for name in node}
        return len(names) < len(node) or any(map(_twice, node.values()))
    return isinstance(node, list) and any(map(_twice, node))


def _of_format(case: AnyCase) -> bool:
    data = case.meta.phase.data if case.meta else None
    if isinstance(data, CoveragePhaseData):
        return data.scenario is CoverageScenario.INVALID_FORMAT
    mutations = getattr(data, "mutations", ())
    return bool(mutations) and all(map(_breaks_a_format, mutations))


def _breaks_a_format(mutation: Mutation) -> bool:
    """Whether a mutation is about a format; that a parameter may be empty is an anyOf to schemathesis."""
    optional = "anyOf" in mutation.keywords and mutation.parameter_location is ParameterLocation.QUERY
    return "format" in mutation.keywords or optional


def _left_valid(case: AnyCase) -> bool:
    """Whether nothing but the body was to be wrong, and the one that was sent is right by the document."""
    mutations = getattr(case.meta.phase.data, "mutations", ()) if case.meta else ()
    only_body = bool(mutations) and all(one.parameter_location is ParameterLocation.BODY for one in mutations)
    bodies = [each for each in case.operation.body if each.media_type == case.media_type] if only_body else []
    return any(body.is_valid(case.body) for body in bodies)


BAD_REQUEST, PRECONDITION, SUCCESS = range(400, 401), range(412, 413), range(200, 300)
EXCUSES: Final = (
    Excuse(
        RejectedPositiveData,
        BAD_REQUEST,
        "the value of a PATCH operation has to fit its path",
        lambda case: case.method.upper() == "PATCH",
    ),
    Excuse(RejectedPositiveData, PRECONDITION, "If-Match or If-None-Match does not hold", _conditional),
    Excuse(RejectedPositiveData, BAD_REQUEST, "attributes and excludedAttributes exclude each other", _projected_twice),
    Excuse(RejectedPositiveData, BAD_REQUEST, "a member has to exist", _with_members),
    Excuse(RejectedPositiveData, BAD_REQUEST, "elements and keys of roles have to name one role", _of_two_roles),
    Excuse(
        RejectedPositiveData,
        BAD_REQUEST,
        "a member stands there twice, in different case",
        lambda case: _twice(case.body),
    ),
    # Schemathesis knows no SCIM: a text that it takes for a breach of a format of SCIM may keep it.
    Excuse(AcceptedNegativeData, SUCCESS, "only a reader of SCIM knows what its formats forbid", _of_format),
    Excuse(AcceptedNegativeData, SUCCESS, "what was to be wrong is not in the body that was sent", _left_valid),
)


def excuse(failure: Failure, case: AnyCase, response: Response) -> Excuse | None:
    """Why this failure is none, if it is none."""
    return next(
        (
            one
            for one in EXCUSES
            if isinstance(failure, one.failure) and response.status_code in one.statuses and one.applies(case)
        ),
        None,
    )
