"""What can go wrong for a connector.

Trouble
├── Unauthorized   the credential is refused: nothing more can be done
├── Unreachable    no usable answer, however often it was asked
├── Refused        the tenant answered 4xx; `status` says which
├── Unsure         a write went out, and what became of it is unknown
└── Ambiguous      the tenant has several of what there is one of in the source
"""

from __future__ import annotations


class Trouble(Exception):
    """What a connector could not do, in words for who runs it."""


class Unauthorized(Trouble):
    """The credential is refused."""


class Unreachable(Trouble):
    """There was no usable answer, however often it was asked."""


class Refused(Trouble):
    """The tenant refuses this request, and would refuse it again."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Unsure(Trouble):
    """A write went out, and nobody knows whether it was done."""


class Ambiguous(Trouble):
    """Several resources match, or one that cannot be told from another."""
