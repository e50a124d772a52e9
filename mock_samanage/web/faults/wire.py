"""Faults of the wire: how the threaded server sends an answer late, in pieces, in part, or not at all."""

from __future__ import annotations

import selectors
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mock_samanage.servers.threaded import Ending
from mock_samanage.web.faults.plan import Rule
from mock_samanage.web.journal.delivery import Delivery

PIECES = 20
"""Pieces that a dripping answer is sent in at most."""


def handled(rule: Rule) -> bool:
    """Whether the handler runs under a rule of the wire."""
    if rule.kind == "cut":
        return bool(rule.options["when"] == "after")
    return rule.kind != "timeout" or bool(rule.options["after_write"])


def ending(rule: Rule, begun: int) -> tuple[Ending, Delivery]:
    """How the answer is sent, and what is known of that before it is; `begun` is a reading of perf_counter_ns."""
    delivery = Delivery(rule.kind, begun=False, whole=False, under_way=rule.kind != "cut", body=0)
    return Sending(rule.options.get("seconds", 0), _SENDERS[rule.kind], delivery, begun), delivery


@dataclass(frozen=True, slots=True)
class Sending:
    """Sends one answer and keeps its delivery up to date; the connection is kept where all of it was sent."""

    seconds: float
    sender: Callable[[Sending, socket.socket, bytes, bytes], None]
    delivery: Delivery
    begun: int

    def __call__(self, wire: socket.socket, head: bytes, body: bytes) -> bool:
        """Sends; False when the connection is to be closed."""
        try:
            self.sender(self, wire, head, body)
        except OSError:
            self.delivery.whole = False
            raise
        finally:
            self.delivery.elapsed = time.perf_counter_ns() - self.begun
            self.delivery.under_way = False
        return self.delivery.whole

    def piece(self, wire: socket.socket, data: bytes, *, body: int | None) -> None:
        """Sends a part of the answer, after which that much of the body is out, None for all.

        It is noted before, because the client may ask for the journal as soon as it has the last byte.
        """
        self.delivery.elapsed = time.perf_counter_ns() - self.begun
        self.delivery.begun, self.delivery.body, self.delivery.whole = True, body, body is None
        wire.sendall(data)


def stayed(wire: socket.socket, seconds: float) -> bool:
    """Waits; False as soon as the client hangs up."""
    deadline = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(wire, selectors.EVENT_READ)
        if not selector.select(seconds):
            return True
    try:
        sent = socket.socket.recv(wire, 1, socket.MSG_PEEK)
    except OSError:
        return False
    if not sent or isinstance(wire, ssl.SSLSocket):  # a TLS client that waits for its answer sends its farewell only
        return False
    time.sleep(max(0, deadline - time.monotonic()))
    return True


def _cut(_sending: Sending, _wire: socket.socket, _head: bytes, _body: bytes) -> None:
    """Sends nothing."""


def _timeout(sending: Sending, wire: socket.socket, _head: bytes, _body: bytes) -> None:
    stayed(wire, sending.seconds)


def _latency(sending: Sending, wire: socket.socket, head: bytes, body: bytes) -> None:
    if stayed(wire, sending.seconds):
        sending.piece(wire, head + body, body=None)


def _truncate(sending: Sending, wire: socket.socket, head: bytes, body: bytes) -> None:
    half = len(body) // 2
    sending.piece(wire, head + body[:half], body=half)


def _drip(sending: Sending, wire: socket.socket, head: bytes, body: bytes) -> None:
    whole = head + body
    size = -(-len(whole) // PIECES)
    pause = sending.seconds / -(-len(whole) // size)
    for end in range(size, len(whole) + size, size):
        if not stayed(wire, pause):
            return
        sending.piece(wire, whole[end - size : end], body=None if end >= len(whole) else max(0, end - len(head)))


_SENDERS: Mapping[str, Callable[[Sending, socket.socket, bytes, bytes], None]] = {
    "cut": _cut,
    "timeout": _timeout,
    "latency": _latency,
    "truncate": _truncate,
    "drip": _drip,
}
