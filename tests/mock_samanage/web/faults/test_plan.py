"""Fault plans: what they may say, and what is said of those that say something else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mock_samanage.web.faults.kinds import KINDS
from mock_samanage.web.faults.plan import BadPlan, Match, read_plan, read_rules, rule

TOML = """
[[fault]]
kind = "status"
status = 429
retry_after = 1
headers = { X-Limit = "10" }
count = 2
after = 1
probability = 0.5
seed = 7
[fault.match]
method = ["post", "PUT"]
path = "/Users/*"
query = "filter"
body = "ann"

[[fault]]
kind = "cut"
when = "after"
"""


def test_a_file_holds_rules_as_tables(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(TOML)
    first, second = read_plan(tmp_path / "plan.toml")
    assert (first.kind, first.count, first.after, first.probability, first.seed) == ("status", 2, 1, 0.5, 7)
    assert first.match == Match(("POST", "PUT"), "/Users/*", "filter", "ann")
    assert first.options["headers"] == {"X-Limit": "10"}
    assert (second.kind, second.match, second.count, second.options) == ("cut", Match(), 1, {"when": "after"})
    assert (first.wire, second.wire) == (False, True)


def test_a_file_may_be_json_or_empty(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text('{"faults": [{"kind": "garbage"}]}')
    assert [each.kind for each in read_plan(tmp_path / "plan.json")] == ["garbage"]
    for name in ("none.toml", "none.json"):
        (tmp_path / name).touch()
        assert read_plan(tmp_path / name) == ()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.toml", "[[fault]", "cannot read the fault plan"),
        ("a.json", "{", "cannot read the fault plan"),
        ("a.toml", "[[faults]]\nkind = 'cut'", 'one key, "fault", a list of rules; there is no "faults"'),
        ("a.toml", "[fault]\nkind = 'cut'", '"fault" is a list of rules'),
        (
            "a.toml",
            "[[fault]]\nkind = 'cut'\n[[fault]]\nkind = 'cutt'",
            "Fault 2: \"kind\" is not 'cutt'; it is one of",
        ),
    ],
)
def test_a_file_that_is_no_plan_is_named_with_the_reason(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BadPlan) as wrong:
        read_plan(tmp_path / name)
    assert str(tmp_path / name) in wrong.value.text
    assert said in wrong.value.text
    with pytest.raises(BadPlan, match=r"nowhere\.toml: No such file"):
        read_plan(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, 'Fault 1: "kind" is missing; it is one of status, '),
        ({"kind": ["cut"]}, "Fault 1: \"kind\" is not ['cut']"),
        ({"kind": "status"}, 'Fault 1 (status): "status" is missing; it is a status from 200 to 599.'),
        ({"kind": "status", "status": 99}, '"status" is a status from 200 to 599, not 99.'),
        ({"kind": "status", "status": True}, '"status" is a status from 200 to 599, not True.'),
        ({"kind": "status", "status": 503, "retry_after": 1.5}, '"retry_after" is a whole number of seconds'),
        ({"kind": "status", "status": 503, "retry_after": 1, "retry_after_date": 1}, "exclude each other"),
        ({"kind": "status", "status": 503, "headers": {"X": "a\r\nY: b"}}, '"headers" is a table of header fields'),
        ({"kind": "status", "status": 503, "headers": {"Content-Length": "1"}}, "without Content-Length"),
        ({"kind": "status", "status": 503, "after_write": "yes"}, '"after_write" is true or false'),
        ({"kind": "cut", "when": "later"}, 'Fault 1 (cut): "when" is "before" or "after", not \'later\'.'),
        ({"kind": "cut", "when": []}, '"when" is "before" or "after", not [].'),
        ({"kind": "cut", "wenn": "after"}, 'there is no key "wenn"; the keys are kind, match, count'),
        ({"kind": "cut", "status": 500}, 'there is no key "status"'),
        ({"kind": "latency"}, 'Fault 1 (latency): "seconds" is missing'),
        ({"kind": "latency", "seconds": -1}, '"seconds" is a number of seconds from 0 to 86400, not -1.'),
        ({"kind": "latency", "seconds": float("nan")}, "not nan"),
        ({"kind": "content-type", "type": "text/html\r\nX: y"}, '"type" is a media type'),
        ({"kind": "cut", "count": -1}, '"count" is a whole number from 0 (for ever), not -1.'),
        ({"kind": "cut", "after": 0.5}, '"after" is a whole number from 0, not 0.5.'),
        ({"kind": "cut", "probability": 2}, '"probability" is a number from 0 to 1, not 2.'),
        ({"kind": "cut", "seed": "x"}, '"seed" is a whole number'),
        ({"kind": "cut", "match": "/Users"}, '"match" is a table with method, path, query, body'),
        ({"kind": "cut", "match": {"url": "x"}}, 'Fault 1 (cut), match: there is no key "url"'),
        ({"kind": "cut", "match": {"method": ["GET", 5]}}, '"method" is a method or a list of methods'),
        ({"kind": "cut", "match": {"path": "Users"}}, '"path" is a glob over the path below the mount'),
    ],
)
def test_a_wrong_rule_is_named_with_its_key_and_what_would_be_right(given: dict[str, Any], said: str) -> None:
    with pytest.raises(BadPlan) as wrong:
        read_rules({"faults": [given]})
    assert said in wrong.value.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], 'an object with a list "faults", not []'),
        ({"faults": {}}, '"faults" is a list of rules, not {}'),
        ({"faults": ["cut"]}, "Fault 1 is a table"),
    ],
)
def test_what_is_no_plan_is_refused(given: object, said: str) -> None:
    with pytest.raises(BadPlan) as wrong:
        read_rules(given)
    assert said in wrong.value.text


def test_a_kind_needs_no_more_than_its_needed_keys() -> None:
    needed = {"status": 500, "seconds": 0.5}
    for name, kind in KINDS.items():
        given = {key: needed[key] for key, each in kind.keys.items() if each.needed}
        assert rule({"kind": name, **given}).kind == name
