"""The job keeps the target as the model says, after any sequence of changes in the source and with any faults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.entra.model import GAPS
from tests.conformance.entra.story import Operation, Story, mapped, predicted, seen, shown

FAULTS = (429, 500, "time-out", "cut")
SAME = st.integers(0, 7)
VERBS = [
    *("hire", "hire", "set", "set", "clear", "manager", "manager", "none", "disable", "enable", "delete", "restore"),
    *("purge", "assign", "assign", "unassign", "group", "join", "join", "leave", "call"),
]
LASTING = [verb for verb in VERBS if verb not in {"clear", "none", "purge", "call"}]
"""Those that leave no null and take no name away."""
Epochs = Sequence[tuple[list[Operation], list[list[object]], bool]]
"""Changes, the faults of the cycles after them, and whether the job is restarted before those."""


def operations(verbs: Sequence[str], most: int) -> st.SearchStrategy[list[Operation]]:
    """Changes as verbs with numbers, which choose among what is there."""
    return st.lists(st.tuples(st.sampled_from(verbs), SAME, SAME, SAME), max_size=most)


def bounded(examples: int) -> settings:
    """The same examples in each run, so many of them."""
    return settings(max_examples=examples, deadline=None, database=None, derandomize=True)


faults = st.lists(st.none() | st.sampled_from(FAULTS), max_size=14)


def check_epochs(story: Story, epochs: Epochs) -> None:
    """The target is as predicted after each group of changes, however its cycles went."""
    for script, storms, restarted in epochs:
        story.tell(script)
        if restarted:
            story.stage.job.restart()
        for plan in storms:
            story.storm(plan)
        story.settle()
        story.model.cycle(restarted=restarted)
        assert seen(story.stage.target) == predicted(story.model)
        assert story.stage.target.number == story.model.created, "something was created twice"
        assert story.stage.cycle().counts.requests == 0
    story.restart()
    story.model.cycle(restarted=True)
    assert seen(story.stage.target) == predicted(story.model)
    story.stage.job.restart()
    assert story.stage.cycle().counts.writes == 0


def check_mixed(story: Story, then: Sequence[tuple[list[Operation], list[object]]]) -> None:
    """The target equals the source in the end, where changes came while requests failed."""
    story.again = False
    for script, plan in then:
        story.tell(script)
        story.storm(plan)
    story.settle()
    story.restart()
    assert shown(story) == mapped(story.model)
    story.stage.job.restart()
    assert story.stage.cycle().counts.writes == 0


everybody = st.fixed_dictionaries({"everyone": st.booleans()})
ANYHOW: dict[str, Any] = {
    "everyone": st.booleans(),
    "soft": st.booleans(),
    "filtered": st.booleans(),
    "clearing": st.sampled_from(["stays", "stays", "remove"]),
}
epochs: st.SearchStrategy[Epochs] = st.lists(
    st.tuples(operations(VERBS, 9), st.lists(faults, max_size=2), st.booleans()), min_size=1, max_size=4
)
mixed = st.lists(st.tuples(operations(LASTING, 6), faults), min_size=1, max_size=5)
calm: st.SearchStrategy[Epochs] = st.lists(
    st.tuples(operations(VERBS, 9), st.just([]), st.just(False)), min_size=1, max_size=6
)


@bounded(60)
@given(st.fixed_dictionaries(ANYHOW), operations(["hire", "group", "join"], 8), calm)
def test_the_target_is_as_predicted_after_each_cycle(how: dict[str, Any], first: list[Operation], then: Epochs) -> None:
    check_epochs(Story.of(**how), [(first, [], False), *then])


@bounded(50)
@given(st.fixed_dictionaries(ANYHOW), operations(["hire", "group", "join"], 8), epochs)
def test_the_target_is_as_predicted_once_faults_are_lifted(
    how: dict[str, Any], first: list[Operation], then: Epochs
) -> None:
    check_epochs(Story.of(**how), [(first, [], False), *then])


@bounded(40)
@given(everybody, operations(["hire", "group", "join"], 8), mixed)
def test_after_a_restart_without_nulls_the_target_equals_the_mapped_source(
    how: dict[str, Any], first: list[Operation], then: list[tuple[list[Operation], list[object]]]
) -> None:
    check_mixed(Story.of(**how), [(first, []), *then])


@pytest.mark.deep
@settings(max_examples=1500, deadline=None, database=None)
@given(st.fixed_dictionaries(ANYHOW), operations(["hire", "group", "join"], 8), epochs)
def test_the_target_is_as_predicted_at_length(how: dict[str, Any], first: list[Operation], then: Epochs) -> None:
    check_epochs(Story.of(**how), [(first, [], False), *then])


@pytest.mark.deep
@settings(max_examples=1500, deadline=None, database=None)
@given(everybody, operations(["hire", "group", "join"], 8), mixed)
def test_after_a_restart_the_target_equals_the_mapped_source_at_length(
    how: dict[str, Any], first: list[Operation], then: list[tuple[list[Operation], list[object]]]
) -> None:
    check_mixed(Story.of(**how), [(first, []), *then])


ANA, BOB, TEAM, JOIN = ("hire", 0, 0, 0), ("hire", 1, 0, 0), ("group", 1, 0, 0), ("join", 0, 0, 0)

LAW, OPS = ("set", 0, 4, 0), ("set", 0, 4, 2)
"""Out of the scoping filter, and into it."""


@pytest.mark.parametrize(
    ("scripts", "plan"),
    [
        ([[ANA], [("unassign", 0, 0, 0)], [("purge", 0, 0, 0)], [ANA]], []),
        ([[ANA, TEAM, JOIN], [("unassign", 0, 0, 0)], [("unassign", 1, 0, 0)], [("purge", 0, 0, 0), ANA]], []),
        ([[ANA], [("purge", 0, 0, 0), ANA]], []),
        ([[ANA, TEAM], [("disable", 0, 0, 0), JOIN]], [500]),
        ([[ANA, ("manager", 0, 0, 0)], [("none", 0, 0, 0), ("delete", 0, 0, 0)]], [429]),
        ([[ANA, TEAM, JOIN], [LAW], [("purge", 0, 0, 0), ANA, JOIN]], []),
        ([[], [ANA, BOB, ("manager", 0, 1, 0)]], [500]),
        ([[("hire", 0, 0, 6), ("group", 1, 0, 0), JOIN, LAW], [OPS], [BOB, ("join", 0, 1, 0)]], []),
        ([[ANA, TEAM], [("unassign", 0, 0, 0), JOIN]], ["time-out"]),
        ([[ANA, TEAM, JOIN]], [None, "cut", None, None, "cut"]),
    ],
    ids=[
        "rehired",
        "rehired-member",
        "replaced",
        "disable-failed",
        "delete-failed",
        "rejoined",
        "manager-failed",
        "late-member",
        "unassign-failed",
        "answers-lost",
    ],
)
def test_stories_that_could_go_wrong(scripts: list[list[Operation]], plan: list[object]) -> None:
    story = Story.of(filtered=True)
    check_epochs(story, [(script, [plan], False) for script in scripts])
    assert story.model.created > 0


@pytest.mark.parametrize(
    ("gap", "scripts"),
    [
        ("emptied", [[ANA, ("set", 0, 1, 0)], [("clear", 0, 1, 0)]]),
        ("defaults", [[ANA, ("set", 0, 2, 0)], [("clear", 0, 2, 0), ("set", 0, 3, 1)]]),
        ("lost-manager", [[ANA, BOB, ("manager", 0, 1, 0)], [("none", 0, 0, 0)]]),
        ("late-member", [[ANA, TEAM, JOIN, LAW], [OPS]]),
        ("late-manager", [[("hire", 1, 0, 6), ANA, ("manager", 1, 0, 0)], [("assign", 0, 0, 0)]]),
        ("not-replayed", [[ANA, TEAM], [("disable", 0, 0, 0), JOIN], [("enable", 0, 0, 0)]]),
        ("unmanaged", [[ANA], [("unassign", 0, 0, 0)], [("purge", 0, 0, 0)]]),
        ("disabled", [[ANA, ("disable", 0, 0, 0)]]),
        ("stays-member", [[ANA, TEAM, JOIN], [("disable", 0, 0, 0)]]),
    ],
)
def test_every_gap_of_the_model_is_one_of_the_job(gap: str, scripts: list[list[Operation]]) -> None:
    story = Story.of(filtered=True)
    for script in scripts:
        story.tell(script)
        if gap == "lost-manager":
            story.stage.job.restart()
        story.settle()
        story.model.cycle(restarted=gap == "lost-manager")
    found = seen(story.stage.target)
    assert found == predicted(story.model)
    ana = found.get("ana@fabrik.example", {})
    shows = {
        "emptied": ana.get("title") == "one",
        "defaults": ana.get("userType") == "one" and ana.get("locale") == "one",
        "lost-manager": ana.get("manager") == "bob@fabrik.example",
        "late-member": found.get("Team 0") == set(),
        "late-manager": ana.get("manager") is None,
        "not-replayed": ana.get("active") is True and found.get("Team 0") == set(),
        "unmanaged": ana.get("active") is False,
        "disabled": not ana,
        "stays-member": ana.get("active") is False and found.get("Team 0") == {"ana@fabrik.example"},
    }
    assert shows.keys() == GAPS.keys()
    assert shows[gap]
