"""From what the target answered to the error that the log shows."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from importlib.resources import files

from conformance.entra.log.model import Problem
from conformance.entra.wire.model import Answer, NoAnswer

TOLD = 600


@dataclass(frozen=True, slots=True)
class Kind:
    """One error code; `status` is 0 where no status alone tells of it."""

    code: str
    says: str
    do: str
    category: str
    status: int = 0
    stops: bool = False


@cache
def kinds() -> Mapping[str, Kind]:
    """Every error code, in the order of the table."""
    text = (files(__package__) / "problems.toml").read_text(encoding="utf-8")
    return {entry["code"]: Kind(**entry) for entry in tomllib.loads(text)["problem"]}


def problem(code: str, reason: str = "") -> Problem:
    """The problem with this code; `reason` tells more than the table."""
    kind = kinds()[code]
    return Problem(code, reason or kind.says, kind.category, kind.do, kind.says if reason else "")


def of_answer(answer: Answer, what: str) -> Problem:
    """The problem that an answer other than the one hoped for tells of; `what` was asked."""
    known = _by_status()
    kind = known.get(answer.status) or (known[500] if answer.status >= 500 else kinds()["WebExceptionProtocolError"])
    body = answer.body.decode("utf-8", "replace")[:TOLD].strip()
    told = f"{what} was answered {answer.status} {_phrase(answer.status)}".rstrip()
    return problem(kind.code, f"{told}: {body}" if body else f"{told}.")


@cache
def _by_status() -> Mapping[int, Kind]:
    return {kind.status: kind for kind in kinds().values() if kind.status}


def _phrase(status: int) -> str:
    """The name of a status as the service writes it, TooManyRequests for example; "" for one that has none."""
    try:
        return HTTPStatus(status).phrase.title().replace(" ", "")
    except ValueError:
        return ""


def of_silence(silence: NoAnswer) -> Problem:
    """The problem that no answer came."""
    return problem("Timeout" if silence.timeout else "TargetUnreachable", str(silence))


def stops_the_job(found: Problem | None) -> bool:
    """Whether the job is quarantined at once: the credential is bad, or the target speaks no SCIM (QUAR)."""
    return found is not None and kinds()[found.code].stops
