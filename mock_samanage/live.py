"""A whole server in this process: SCIM and the control API on two threaded listeners."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace

from mock_samanage.app import base_url_of, create_app, open_tenant
from mock_samanage.ready import Ready, prepare
from mock_samanage.serve import start_control
from mock_samanage.servers.sockets import tls_context
from mock_samanage.servers.threaded import ThreadedServer
from mock_samanage.settings import MEMORY, Settings
from mock_samanage.tenant.tenant import Tenant
from mock_samanage.web.answer import bad_http
from mock_samanage.web.application import Application
from mock_samanage.web.control.application import PREFIX, ControlApplication
from mock_samanage.web.control.hooks import Hooks
from mock_samanage.web.faults.faults import Faults
from mock_samanage.web.faults.plan import read_plan
from mock_samanage.web.journal.journal import Journal


@dataclass(frozen=True, slots=True)
class Live:
    """A running server: its parts, where it is, and how to get in; `close` ends all of it."""

    tenant: Tenant
    app: Application
    journal: Journal
    faults: Faults
    hooks: Hooks
    control: ControlApplication
    ready: Ready
    close: ExitStack


def start(settings: Settings) -> Live:
    """Starts both listeners and returns once they take connections; without a store the data is in memory.

    Raises the errors of settings, servers, store and tenant.
    """
    settings = replace(settings, store=settings.store or MEMORY)
    with ExitStack() as stack:
        opened = open_tenant(settings)
        stack.callback(opened.tenant.store.close)
        journal = Journal()
        stack.callback(journal.close)
        journal.redactor.know(opened.bootstrap.token, opened.bootstrap.password, login=opened.bootstrap.username)
        faults = Faults(opened.tenant, base_url_of(settings))
        stack.callback(faults.clear_all)
        app = create_app(opened.tenant, journal, base_url_of(settings), faults)
        tls = tls_context(settings.tls_cert, settings.tls_key) if settings.tls_cert and settings.tls_key else None
        scim = ThreadedServer(app, settings.host, settings.port, tls=tls, problem=bad_http)
        stack.callback(scim.start().stop)
        hooks = Hooks(opened.tenant, journal, faults, scim.origin, settings.public_url)
        control = ControlApplication(opened.tenant, journal, hooks)
        listener, token = start_control(settings, control)
        stack.callback(listener.stop)
        hooks.control = f"{listener.origin}{PREFIX}"
        made = opened.bootstrap
        url = hooks.url_of(opened.tenant.accounts.get(made.account))
        ready = Ready(url, made.token, made.username, made.password, made.account, hooks.control, os.getpid(), token)
        return Live(opened.tenant, app, journal, faults, hooks, control, ready, stack.pop_all())
    raise AssertionError("an exit stack hides no error")  # pragma: no cover


def serve(settings: Settings, announce: Callable[[Ready], None]) -> None:
    """Serves with the default account's fault plan until SIGINT or SIGTERM; `announce` is called once it answers.

    Raises the errors of `start`, and BadPlan.
    """
    rules = read_plan(settings.faults) if settings.faults is not None else ()
    if settings.ready_file is not None:
        prepare(settings.ready_file)
    live = start(settings)
    with live.close:
        over = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: over.set())
        live.faults.set(live.ready.account, rules)
        if settings.ready_file is not None:
            live.ready.write(settings.ready_file)
        announce(live.ready)
        while not over.wait(0.5):  # a wait without end hears no Ctrl+C on Windows
            pass
