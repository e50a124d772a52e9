"""The catalogue's rule for refusals (RFC 7644 section 3.12 is SHOULD as a whole)."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.client import Answer
from conformance.findings import Standing

REGISTERED = frozenset(
    {
        "invalidFilter",
        "tooMany",
        "uniqueness",
        "mutability",
        "invalidSyntax",
        "invalidPath",
        "noTarget",
        "invalidValue",
        "invalidVers",
        "sensitive",
        "invalidCursor",  # the last three: RFC 9865 section 2.2
        "expiredCursor",
        "invalidCount",
    }
)
NOT_IMPLEMENTED = 501


@dataclass(frozen=True, slots=True)
class Refusal:
    """How an answer stands against the refusal that was due."""

    standing: Standing
    expected: str
    observed: str
    notes: tuple[str, ...] = ()


def judge_refusal(
    answer: Answer, statuses: tuple[int, ...], keywords: tuple[str, ...], *, fixed: frozenset[str], unchanged: bool
) -> Refusal:
    """The refusal's standing by status first, then by keyword."""
    expected = " or ".join(map(str, statuses)) + (f" with scimType {' or '.join(keywords)}" if keywords else "")
    observed = f"{answer.status}" + (f" with scimType {answer.scim_type}" if answer.scim_type else "")
    by_status = _status_standing(answer.status, statuses, fixed)
    if not unchanged:
        return Refusal(
            max(by_status, Standing.BROKEN), f"{expected}, nothing changed", f"{observed}, and the state changed"
        )
    if by_status is not Standing.HELD:
        return Refusal(by_status, expected, observed)
    return _by_keyword(answer, keywords, expected, observed, fixed)


def _status_standing(status: int, statuses: tuple[int, ...], fixed: frozenset[str]) -> Standing:
    if status in statuses:
        return Standing.HELD
    if status >= 500 and status != NOT_IMPLEMENTED:
        return Standing.HARMED
    if status < 400 or "status" in fixed:
        return Standing.BROKEN
    return Standing.DEVIATES


def _by_keyword(
    answer: Answer, keywords: tuple[str, ...], expected: str, observed: str, fixed: frozenset[str]
) -> Refusal:
    if not keywords or answer.scim_type in keywords:
        return Refusal(Standing.HELD, expected, observed)
    if "keyword" in fixed:
        return Refusal(
            Standing.BROKEN,
            expected,
            f"{observed or answer.status}, keyword missing" if not answer.scim_type else observed,
        )
    if answer.scim_type is None:
        return Refusal(Standing.HELD, expected, observed, ("refused without a scimType",))
    named = observed if answer.scim_type in REGISTERED else f"{observed}, which is not registered"
    return Refusal(Standing.DEVIATES, expected, named)
