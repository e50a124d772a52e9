"""The two servers that are compared: the bare Flask view and the tenant, each started as users start it."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

START_SECONDS = 120
COMMAND = (str(Path(sys.executable).with_name("mock-samanage")),)


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: where it listens, its SCIM path prefix and token, its process id."""

    address: tuple[str, int]
    prefix: str
    token: str
    pid: int


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextlib.contextmanager
def _process(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@contextlib.contextmanager
def floor() -> Iterator[Served]:
    """A Flask view with a fixed JSON body, one Granian process, one blocking thread, no access log."""
    port = _free_port()
    options = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "1", "--no-access-log", "--no-log"]
    command = [
        sys.executable,
        "-m",
        "granian",
        *options,
        "--port",
        str(port),
        "--working-dir",
        str(Path(__file__).parent),
    ]
    with _process([*command, "bare:app"]) as process:
        _wait_for(port)
        yield Served(("127.0.0.1", port), "", "", process.pid)


@contextlib.contextmanager
def tenant(directory: Path, *, users: int, command: Sequence[str] = COMMAND) -> Iterator[tuple[Served, float]]:
    """The tenant as `mock-samanage serve` starts it, and the seconds until it answered."""
    directory.mkdir(exist_ok=True)
    ready = directory / f"ready-{users}.json"
    ready.unlink(missing_ok=True)
    store = directory / f"bench-{users}.db"
    serving = [*command, "serve", "--port", "0", "--ready-file", str(ready)]
    started = time.perf_counter()
    with _process([*serving, "--store", str(store), "--users", str(users), "--seed", "7"]) as process:
        while not ready.exists() and process.poll() is None and time.perf_counter() - started < START_SECONDS:
            time.sleep(0.005)
        elapsed = time.perf_counter() - started
        told = json.loads(ready.read_text())
        url = urlsplit(told["url"])
        yield Served((url.hostname or "", url.port or 80), url.path, told["token"], process.pid), elapsed


def _wait_for(port: int) -> None:
    deadline = time.perf_counter() + START_SECONDS
    while time.perf_counter() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")


def resident_megabytes(pid: int) -> float:
    """Resident memory of a process and its children, in megabytes (Linux)."""
    pids = [pid, *map(int, _children(pid))]
    pages = (Path(f"/proc/{each}/statm").read_text().split()[1] for each in pids)
    return sum(map(int, pages)) * 4096 / 1e6


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
