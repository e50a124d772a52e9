"""How an answer under a fault goes out, where that is not whole and at once."""

from __future__ import annotations

from dataclasses import dataclass

DELIVERY_KEY = "mock_samanage.delivery"
"""The WSGI environment's key for the delivery of a request on which a fault is played."""


@dataclass(slots=True)
class Delivery:
    """What became of an answer; whoever sends it keeps this up to date.

    fault: the kind played. begun: something of the answer was sent. whole: all of it was. under_way: it is not over
    yet. body: bytes of the body that were sent, None for all. elapsed: nanoseconds from arrival to the end, 0 for
    what handling took.
    """

    fault: str
    begun: bool = True
    whole: bool = True
    under_way: bool = False
    body: int | None = None
    elapsed: int = 0


USUAL = Delivery("")
"""The delivery of a request on which no fault is played."""
