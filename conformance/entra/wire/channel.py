"""The one place that sends requests to a target: keep-alive, several at a time, no secret in a URL or a log."""

from __future__ import annotations

import json
import ssl
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Final

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as TooSlow

from conformance.entra.dialect import Dialect, TenantUrl
from conformance.entra.errors import ConfigError
from conformance.entra.wire.model import Answer, NoAnswer, Request
from conformance.version import VERSION

MEDIA_TYPE: Final = "application/scim+json"
LONGEST_WAIT_S: Final = 90.0
WAITS: Final = 5
REDACTED: Final = "[redacted]"
OnExchange = Callable[[Request, Answer], None]


def bearer(token: str) -> str:
    """The Authorization of a secret token; raises ConfigError for one that no header can carry."""
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigError("the secret token has a space, a line end or a character that is not ASCII; enter it again")
    return f"Bearer {token}"


def basic(username: str, password: str) -> str:
    """The Authorization of an administrator's user name and password; raises ConfigError for a colon in the name."""
    if ":" in username:
        raise ConfigError("the user name has a colon, which Basic authentication cannot tell from the password's")
    return f"Basic {b64encode(f'{username}:{password}'.encode()).decode()}"


class HttpChannel:
    """Sends requests below a tenant URL with one Authorization; safe to share between threads.

    concurrency: connections kept open. rate: requests a second at most, None for any number. timeout: seconds. ca_file:
    certificates to trust instead of the usual ones; raises ConfigError where it holds none. `authorization` may be
    changed between requests (a credential that was replaced).
    """

    def __init__(
        self,
        tenant_url: str,
        authorization: str,
        dialect: Dialect,
        *,
        concurrency: int = 8,
        rate: float | None = None,
        timeout: float = 30.0,
        ca_file: str | None = None,
        on_exchange: OnExchange | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = TenantUrl.parse(tenant_url)
        self.authorization = authorization
        self._dialect, self._on_exchange, self._sleep = dialect, on_exchange, sleep
        self._gap = 1.0 / rate if rate else 0.0
        self._next, self._lock = 0.0, threading.Lock()
        self._pool = urllib3.PoolManager(
            maxsize=concurrency,
            block=True,
            timeout=urllib3.Timeout(total=timeout),
            retries=False,
            ssl_context=_trusting(ca_file),
        )

    def close(self) -> None:
        """No connection stays open."""
        self._pool.clear()

    def send(self, request: Request) -> Answer:
        """The answer; raises NoAnswer. A 429 is waited out where the switch `throttling` says so."""
        waited = 0.0
        for attempt in range(1, WAITS + 2):
            answer = self._once(request, attempt)
            pause = retry_after(answer.headers)
            patient = answer.status == 429 and self._dialect["throttling"] == "retry-after"
            if not patient or attempt > WAITS or waited + pause > LONGEST_WAIT_S:
                break
            waited += pause
            self._sleep(pause)
        return answer

    def _once(self, request: Request, attempt: int) -> Answer:
        self._take_turn()
        body = None if request.body is None else json.dumps(request.body, ensure_ascii=False).encode(errors="replace")
        start = time.perf_counter()
        try:
            found = self._pool.request(
                request.method, self._url(request), body=body, headers=self._headers(body), redirect=False
            )
        except HTTPError as error:
            raise _no_answer(request, error) from error
        elapsed = (time.perf_counter() - start) * 1000
        content: bytes = found.data
        answer = Answer(found.status, dict(found.headers), content, _object(content), elapsed, attempt)
        answer = _redacted(answer, self.authorization)
        if self._on_exchange:
            self._on_exchange(request, answer)
        return answer

    def _url(self, request: Request) -> str:
        flag = self.url.flag if self._dialect["flag-on-wire"] == "sent" else ""
        query = "&".join(part for part in (flag, request.query) if part)
        return f"{self.url.base}{request.path}" + (f"?{query}" if query else "")

    def _headers(self, body: bytes | None) -> dict[str, str]:
        found = {"Accept": MEDIA_TYPE, "Authorization": self.authorization, "User-Agent": f"mock-samanage/{VERSION}"}
        return found if body is None else {**found, "Content-Type": f"{MEDIA_TYPE}; charset=utf-8"}

    def _take_turn(self) -> None:
        if not self._gap:
            return
        with self._lock:
            now = time.monotonic()
            turn = max(self._next, now)
            self._next = turn + self._gap
        if turn > now:
            self._sleep(turn - now)


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds of a Retry-After field in either form, 1 for none that can be read."""
    told = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    if told.strip().isdecimal():
        return float(told)
    try:
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 1.0


def _trusting(ca_file: str | None) -> ssl.SSLContext | None:
    if ca_file is None:
        return None
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise ConfigError(f"{ca_file} holds no certificates to trust; right is a PEM file: {error}") from error


def _no_answer(request: Request, error: HTTPError) -> NoAnswer:
    """What failed; to urllib3 a connection that is refused is a time-out as well."""
    if isinstance(error, TooSlow) and not isinstance(error, NewConnectionError):
        return NoAnswer(request, "the target took too long", timeout=True)
    return NoAnswer(request, _reason(error))


def _reason(error: HTTPError) -> str:
    """What urllib3 says, without the object it speaks of."""
    told, *more = map(str, error.args or [type(error).__name__])
    told = told.partition("): ")[2] if told.startswith("HTTP") else told
    return told if not more or more[-1] in told else f"{told} {more[-1]}"


def _redacted(answer: Answer, authorization: str) -> Answer:
    """The answer without the credential, for a target that echoes it: logs show what a target says."""
    secrets = _secrets(authorization)
    if not any(secret in answer.body or secret.decode() in str(answer.headers) for secret in secrets):
        return answer
    body, headers = answer.body, dict(answer.headers)
    for secret in secrets:
        body = body.replace(secret, REDACTED.encode())
        headers = {name: value.replace(secret.decode(), REDACTED) for name, value in headers.items()}
    return replace(answer, body=body, headers=headers)


@lru_cache(maxsize=8)
def _secrets(authorization: str) -> tuple[bytes, ...]:
    """What of an Authorization is secret: the token, or user name and password together and the password."""
    scheme, _, secret = authorization.partition(" ")
    if scheme != "Basic":
        return (secret.encode(),) if secret else ()
    password = b64decode(secret).partition(b":")[2]
    return tuple(each for each in (secret.encode(), password) if each)


def _object(content: bytes) -> Mapping[str, Any] | None:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
