"""Defects of patience."""

from __future__ import annotations

import time

import requests

from tests.connectors.correct import Connector
from tests.connectors.defective.registry import defect
from tests.connectors.mapping import Json
from tests.connectors.trouble import Refused


@defect(
    "too-many-requests",
    clauses=("CON-WAIT-01",),
    trips={
        "waiting.pauses_before_it_repeats",
        "waiting.waits_as_long_as_it_is_told",
    },
)
class RetriesAtOnce(Connector):
    """A 429 is answered by the same request at once."""

    def wait(self, attempt: int, answer: requests.Response | None) -> None:
        if answer is None or answer.status_code != 429:
            super().wait(attempt, answer)


@defect(
    "too-many-requests-date",
    clauses=("CON-WAIT-01",),
    trips={
        "waiting.waits_as_long_as_it_is_told",
    },
)
class ReadsNoDate(Connector):
    """A Retry-After that is a date is overlooked."""

    def asked(self, text: str) -> float | None:
        return super().asked(text) if text.isdigit() else None


@defect(
    "too-many-requests",
    clauses=("CON-WAIT-01",),
    trips={
        "waiting.pauses_before_it_repeats",
        "waiting.waits_as_long_as_it_is_told",
    },
)
class TakesSecondsForMilliseconds(Connector):
    """The number of a Retry-After is taken for milliseconds."""

    def asked(self, text: str) -> float | None:
        asked = super().asked(text)
        return asked if asked is None or not text.isdigit() else asked / 1000


@defect(
    "conflict",
    clauses=("CON-WAIT-04",),
    trips={
        "recovering.asks_before_it_creates_again",
        "waiting.stops_repeating",
    },
)
class RepeatsWhatIsRefused(Connector):
    """What the tenant refuses is sent again, twelve times."""

    def once(self, method: str, url: str, body: Json | None) -> requests.Response:
        answer = super().once(method, url, body)
        for _ in range(12):
            if not 400 <= answer.status_code < 429:
                break
            answer = super().once(method, url, body)
        return answer


@defect(
    "server-errors",
    clauses=("CON-WAIT-03",),
    trips={
        "waiting.pauses_before_it_repeats",
    },
)
class NeverPauses(Connector):
    """After a 5xx the same is asked again without a pause."""

    def wait(self, attempt: int, answer: requests.Response | None) -> None:
        if answer is None or "Retry-After" in answer.headers:
            super().wait(attempt, answer)


@defect(
    "server-errors",
    clauses=("CON-EXIT-03",),
    trips={
        "ending.claims_success_truly",
    },
)
class TellsNoFailure(Connector):
    """What failed is not tried again, and the exit status is 0."""

    attempts = 1

    def run(self) -> int:
        super().run()
        return 0


@defect(
    "redirects",
    clauses=("7644-3.12-C03",),
    trips={
        "versioning.keeps_permanent_targets_only",
    },
)
class KeepsATemporaryPlace(Connector):
    """The target of a 307 is asked for good."""

    def redirected(self, url: str, target: str, answer: requests.Response) -> str:
        place = super().redirected(url, target, answer)
        self.moved[url] = place
        return place


@defect(
    "redirects",
    clauses=("7644-3.12-C04",),
    trips={
        "versioning.keeps_permanent_targets_only",
    },
)
class ForgetsAPermanentPlace(Connector):
    """The target of a 308 is forgotten at once."""

    def redirected(self, url: str, target: str, answer: requests.Response) -> str:
        place = super().redirected(url, target, answer)
        self.moved.pop(url, None)
        return place


@defect(
    "redirects",
    clauses=("CON-FAIL-02",),
    trips={
        "addressing.uses_ids_it_was_given",
    },
)
class TakesARedirectForSuccess(Connector):
    """An answer below 400 is success, also one that sends elsewhere."""

    def send(self, method: str, url: str, body: Json | None) -> requests.Response:
        return self.once(method, url, body)

    def content(self, answer: requests.Response) -> Json:
        return {"id": "moved"} if answer.status_code in {307, 308} else super().content(answer)

    def passing(self, answer: requests.Response) -> bool:
        return answer.status_code == 429 or answer.status_code >= 500


@defect(
    "server-errors",
    "unavailable",
    clauses=("CON-WAIT-05",),
    trips={
        "waiting.pauses_before_it_repeats",
        "waiting.stops_repeating",
        "waiting.waits_as_long_as_it_is_told",
    },
)
class HammersOn(Connector):
    """A 5xx is asked again thirty times, a hundredth of a second apart."""

    attempts = 30

    def wait(self, attempt: int, answer: requests.Response | None) -> None:  # noqa: ARG002 always the same
        time.sleep(0.01)


@defect(
    "leave",
    clauses=("CON-EXIT-01",),
    trips={
        "ending.tells_by_its_status_how_it_went",
    },
)
class NeedsABody(Connector):
    """An answer without content is a failure."""

    def content(self, answer: requests.Response) -> Json:
        if answer.status_code == 204:
            raise Refused(f"{answer.request.method}: no content", 204)
        return super().content(answer)
