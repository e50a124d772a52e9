"""How a connector speaks: authorisation, encoding, patience, redirects, pages."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import requests
from requests.auth import HTTPBasicAuth

from tests.connectors.trouble import Refused, Trouble, Unauthorized, Unreachable, Unsure

Json = dict[str, Any]
SCIM = "application/scim+json"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


class Bearer(requests.auth.AuthBase):
    """The secret token in the Authorization header."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Wire:
    """Requests to a tenant; a read is repeated, a write whose fate is unknown is not.

    `attempts`: how often the same is asked at most. `pause`: seconds before the second attempt, doubled for each
    further one. `patience`: seconds that an answer may take. `longest`: the longest Retry-After that is waited for.
    """

    attempts = 4
    pause = 0.5
    patience = 10.0
    longest = 120.0
    hops = 5
    size = 100

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.base = environ["SAMANAGE_URL"].rstrip("/")
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update({"Accept": SCIM})
        self.session.auth = self.authorization()
        self.moved: dict[str, str] = {}

    def authorization(self) -> requests.auth.AuthBase:
        """The token if there is one, and then never anything else."""
        if token := self.environ.get("SAMANAGE_TOKEN"):
            return Bearer(token)
        return HTTPBasicAuth(self.environ["SAMANAGE_USERNAME"].encode(), self.environ["SAMANAGE_PASSWORD"].encode())

    def address(self, path: str, **query: str | int) -> str:
        """The URL of a path and its parameters."""
        told = "&".join(f"{name}={self.encoded(str(value))}" for name, value in query.items())
        return f"{self.base}{path}{'?' if told else ''}{told}"

    def encoded(self, text: str) -> str:
        """A text as it stands in a URL."""
        return quote(text, safe="")

    def literal(self, text: str) -> str:
        """A text as it stands in a filter."""
        return json.dumps(text, ensure_ascii=False)

    def ask(self, method: str, url: str, body: Json | None = None) -> Json:
        """The JSON of the answer, {} where it has none; raises Trouble."""
        told = ""
        for attempt in range(self.attempts):
            try:
                answer = self.send(method, url, body)
            except requests.RequestException as error:
                answer, told = None, f"no answer ({type(error).__name__})"
            if answer is not None:
                told = f"{answer.status_code}"
                if not self.passing(answer):
                    return self.content(answer)
            self.wait(attempt, answer)
            if not self.harmless(method, answer):
                raise Unsure(f"{method} {url}: {told}")
        raise Unreachable(f"{method} {url}: {told}, {self.attempts} times")

    def harmless(self, method: str, answer: requests.Response | None) -> bool:
        """Whether the request may be sent again as it is: it was not looked at, or does the same twice."""
        return method in {"GET", "DELETE"} or (answer is not None and answer.status_code == 429)

    def send(self, method: str, url: str, body: Json | None) -> requests.Response:
        """One answer, of the place that the tenant sends to; raises requests.RequestException."""
        target = self.moved.get(url, url)
        for _ in range(self.hops):
            answer = self.once(method, target, body)
            if answer.status_code not in {307, 308}:
                return answer
            target = self.redirected(url, target, answer)
        raise Unreachable(f"{method} {url} is redirected {self.hops} times")

    def once(self, method: str, url: str, body: Json | None) -> requests.Response:
        """The answer of one request."""
        data = None if body is None else json.dumps(body).encode()
        headers = None if body is None else {"Content-Type": SCIM}
        return self.session.request(
            method, url, data=data, headers=headers, timeout=self.patience, allow_redirects=False
        )

    def redirected(self, url: str, target: str, answer: requests.Response) -> str:
        """Where to ask instead; remembered where it is for good, and never another host."""
        place = urljoin(target, answer.headers.get("Location", ""))
        if urlsplit(place)[:2] != urlsplit(self.base)[:2]:
            raise Refused(f"{url} is redirected to another host, which gets no credential", answer.status_code)
        if answer.status_code == 308:
            self.moved[url] = place
        return place

    def passing(self, answer: requests.Response) -> bool:
        """Whether the answer says nothing about the request, so that it may be asked again."""
        if answer.status_code == 429 or answer.status_code >= 500:
            return True
        return answer.ok and answer.status_code != 204 and not isinstance(_json(answer), dict)

    def wait(self, attempt: int, answer: requests.Response | None) -> None:
        """Waits as the answer says, or longer from attempt to attempt."""
        asked = self.asked(answer.headers.get("Retry-After", "")) if answer is not None else None
        if asked is not None and asked > self.longest:
            raise Unreachable(f"the tenant wants to be left alone for {asked:.0f} s")
        time.sleep(self.pause * 2**attempt if asked is None else asked)

    def asked(self, text: str) -> float | None:
        """The seconds of a Retry-After; None where there is none."""
        if text.isdigit():
            return float(text)
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        return max(0.0, (moment - datetime.now(UTC)).total_seconds()) + 0.01

    def content(self, answer: requests.Response) -> Json:
        """The JSON of an answer that is no passing one; raises Refused or Unauthorized."""
        request = f"{answer.request.method} {answer.request.path_url.partition('?')[0]}"
        found = _json(answer)
        if answer.ok:
            return found if isinstance(found, dict) else {}
        detail = found.get("detail", "") if isinstance(found, dict) else ""
        told = f"{request}: {answer.status_code} {detail}".strip()
        if answer.status_code == 401:
            raise Unauthorized(told)
        raise Refused(told, answer.status_code)

    def listed(self, path: str, filter: str = "") -> Iterator[Json]:
        """Every resource that matches, of all pages, each once."""
        seen: set[str] = set()
        start, total = 1, 1
        while start <= total:
            query = {"filter": filter} if filter else {}
            page = self.ask("GET", self.address(path, **query, startIndex=start, count=self.size))
            if LIST not in page.get("schemas", ()):
                raise Trouble(f"GET {path}: the answer is no list")
            found = page.get("Resources") or []
            for each in found:
                if each.get("id") not in seen:
                    seen.add(each.get("id"))
                    yield each
            if not found:
                return
            start, total = start + len(found), page.get("totalResults", 0)


def _json(answer: requests.Response) -> Any:
    try:
        return json.loads(answer.content)
    except ValueError:
        return None
