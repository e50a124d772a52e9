"""Credentials, waiting, recovering: what a connector does when something is refused or fails."""

from __future__ import annotations

from typing import Any

from conformance.connector.model import Credentials
from tests.conformance.connector.builders import ask, cases, evidence, patch, post, post_group, run, sent, simply

BASIC: dict[str, Any] = {"credential": "basic", "headers": {"Authorization": "Basic [redacted]"}}
SAMANAGE: dict[str, Any] = {"headers": {"Authorization": None, "X-Samanage-Authorization": "Bearer [redacted]"}}
TWO_FIELDS: dict[str, Any] = {"headers": {"X-Samanage-Authorization": "Basic [redacted]"}}
DATE = "Thu, 01 Jan 1970 00:20:00 GMT"  # 1200 s


def at(moment: float, **more: Any) -> Any:
    """A question at a moment; its answer comes at once."""
    return ask("ann@x.test", **{"moment": moment, "elapsed": 0.0, **more})


def limited(moment: float, told: str = "1", status: int = 429) -> Any:
    """A question that is refused for a time."""
    return at(moment, status=status, fields={"Retry-After": told})


CASES = cases(
    {
        ("credentials.uses_the_token_it_is_given", "CON-AUTH-01"): (
            [simply(ask("a"), credentials=Credentials.BOTH), simply(ask("a"), ask("b"))],
            [
                simply(ask("a", **BASIC), credentials=Credentials.BOTH),
                simply(ask("a", **BASIC), credentials=Credentials.EXPIRED),
                simply(ask("a"), ask("b", **BASIC), credentials=Credentials.NEW_TOKEN),
            ],
        ),
        ("credentials.does_not_fall_back_to_basic", "CON-AUTH-02"): (
            [simply(ask("a", status=401), status=1, credentials=Credentials.EXPIRED)],
            [simply(ask("a", status=401), ask("a", **BASIC), credentials=Credentials.EXPIRED)],
        ),
        ("credentials.presents_one_credential", "CON-AUTH-03"): (
            [simply(ask("a")), simply(ask("a", **BASIC)), simply(ask("a", **SAMANAGE))],
            [
                simply(ask("a", **TWO_FIELDS)),
                simply(ask("a", headers={"Authorization": "Basic [redacted], Bearer [redacted]"})),
            ],
        ),
        ("credentials.puts_the_token_into_authorization", "6750-2.1-C01"): (
            [simply(ask("a"))],
            [simply(ask("a", **SAMANAGE)), simply(ask("a", headers={"Authorization": None}))],
        ),
        ("credentials.keeps_secrets_out_of_urls", "6750-5.3-C01"): (
            [simply(ask("a"))],
            [
                simply(sent("GET", "/Users?access_token=%5Bredacted%5D")),
                simply(sent("GET", "/Users?password=x")),
                simply(sent("GET", "/Users/[redacted]")),
            ],
        ),
        ("credentials.keeps_credentials_out_of_bodies", "CON-AUTH-04"): (
            [simply(post()), simply(post(body={"password": "[redacted]"}))],
            [simply(post(body={"nickName": "[redacted]"}))],
        ),
        ("credentials.presents_a_credential", "CON-AUTH-05"): (
            [simply(ask("a"), sent("GET", "/ServiceProviderConfig", credential="none"))],
            [simply(ask("a", credential="none"))],
        ),
        ("waiting.waits_as_long_as_it_is_told", "CON-WAIT-01"): (
            [
                simply(limited(1000.0), at(1001.0)),
                simply(limited(1000.0, DATE), at(1200.0)),
                simply(limited(1000.0, "2", 503), at(1002.5)),
            ],
            [
                simply(limited(1000.0), at(1000.2)),
                simply(limited(1000.0, DATE), at(1198.0)),
                simply(limited(1000.0, "2", 503), at(1001.0)),
            ],
        ),
        ("waiting.waits_as_long_as_it_is_told", "CON-WAIT-02"): (
            [simply(limited(1000.0), post(moment=1001.5)), simply(limited(1000.0))],
            [simply(limited(1000.0), post(moment=1000.5))],
        ),
        ("waiting.pauses_before_it_repeats", "CON-WAIT-03"): (
            [
                simply(at(1000.0, status=500), at(1000.2, status=500), at(1000.6)),
                simply(at(1000.0, status=429), at(1000.2)),
            ],
            [
                simply(at(1000.0, status=500), at(1000.01)),
                simply(at(1000.0, status=502), at(1002.0, status=502), at(1002.5)),
            ],
        ),
        ("waiting.stops_repeating", "CON-WAIT-04"): (
            [simply(*[patch(status=404)] * 2), simply(*[patch(status=404)] * 5)],
            [simply(*[patch(status=400)] * 6), simply(*[ask("a", status=401)] * 6)],
        ),
        ("waiting.stops_repeating", "CON-WAIT-05"): (
            [simply(*[ask("a", status=503)] * 4, ask("a"))],
            [
                simply(*[ask("a", status=503)] * 11),
                simply(*[ask("a", status=307)] * 30),
                simply(*[ask("a", status=None)] * 11),
            ],
        ),
        ("recovering.asks_before_it_creates_again", "CON-FAIL-01"): (
            [
                simply(ask("ann@x.test"), post(status=None), ask("ann@x.test"), post()),
                simply(ask("ann@x.test"), post(status=None)),
                simply(post(answer=b"<html>"), ask("ann@x.test"), post()),
            ],
            [
                simply(ask("ann@x.test"), post(status=None), post()),
                simply(ask("ann@x.test"), post(delivered=False), ask("ben@x.test"), post()),
                simply(ask("ann@x.test"), post(answer=b"<html>", status=200), post()),
                simply(post_group(status=None), post_group()),
            ],
        ),
        ("recovering.asks_before_it_creates_again", "7644-3.12-C01"): (
            [
                simply(post(status=409), ask("ann@x.test"), post()),
                simply(post(status=409)),
                evidence(run(post(status=409)), run(ask("ann@x.test"), post())),
            ],
            [simply(post(status=409), post(status=409))],
        ),
        ("recovering.accepts_that_something_is_gone", "7644-3.6-C01"): (
            [simply(sent("DELETE", "/Users/7", status=404), ask("a"))],
            [simply(*[sent("DELETE", "/Users/7", status=404)] * 2)],
        ),
    },
    silent={
        ("credentials.uses_the_token_it_is_given", "CON-AUTH-01"): [
            simply(ask("a", **BASIC), credentials=Credentials.PASSWORD)
        ],
        ("waiting.waits_as_long_as_it_is_told", "CON-WAIT-01"): [
            simply(limited(1000.0, "soon"), at(1000.1)),
            simply(at(1000.0, status=429), at(1000.1)),
        ],
        ("waiting.pauses_before_it_repeats", "CON-WAIT-03"): [
            simply(at(1000.0, status=None, elapsed=30.0), at(1005.0)),
            simply(at(1000.0), at(1000.0)),
        ],
        ("recovering.asks_before_it_creates_again", "CON-FAIL-01"): [simply(post(status=503), post())],
    },
)
