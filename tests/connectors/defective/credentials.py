"""Defects of credentials."""

from __future__ import annotations

from base64 import b64encode

import requests
from requests.auth import HTTPBasicAuth

from tests.connectors.correct import Connector
from tests.connectors.defective.registry import defect
from tests.connectors.mapping import Json
from tests.connectors.trouble import Unauthorized
from tests.connectors.wire import Bearer


@defect(
    "token-expired-mid-run",
    clauses=("CON-AUTH-02",),
    trips={
        "credentials.does_not_fall_back_to_basic",
        "ending.tells_by_its_status_how_it_went",
    },
)
class FallsBackToBasic(Connector):
    """Where the token is refused, the administrator's password is tried."""

    def ask(self, method: str, url: str, body: Json | None = None) -> Json:
        try:
            return super().ask(method, url, body)
        except Unauthorized:
            self.session.auth = HTTPBasicAuth(self.environ["SAMANAGE_USERNAME"], self.environ["SAMANAGE_PASSWORD"])
            return super().ask(method, url, body)


@defect(
    "migration",
    clauses=("CON-AUTH-01",),
    trips={
        "credentials.uses_the_token_it_is_given",
        "ending.tells_by_its_status_how_it_went",
        "state.people_are_as_the_source_says",
    },
)
class PrefersThePassword(Connector):
    """As long as a password is there, it is used, also beside a token."""

    def authorization(self) -> requests.auth.AuthBase:
        if password := self.environ.get("SAMANAGE_PASSWORD"):
            return HTTPBasicAuth(self.environ["SAMANAGE_USERNAME"], password)
        return super().authorization()


@defect(
    "first-sync",
    clauses=("6750-5.3-C01",),
    trips={
        "credentials.keeps_secrets_out_of_urls",
    },
)
class TokenInTheUrl(Connector):
    """The token is a parameter of every URL."""

    def address(self, path: str, **query: str | int) -> str:
        return super().address(path, **query, access_token=self.environ["SAMANAGE_TOKEN"])


@defect(
    "migration",
    clauses=("CON-AUTH-03",),
    trips={
        "credentials.presents_one_credential",
        "credentials.puts_the_token_into_authorization",
        "ending.tells_by_its_status_how_it_went",
        "state.people_are_as_the_source_says",
    },
)
class BothAtOnce(Connector):
    """Token and password are sent in one request, in two header fields."""

    def authorization(self) -> requests.auth.AuthBase:
        if self.environ.get("SAMANAGE_TOKEN") and self.environ.get("SAMANAGE_PASSWORD"):
            pair = f"{self.environ['SAMANAGE_USERNAME']}:{self.environ['SAMANAGE_PASSWORD']}".encode()
            self.session.headers["X-Samanage-Authorization"] = f"Bearer {self.environ['SAMANAGE_TOKEN']}"
            return Fixed(f"Basic {b64encode(pair).decode()}")
        return super().authorization()


class Fixed(requests.auth.AuthBase):
    """One Authorization."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self.text
        return request


@defect(
    "token-rotation",
    clauses=("CON-EXIT-01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
        "state.people_are_as_the_source_says",
    },
)
class KeepsTheFirstToken(Connector):
    """The token of the first run is kept in the state directory, and used for good."""

    def authorization(self) -> requests.auth.AuthBase:
        kept = self.file_of("token")
        if not kept.exists():
            kept.write_text(self.environ["SAMANAGE_TOKEN"], encoding="utf-8")
        return Bearer(kept.read_text(encoding="utf-8"))


@defect(
    "token-expired-mid-run",
    clauses=("CON-WAIT-04",),
    trips={
        "waiting.stops_repeating",
    },
)
class KnocksOn(Connector):
    """A refused token is tried again and again, with every object."""

    def content(self, answer: requests.Response) -> Json:
        if answer.status_code == 401:
            for _ in range(10):
                self.session.send(answer.request)
        return super().content(answer)


@defect(
    "first-sync",
    clauses=("6750-5.3-C01",),
    trips={
        "credentials.keeps_secrets_out_of_urls",
    },
)
class PasswordInTheUrl(Connector):
    """User name and password stand in a parameter of the URL."""

    def address(self, path: str, **query: str | int) -> str:
        return super().address(path, **query, password=self.environ.get("SAMANAGE_PASSWORD", "none"))
