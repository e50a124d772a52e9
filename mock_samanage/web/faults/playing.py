"""How one fault is played: which way of handling its kind stands for, and what is sent in the end."""

from __future__ import annotations

from mock_samanage.servers.threaded import ENDING_KEY
from mock_samanage.web.faults.answers import ASTRAY, INSTEAD, relabelled
from mock_samanage.web.faults.documents import CHANGES
from mock_samanage.web.faults.reply import Occasion, Reply, reply_of
from mock_samanage.web.faults.wire import ending, handled
from mock_samanage.web.journal.delivery import Delivery
from mock_samanage.web.wire import encoded


def played(occasion: Occasion, begun: int) -> tuple[Reply, Delivery | None]:
    """The answer under the fault and its delivery; without a delivery the fault found nothing to change.

    `begun` is a reading of perf_counter_ns from the request's arrival.
    """
    rule = occasion.rule
    if rule.wire:
        return _on_wire(occasion, begun)
    if rule.kind in INSTEAD:
        if rule.options.get("after_write"):
            occasion.run()
        return INSTEAD[rule.kind](occasion), Delivery(rule.kind)
    if rule.kind in ASTRAY:
        led = ASTRAY[rule.kind](occasion)
        return (occasion.run(), None) if led is None else (led, Delivery(rule.kind))
    reply = occasion.run()
    changed = relabelled(occasion, reply) if rule.kind == "content-type" else _rewritten(occasion, reply)
    return (reply, None) if changed is None else (changed, Delivery(rule.kind))


def _rewritten(occasion: Occasion, reply: Reply) -> Reply | None:
    document = reply.document()
    changed = None if document is None else CHANGES[occasion.rule.kind](document, occasion.draws)
    return None if changed is None else reply.with_body(encoded(changed))


def _on_wire(occasion: Occasion, begun: int) -> tuple[Reply, Delivery | None]:
    """Where nothing is sent the answer is an empty one, which only the application's interface asks for."""
    rule = occasion.rule
    reply = occasion.run() if handled(rule) else reply_of(204)
    if rule.kind == "truncate" and not reply.body:
        return reply, None
    occasion.environ[ENDING_KEY], delivery = ending(rule, begun)
    return reply, delivery
