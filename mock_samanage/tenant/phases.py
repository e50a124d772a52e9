"""Auth phases: from Basic to the long-lived secret token, and what each of them accepts and announces.

Source: the change log of Microsoft's tutorial (22 April 2020, Basic auth to long-lived secret token).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mock_samanage.tenant.errors import BadArgument, Refused
from mock_samanage.tenant.quirks import one_of

REALM = "Samanage"
_BASIC_CHALLENGE = f'Basic realm="{REALM}", charset="UTF-8"'
_BEARER_CHALLENGE = f'Bearer realm="{REALM}"'
_INVALID_TOKEN = f'{_BEARER_CHALLENGE}, error="invalid_token", error_description="The token is not valid."'


class Kind(StrEnum):
    """The kinds of credential."""

    BASIC = "basic"
    TOKEN = "token"  # noqa: S105 a kind, no secret


class Phase(StrEnum):
    """How far the account has moved from passwords to tokens, in this order."""

    BASIC = "basic"
    TRANSITION = "transition"
    TOKEN = "token"  # noqa: S105 a phase, no secret


@dataclass(frozen=True, slots=True)
class PhaseRule:
    """The kinds of credential a phase accepts, in the order it announces them."""

    accepts: tuple[Kind, ...]

    @property
    def schemes(self) -> tuple[str, ...]:
        """The types of authenticationSchemes in ServiceProviderConfig (RFC 7643 section 5)."""
        names = {Kind.BASIC: "httpbasic", Kind.TOKEN: "oauthbearertoken"}
        return tuple(names[kind] for kind in self.accepts)


RULES = {
    Phase.BASIC: PhaseRule((Kind.BASIC,)),
    Phase.TRANSITION: PhaseRule((Kind.TOKEN, Kind.BASIC)),
    Phase.TOKEN: PhaseRule((Kind.TOKEN,)),
}


def challenges(phase: Phase, *, bearer_sent: bool) -> tuple[tuple[str, str], ...]:
    """The WWW-Authenticate fields of a 401: one for each kind the phase accepts.

    `error="invalid_token"` only answers a bearer that was sent (RFC 6750 section 3.1); Basic has its realm and
    charset (RFC 7617 sections 2 and 2.1).
    """
    bearer = _INVALID_TOKEN if bearer_sent else _BEARER_CHALLENGE
    texts = {Kind.BASIC: _BASIC_CHALLENGE, Kind.TOKEN: bearer}
    return tuple(("WWW-Authenticate", texts[kind]) for kind in RULES[phase].accepts)


def parse_phase(text: object) -> Phase:
    """The phase of that name; BadArgument lists the phases."""
    if not isinstance(text, str) or text not in tuple(Phase):
        raise BadArgument(f"The phase is {one_of(Phase)}, not {str(text)[:80]!r}.")
    return Phase(text)


def forward(present: Phase, wanted: Phase) -> Phase:
    """The wanted phase; Refused if it lies behind the present one."""
    order: Sequence[Phase] = tuple(Phase)
    if order.index(wanted) < order.index(present):
        raise Refused(f"Phases only move forward: {present} cannot go back to {wanted}; reset the account instead.")
    return wanted
