"""A load generator: keep-alive connections that each have one request under way."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Figure:
    """What one measurement gave: requests per second, latencies in milliseconds, answers by status."""

    rate: float
    p50: float
    p99: float
    statuses: dict[int, int]


@dataclass(slots=True)
class _Connection:
    sock: socket.socket
    buffer: bytearray = field(default_factory=bytearray)
    sent: float = 0.0

    def send(self, request: bytes) -> None:
        self.buffer.clear()
        self.sent = time.perf_counter()
        self.sock.sendall(request)

    def receive(self) -> int | None:
        """The status once the answer is complete, else None."""
        chunk = self.sock.recv(262144)
        if not chunk:
            raise ConnectionError("the server closed a keep-alive connection")
        self.buffer += chunk
        end = self.buffer.find(HEAD_END)
        if end < 0:
            return None
        head = bytes(self.buffer[:end]).lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        return int(head[9:12]) if len(self.buffer) >= end + 4 + length else None


def measure(address: tuple[str, int], requests: Iterator[bytes], *, seconds: float, connections: int = 8) -> Figure:
    """The throughput of a server under `connections` clients that send the next request at once."""
    selector = selectors.DefaultSelector()
    clients = [_Connection(socket.create_connection(address)) for _ in range(connections)]
    for client in clients:
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(client.sock, selectors.EVENT_READ, client)
        client.send(next(requests))
    latencies: list[float] = []
    statuses: dict[int, int] = {}
    started = time.perf_counter()
    deadline = started + seconds
    while (now := time.perf_counter()) < deadline:
        for key, _ in selector.select(deadline - now):
            client = key.data
            status = client.receive()
            if status is not None:
                latencies.append(time.perf_counter() - client.sent)
                statuses[status] = statuses.get(status, 0) + 1
                client.send(next(requests))
    elapsed = time.perf_counter() - started
    for client in clients:
        client.sock.close()
    selector.close()
    return _figure(latencies, elapsed, statuses)


def _figure(latencies: list[float], elapsed: float, statuses: dict[int, int]) -> Figure:
    ordered = sorted(latencies) or [float("nan")]
    p50, p99 = (ordered[int(len(ordered) * part)] * 1000 for part in (0.5, 0.99))
    return Figure(len(latencies) / elapsed, p50, p99, statuses)
