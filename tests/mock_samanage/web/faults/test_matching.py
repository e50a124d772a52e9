"""Which rule plays on a request, and when."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_samanage.web.faults.matching import Ask, Plan, fits
from mock_samanage.web.faults.plan import read_rules, rule
from mock_samanage.web.faults.replica import Replica


def no_replica() -> Replica:
    raise AssertionError("none of these rules needs a copy")


def plan(*rules: dict[str, Any]) -> Plan:
    return Plan(read_rules({"faults": [*rules]}), no_replica)


def ask(method: str = "GET", path: str = "/Users", query: str = "", body: bytes = b"") -> Ask:
    return Ask(method, path, query, body)


def kinds(used: Plan, *asks: Ask) -> list[str]:
    """The kinds that play on the requests, "" for none."""
    chosen = [used.choose(each, on_wire=True) for each in asks]
    return ["" if part is None else part.rule.kind for part in chosen]


@pytest.mark.parametrize(
    ("match", "asked", "meant"),
    [
        ({}, ask(), True),
        ({"method": "get"}, ask(), True),
        ({"method": ["POST", "PUT"]}, ask(), False),
        ({"path": "/Users"}, ask(), True),
        ({"path": "/Users/"}, ask(), True),
        ({"path": "/Users"}, ask(path="/Users/7"), False),
        ({"path": "/Users/*"}, ask(path="/Users/7"), True),
        ({"path": "/Users/*"}, ask(), False),
        ({"path": "/*"}, ask(path="/Groups/7"), True),
        ({"path": "/"}, ask(path="/"), True),
        ({"path": "/users"}, ask(), False),
        ({"query": 'userName eq "a+b"'}, ask(query="filter=userName+eq+%22a%2Bb%22"), True),
        ({"query": "title"}, ask(query="filter=userName+pr"), False),
        ({"body": "zoë"}, ask("POST", body="zoë".encode()), True),
        ({"body": "ann"}, ask("POST", body=b"bob"), False),
        ({"method": "POST", "body": "ann"}, ask("PUT", body=b"ann"), False),
    ],
)
def test_a_rule_means_the_requests_that_fit_everything_it_says(
    match: dict[str, Any], asked: Ask, *, meant: bool
) -> None:
    assert fits(rule({"kind": "cut", "match": match}).match, asked) is meant


def test_a_request_is_seen_below_the_mount_and_decoded() -> None:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/Users/zo\xc3\xab/", "QUERY_STRING": "count=1"}
    assert Ask.of(environ) == ask(path="/Users/zoë", query="count=1")


def test_a_rule_plays_as_often_as_it_says_after_those_that_pass() -> None:
    used = plan({"kind": "cut", "after": 1, "count": 2})
    assert kinds(used, *[ask()] * 5) == ["", "cut", "cut", "", ""]
    assert used.shown() == [{"kind": "cut", "after": 1, "count": 2, "matched": 5, "played": 2}]
    assert kinds(plan({"kind": "cut", "count": 0}), *[ask()] * 20) == ["cut"] * 20


def test_the_first_rule_that_still_plays_wins_and_all_that_match_count() -> None:
    used = plan({"kind": "cut"}, {"kind": "garbage", "count": 2, "match": {"method": "GET"}}, {"kind": "timeout"})
    assert kinds(used, ask(), ask("POST"), ask(), ask()) == ["cut", "timeout", "garbage", "garbage"]
    assert [(part["matched"], part["played"]) for part in used.shown()] == [(4, 1), (3, 2), (4, 1)]


def test_kinds_play_only_on_requests_they_can_change() -> None:
    by_filter = ask(query="filter=userName+pr")
    assert kinds(plan({"kind": "ignore-filter", "count": 0}), ask(), by_filter, ask("POST")) == [
        "",
        "ignore-filter",
        "",
    ]
    searches = [ask("POST", "/Users/.search", body=body) for body in (b'{"filter":"id pr"}', b"{}")]
    assert kinds(plan({"kind": "ignore-filter", "count": 0}), *searches) == ["ignore-filter", ""]
    page = {"kind": "short-page", "count": 0}
    assert kinds(plan(page), ask(), ask(path="/Users/7"), ask("POST"), searches[0]) == [
        "short-page",
        "",
        "",
        "short-page",
    ]


def test_without_a_connection_faults_of_the_wire_neither_play_nor_count() -> None:
    used = plan({"kind": "cut"}, {"kind": "garbage"})
    part = used.choose(ask(), on_wire=False)
    assert part is not None
    assert part.rule.kind == "garbage"
    assert [each["matched"] for each in used.shown()] == [0, 1]


def test_a_fault_that_changed_nothing_is_given_back() -> None:
    used = plan({"kind": "short-page"})
    part = used.choose(ask(), on_wire=True)
    assert part is not None
    used.give_back(part)
    assert kinds(used, ask(), ask()) == ["short-page", ""]


def test_an_added_rule_comes_last() -> None:
    used = plan({"kind": "cut"})
    used.add(rule({"kind": "garbage"}))
    assert kinds(used, ask(), ask(), ask()) == ["cut", "garbage", ""]


RULES = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["cut", "garbage", "shuffle", "without-id"]),
            "count": st.integers(0, 4),
            "after": st.integers(0, 3),
            "probability": st.floats(0, 1),
            "seed": st.integers(0, 9),
            "match": st.fixed_dictionaries({"method": st.sampled_from(["GET", "POST", ["GET", "PUT"]])}),
        }
    ),
    max_size=5,
)
ASKS = st.lists(st.builds(ask, st.sampled_from(["GET", "POST", "PUT"])), max_size=30)


@settings(deadline=None, database=None)
@given(RULES, ASKS)
def test_the_same_plan_and_requests_give_the_same_run(rules: list[dict[str, Any]], asks: list[Ask]) -> None:
    first, second = plan(*rules), plan(*rules)
    assert kinds(first, *asks) == kinds(second, *asks)
    assert first.shown() == second.shown()
    for part in first.shown():
        assert part["played"] <= max(0, part["matched"] - part["after"])
        assert not part["count"] or part["played"] <= part["count"]


def test_seeds_draw_differently_and_as_often_as_they_should() -> None:
    runs = []
    for seed in (1, 2):
        used = plan({"kind": "cut", "count": 0, "probability": 0.3, "seed": seed})
        runs.append(kinds(used, *[ask()] * 500))
    assert runs[0] != runs[1]
    assert all(100 < run.count("cut") < 200 for run in runs)
