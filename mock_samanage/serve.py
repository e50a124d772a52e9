"""Runs a server until it is told to stop: the store, the control listener, Granian for SCIM."""

from __future__ import annotations

import contextlib
import gc
import http.client
import os
import secrets
import signal
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType

from mock_samanage.app import Opened, base_url_of, create_app, open_tenant, worker_app
from mock_samanage.ready import Ready, prepare
from mock_samanage.servers import granian
from mock_samanage.servers.sockets import is_loopback, port_of, url_host
from mock_samanage.servers.threaded import ThreadedServer
from mock_samanage.settings import Settings
from mock_samanage.web.control.application import PREFIX, ControlApplication
from mock_samanage.web.control.guard import Guard
from mock_samanage.web.control.hooks import Hooks
from mock_samanage.web.faults.faults import Faults
from mock_samanage.web.journal.journal import Journal

POSTGRESQL_THREADS = 8
_PATIENCE = 60  # seconds until a server that does not answer is given up


@dataclass(frozen=True, slots=True)
class Running:
    """What is up before SCIM is served, and what will be told of it."""

    opened: Opened
    journal: Journal
    faults: Faults
    ready: Ready


def serve(settings: Settings, announce: Callable[[Ready], None]) -> None:
    """Serves until SIGINT or SIGTERM; `announce` is called once requests are answered.

    Raises the errors of settings, servers, store and tenant before anything is served.
    """
    signal.signal(signal.SIGTERM, _leave)
    if settings.ready_file is not None:
        prepare(settings.ready_file)
    with ExitStack() as stack:
        reserved = stack.enter_context(granian.reserve(settings.host, settings.port))
        threads = POSTGRESQL_THREADS if settings.on_postgresql else 1
        options = granian.options(
            settings.host, reserved, threads=threads, cert=settings.tls_cert, key=settings.tls_key
        )
        settings = _with_store(settings, stack)
        origin = f"{'https' if settings.tls_cert else 'http'}://{url_host(settings.host)}:{port_of(reserved)}"
        journal_path = _journal_path(settings, stack)
        running = _start(settings, origin, journal_path, stack)
        teller = Teller(settings, running.ready, port_of(reserved), announce)
        teller.start()
        if settings.workers > 1:
            granian.serve_in_processes(partial(worker_app, settings, journal_path), settings.workers, options)
        else:
            app = create_app(running.opened.tenant, running.journal, base_url_of(settings), running.faults)
            _settle()
            granian.serve_here(app, options)
        if teller.failure is not None:
            raise teller.failure


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """Ends a server that is still starting, with everything it holds cleaned up."""
    raise SystemExit(0)


def _settle() -> None:
    """Takes what start-up made out of the garbage collector's sight; it lives as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _with_store(settings: Settings, stack: ExitStack) -> Settings:
    """The settings with a store of their own: a temporary file if none is given."""
    if settings.store is not None:
        return settings
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="mock-samanage-", ignore_cleanup_errors=True))
    return replace(settings, store=f"sqlite:///{Path(folder) / 'store.db'}")


def _journal_path(settings: Settings, stack: ExitStack) -> str:
    """The file that several processes share; one process needs none."""
    if settings.workers == 1:
        return ""
    folder = stack.enter_context(
        tempfile.TemporaryDirectory(prefix="mock-samanage-journal-", ignore_cleanup_errors=True)
    )
    return str(Path(folder) / "journal.db")


def _start(settings: Settings, origin: str, journal_path: str, stack: ExitStack) -> Running:
    """Opens the store and the journal, and starts the control listener."""
    opened = open_tenant(settings)
    stack.callback(opened.tenant.store.close)
    journal = Journal(journal_path)
    stack.callback(journal.close)
    bootstrap = opened.bootstrap
    journal.redactor.know(bootstrap.token, bootstrap.password, login=bootstrap.username)
    faults = Faults(opened.tenant, base_url_of(settings), wire=False, closed=_closed(settings))
    hooks = Hooks(opened.tenant, journal, faults, origin, settings.public_url)
    control, token = start_control(settings, ControlApplication(opened.tenant, journal, hooks))
    stack.callback(control.stop)
    hooks.control = f"{control.origin}{PREFIX}"
    url = hooks.url_of(opened.tenant.accounts.get(bootstrap.account))
    ready = Ready(
        url,
        bootstrap.token,
        bootstrap.username,
        bootstrap.password,
        bootstrap.account,
        hooks.control,
        os.getpid(),
        token,
    )
    return Running(opened, journal, faults, ready)


def _closed(settings: Settings) -> str:
    """Why this server takes no fault plan, "" if it does."""
    if settings.workers == 1:
        return ""
    return (
        f"Fault plans live in one process, and this server has {settings.workers}; "
        "start it with --workers 1, or with --faults PLAN.toml."
    )


def start_control(settings: Settings, application: ControlApplication) -> tuple[ThreadedServer, str | None]:
    """The listener of the control API, and the token it demands: off loopback there always is one."""
    token = settings.control_token
    if token is None and not is_loopback(settings.control_host):
        token = secrets.token_urlsafe(24)
    listener = ThreadedServer(application, settings.control_host, settings.control_port_wanted)
    application.guard = Guard(settings.control_host, listener.port, token)
    return listener.start(), token


class Teller(threading.Thread):
    """Waits for the first answer, then tells of the server; ends the server if it cannot, and keeps the reason."""

    def __init__(self, settings: Settings, ready: Ready, port: int, announce: Callable[[Ready], None]) -> None:
        super().__init__(name="teller", daemon=True)
        self._settings = settings
        self._ready = ready
        self._port = port
        self._announce = announce
        self.failure: Exception | None = None

    def run(self) -> None:
        """Does it."""
        try:
            wait_until_answering(self._settings.host, self._port, tls=self._settings.tls_cert is not None)
            if self._settings.ready_file is not None:
                self._ready.write(self._settings.ready_file)
            self._announce(self._ready)
        except Exception as error:  # noqa: BLE001 raised again in the main thread
            self.failure = error
            os.kill(os.getpid(), signal.SIGINT)


def wait_until_answering(host: str, port: int, *, tls: bool, patience: float = _PATIENCE) -> None:
    """Returns once the server answers HTTP; raises TimeoutError after `patience` seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException), _connection(host, port, tls=tls) as connection:
            connection.request("GET", "/scim/v2/ServiceProviderConfig")
            connection.getresponse().read()
            return
        time.sleep(0.005)
    raise TimeoutError(f"nothing answers on port {port}")


@contextlib.contextmanager
def _connection(host: str, port: int, *, tls: bool) -> Iterator[http.client.HTTPConnection]:
    address = url_host(host).strip("[]")
    if tls:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = (
            False,
            ssl.CERT_NONE,
        )  # our own certificate, asked for its life only
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(address, port, timeout=5, context=context)
    else:
        connection = http.client.HTTPConnection(address, port, timeout=5)
    try:
        yield connection
    finally:
        connection.close()
