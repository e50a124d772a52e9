"""The suite tenancy judges a server whose URL names the tenant, and finds the ways tenants leak."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from conformance.model import Verdict
from conformance.options import Options
from conformance.runner import Front, run
from conformance.session import begin
from tests.conformance.tiny import TOKEN, Reply, Tiny, serving


@dataclass(slots=True)
class Rooms(Tiny):
    """Tenants below paths of their own, each with a token of its own; `open_doors` takes any token of a tenant."""

    rooms: list[Tiny] = field(default_factory=list)
    open_doors: bool = False
    common: bool = False

    def reply(self, method: str, target: str, headers: Any, body: bytes) -> Reply | None:
        """The answer to one request; below /t0, /t1 … that of the tenant."""
        name, slash, rest = target.removeprefix("/").partition("/")
        if not (name.startswith("t") and name[1:].isdecimal()):
            return Tiny.reply(self, method, target, headers, body)
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        if token == name or (self.open_doors and token.startswith("t")):
            return self.rooms[int(name[1:])].reply(method, slash + rest, {"Authorization": f"Bearer {TOKEN}"}, body)
        return 401, {"status": "401"}, {}

    def _hook(self, document: dict[str, Any]) -> Reply:
        if document["hook"] != "account.create":
            return 200, {}, {}
        name = f"t{len(self.rooms)}"
        fresh = Tiny(url=f"{self.url}/{name}")
        if self.common and self.rooms:
            fresh.users, fresh.ids = self.rooms[0].users, self.rooms[0].ids
        self.rooms.append(fresh)
        return 200, {"account": name, "url": fresh.url, "token": name}, {}


def judged(rooms: Rooms) -> dict[str, set[Verdict]]:
    """The verdicts on each clause."""
    with serving(rooms):
        hooks = f"{rooms.url}/hooks"
        options = Options(target=rooms.url, token=TOKEN, hooks=hooks, profile=("rfc",), suite=("tenancy",))
        front = Front(options, begin(options), lambda _text: None, lambda: True)
        run(front)
    assert front.outcome is not None
    found: dict[str, set[Verdict]] = {}
    for each in front.outcome.results:
        found.setdefault(each.clause, set()).add(each.verdict)
    return found


def test_tenants_with_urls_of_their_own_are_judged() -> None:
    found = judged(Rooms())
    assert found["7644-6.1-02"] == found["7644-6.2-02"] == found["7643-7-34"] == {Verdict.PASS}
    assert found["7644-6.1-03"] == found["7644-3.7-24"] == {Verdict.NOT_APPLICABLE}


def test_a_token_that_opens_every_url_is_found() -> None:
    assert judged(Rooms(open_doors=True))["7644-6.1-02"] == {Verdict.FAIL}


def test_tenants_that_share_their_users_are_found() -> None:
    assert judged(Rooms(common=True))["7644-6.1-01"] == {Verdict.FAIL}
