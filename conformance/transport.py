"""One HTTP connection pool to the target: time-outs, rate, waiting out 429 and 503, the ping after silence."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPHeaderDict

from conformance.errors import Dropped, SuiteFault, Unreachable, Unusable
from conformance.model import Exchange
from conformance.recorder import Recorder
from conformance.redaction import Redactor

IDLE_S = 1.5  # servers close idle connections after 2 s and more; a reused stale one looks like a dropped request
WAITS = {429: 6, 503: 1}  # repetitions; RFC 6585 section 4, RFC 7231 section 6.6.4
LONGEST_WAIT_S = 90.0
_ENCODED = re.compile(r"[!$-;=?-\[\]_a-z~]*%[!$-;=?-\[\]_a-z~]*")
"""A URL with something percent-encoded and nothing that has to be."""
Created = Callable[[Exchange], None]
Field = str | bytes | tuple[str | bytes, ...]
"""The value of a header field; a tuple goes out as one line each, exactly as given."""


class Transport:
    """Sends requests and records them; shared by every client of a run.

    `on_answer` is called with an answer before anybody uses it (the ledger listens there).
    """

    def __init__(
        self,
        *,
        timeout: float = 30.0,
        verify: bool | str = True,
        rate: float | None = None,
        recorder: Recorder | None = None,
        redactor: Redactor | None = None,
        on_answer: Created | None = None,
    ) -> None:
        self.recorder = recorder or Recorder()
        self.redactor = redactor or Redactor()
        self.on_answer = on_answer
        self.timeout = timeout
        self._verify = verify
        self._gap = 1.0 / rate if rate else 0.0
        self._next = 0.0
        self._used = time.monotonic()
        self._open = 0
        self._lock = threading.Lock()
        self._good: tuple[str, dict[str, Field]] | None = None
        self._session = _session()
        self._environments: dict[tuple[str, str], Mapping[str, Any]] = {}

    def ping_with(self, url: str, headers: Mapping[str, str]) -> None:
        """Until a GET succeeds, this one tells whether the target answers at all."""
        self._good = (url, dict(headers))

    def close(self) -> None:
        """No connection stays open."""
        self._session.close()

    def send(
        self, method: str, url: str, headers: Mapping[str, Field], body: bytes | None, *, heard: bool = True
    ) -> Exchange:
        """The recorded exchange; raises Dropped, Unreachable, or Unusable while the target stays unavailable.

        `on_answer` is called only if it is to be `heard`.
        """
        waited = 0.0
        for attempt in range(max(WAITS.values()) + 1):
            exchange = self._once(method, url, headers, body)
            if exchange.status not in WAITS:
                break
            pause = retry_after(exchange, attempt)
            if attempt >= WAITS[exchange.status] or waited + pause > LONGEST_WAIT_S:
                raise Unusable(
                    f"{method} {url} is answered {exchange.status} after {waited:.0f} s of waiting",
                    exchange,
                    setup=True,
                )
            waited += pause
            time.sleep(pause)
        if method == "GET" and exchange.status and exchange.status < 300:
            self._good = (url, dict(headers))
        if self.on_answer and heard:
            self.on_answer(exchange)
        return exchange

    def _once(self, method: str, url: str, headers: Mapping[str, Field], body: bytes | None) -> Exchange:
        exchange = self._attempt(method, url, headers, body)
        if exchange.error is None:
            return exchange
        if method == "GET" and exchange.error.startswith("cut"):
            again = self._attempt(method, url, headers, body)
            if again.error is None:
                return again
        if self._answers_still():
            raise Dropped(f"the target dropped this request ({exchange.error})", exchange)
        raise Unreachable(f"the target does not answer any more ({exchange.error})", exchange)

    def _attempt(self, method: str, url: str, headers: Mapping[str, Field], body: bytes | None) -> Exchange:
        self._take_turn()
        start = time.perf_counter()
        try:
            answer = self._call(method, url, headers, body)
        except (requests.exceptions.InvalidHeader, requests.exceptions.InvalidURL, UnicodeEncodeError) as error:
            raise SuiteFault(f"{method} {url} cannot be sent: {error}") from error
        except requests.RequestException as error:
            exchange = _exchange(method, url, headers, body, start, error=_reason(error))
        else:
            exchange = _exchange(method, url, headers, body, start, answer=answer)
        finally:
            with self._lock:
                self._open -= 1
                self._used = time.monotonic()
        self.recorder.record(exchange)
        return exchange

    def _call(self, method: str, url: str, headers: Mapping[str, Field], body: bytes | None) -> requests.Response:
        usual = {name: value for name, value in headers.items() if not isinstance(value, tuple)}
        request = requests.Request(method, url, headers={**_NO_DEFAULTS, **usual}, data=body)
        prepared = self._session.prepare_request(request)
        if _ENCODED.fullmatch(url):
            prepared.url = url  # as it is given: requests decodes what need not be encoded
        if len(usual) < len(headers):
            prepared.headers = _lines(prepared.headers, headers)
        environment = self._environment(prepared.url or url)
        return self._session.send(prepared, timeout=self.timeout, allow_redirects=False, **environment)

    def _environment(self, url: str) -> Mapping[str, Any]:
        """Proxies and certificates that the environment wants for the server of a URL, looked up once in a run."""
        origin = urlsplit(url)[:2]
        found = self._environments.get(origin)
        if found is None:
            found = self._session.merge_environment_settings(url, {}, None, self._verify, None)
            self._environments[origin] = found
        return found

    def _take_turn(self) -> None:
        with self._lock:
            now = time.monotonic()
            if self._open == 0 and now - self._used > IDLE_S:
                self._session.close()
            pause = max(0.0, self._next - now)
            self._next = max(self._next, now) + self._gap
            self._open += 1
        if pause:
            time.sleep(pause)

    def _answers_still(self) -> bool:
        if self._good is None:
            return False
        url, headers = self._good
        ping = self._attempt("GET", url, headers, None)
        return ping.error is None and (ping.status or 500) < 500


_NO_DEFAULTS: dict[str, str | None] = {"User-Agent": "conformance", "Accept-Encoding": "identity", "Accept": None}


def _session() -> requests.Session:
    session = requests.Session()
    session.auth = _no_netrc
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = HTTPAdapter(pool_maxsize=32)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _no_netrc(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request  # with an auth of its own, requests does not take one from ~/.netrc


def _exchange(
    method: str,
    url: str,
    headers: Mapping[str, Field],
    body: bytes | None,
    start: float,
    *,
    answer: requests.Response | None = None,
    error: str | None = None,
) -> Exchange:
    return Exchange(
        method=method,
        url=url,
        request_headers={name: _shown(value) for name, value in headers.items()},
        request_body=body or b"",
        status=answer.status_code if answer is not None else None,
        response_headers=CaseInsensitiveDict(answer.headers) if answer is not None else {},
        response_body=answer.content if answer is not None else b"",
        elapsed_ms=(time.perf_counter() - start) * 1000,
        error=error,
    )


def _lines(prepared: Mapping[str, str | bytes], headers: Mapping[str, Field]) -> CaseInsensitiveDict[str]:
    """What urllib3 sends line by line; requests itself joins, strips or refuses such values."""
    lines = HTTPHeaderDict((name, _shown(value)) for name, value in prepared.items())
    for name, value in headers.items():
        for line in value if isinstance(value, tuple) else ():
            lines.add(name, _shown(line))
    return cast("CaseInsensitiveDict[str]", lines)


def _shown(value: Field) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "time-out"
    if isinstance(error, requests.exceptions.SSLError):
        return f"TLS: {_innermost(error)}"
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return f"cut: {_innermost(error)}"
    return f"{type(error).__name__}: {error}"


def _innermost(error: BaseException) -> str:
    text = str(error)
    found = re.findall(
        r"(Connection refused|Connection reset by peer|Remote end closed connection|Name or service not known|"
        r"No address associated with hostname|certificate verify failed[^)]*|nodename nor servname[^)\]]*)",
        text,
    )
    return found[0] if found else text


def retry_after(exchange: Exchange, attempt: int) -> float:
    """Seconds to wait, from Retry-After (seconds or date), else doubling from half a second."""
    value = exchange.response_headers.get("Retry-After", "").strip()
    if value.isdigit():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return 0.5 * 2.0**attempt
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
