"""Every error code of the log, by what makes it (LOGHOW)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.entra.job.model import ResetScope
from conformance.entra.log.model import Status
from conformance.entra.log.problems import kinds
from conformance.entra.mapping.model import AttributeMapping, MappingType
from conformance.entra.wire.model import Answer
from tests.conformance.entra.job.stage import GROUPS, USERS, Stage
from tests.conformance.entra.job.target import answer

BEGIN = "hire ana; assign ana"
Prepare = Callable[[Stage], None]


def _status(status: int) -> Prepare:
    return lambda stage: stage.target.fail(status, "POST", body={"detail": "so it is"})


def _answers(pattern: str, found: Answer) -> Prepare:
    def prepare(stage: Stage) -> None:
        stage.target.faults.append(
            lambda request: found if f"{request.method} {request.path}".startswith(pattern) else None
        )

    return prepare


def _expression(text: str, target: str = "title") -> Prepare:
    mapping = AttributeMapping(target, MappingType.EXPRESSION, text, matching=int(target == "userName"))
    return lambda stage: stage.configure(users=(*[each for each in USERS if each.target != target], mapping))


def _direct(source: str) -> Prepare:
    return lambda stage: stage.configure(users=(*USERS[:3], AttributeMapping("title", source=source)))


def _twins(stage: Stage) -> None:
    for _ in range(2):
        stage.target.add("Users", userName="ana@fabrik.example", displayName="ana")


def _named(stage: Stage) -> None:
    """Matched by another attribute than the one that has no value."""
    matching = AttributeMapping("externalId", source="employeeId", matching=1)
    name = AttributeMapping("userName", source="mailNick")
    stage.configure(users=(matching, name, *USERS[1:]))
    stage.script("set ana employeeId=17")


def _gone(stage: Stage) -> None:
    stage.cycle()
    stage.target.resources["Users"].clear()
    stage.script("set ana displayName=Ana")


def _no_name(stage: Stage) -> None:
    stage.script("set ana userPrincipalName=")


def _same_name(stage: Stage) -> None:
    stage.script("hire bob; assign bob; set bob userPrincipalName=ana@fabrik.example displayName=ana")


def _waits(stage: Stage) -> None:
    stage.script("hire bob; assign bob; manager ana bob")
    stage.target.faults.append(
        lambda request: answer(500) if (request.body or {}).get("userName") == "bob@fabrik.example" else None
    )


WAYS: list[tuple[str, Prepare]] = [
    ("Unauthorized", _status(401)),
    ("InsufficientRights", lambda stage: stage.target.fail(403, "GET")),
    ("NotPermitted", _status(403)),
    ("EntryConflict", _status(409)),
    ("MethodNotAllowed", _status(405)),
    ("UnprocessableEntity", _status(422)),
    ("TooManyRequests", _status(429)),
    ("NotImplemented", _status(501)),
    ("InternalServerError", _status(500)),
    ("InternalServerError", _status(503)),
    ("WebExceptionProtocolError", _status(400)),
    ("WebExceptionProtocolError", _status(302)),
    ("WebExceptionProtocolError", _status(418)),
    ("Timeout", lambda stage: stage.target.silent("POST", timeout=True)),
    ("TargetUnreachable", lambda stage: stage.target.silent("GET")),
    ("InvalidAnchor", _gone),
    ("MissingValues", _named),
    ("ImportSkipped", _no_name),
    ("DuplicateTargetEntries", _twins),
    ("DuplicateTargetEntries", _answers("GET", answer(200, {"totalResults": 2, "Resources": [{"id": "1"}]}))),
    ("DuplicateSourceEntries", _same_name),
    ("InternalError", _expression("Mid([displayName],0,1)")),
    ("InternalError", _expression("Mid([displayName],0,1)", "userName")),
    ("SchemaPropertyCanOnlyAcceptValue", _direct("proxyAddresses")),
    ("ReferenceUnresolved", _waits),
    *[
        ("SystemForCrossDomainIdentityManagementServiceIncompatible", _answers("GET", found))
        for found in (
            answer(404, {"detail": "nobody"}),
            answer(200, "<html>please log in</html>"),
            answer(200, ""),
            answer(200, {"id": "1", "userName": "ana"}),
            answer(200, {"totalResults": 1}),
            answer(200, {"totalResults": 1, "Resources": [{"userName": "ana"}]}),
            answer(200, {"totalResults": 1, "Resources": ["ana"]}),
            answer(200, {"totalResults": "one", "Resources": []}),
        )
    ],
    *[
        ("SystemForCrossDomainIdentityManagementServiceIncompatible", _answers("POST", found))
        for found in (answer(201), answer(201, "made"), answer(201, {"userName": "ana"}), answer(200, {"id": ""}))
    ],
]


@pytest.mark.parametrize(("code", "prepare"), WAYS)
def test_what_makes_an_error_code(code: str, prepare: Prepare) -> None:
    stage = Stage.of(f'{BEGIN}; set ana \'proxyAddresses=["a","b"]\'')
    prepare(stage)
    stage.cycle()
    problems = [event.problem for event in stage.events("ana") if event.problem]
    assert [found.code for found in problems] == [code] * len(problems)
    found = problems[0]
    kind = kinds()[code]
    assert (found.category, found.recommended_action) == (kind.category, kind.do)
    assert found.reason


def test_every_code_arises() -> None:
    groups = {"SystemForCrossDomainIdentityManagementMultipleEntriesInResponse"}
    assert {code for code, _ in WAYS} | groups == {*kinds()}


@pytest.mark.parametrize("request_", ["match", "read"])
def test_members_that_were_excluded_are_more_than_was_asked_for(request_: str) -> None:
    stage = Stage.of(f"{BEGIN}; group Ops; assign Ops; join Ops ana")
    if request_ == "read":
        stage.cycle()
        stage.script("set Ops displayName=Operations")
    group = {"id": "g-1", "displayName": "Ops", "members": [{"value": "u-1"}]}
    whole = answer(200, {"totalResults": 1, "Resources": [group]} if request_ == "match" else group)
    stage.target.faults.append(
        lambda asked: whole if asked.path.startswith("/Groups") and asked.method == "GET" else None
    )
    stage.cycle()
    found = stage.last("Op").problem
    assert found is not None
    assert found.code == "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse"


def test_a_list_in_place_of_a_resource_is_more_than_was_asked_for() -> None:
    stage = Stage.of(BEGIN)
    stage.cycle()
    stage.script("set ana displayName=Ana")
    listed = answer(200, {"totalResults": 1, "Resources": [{"id": "u-1"}]})
    stage.target.faults.append(lambda request: listed if request.path == "/Users/u-1" else None)
    stage.cycle()
    found = stage.last().problem
    assert found is not None
    assert found.code == "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse"


def test_the_text_tells_status_body_retries_and_the_next_attempt() -> None:
    stage = Stage.of(BEGIN)
    stage.target.fail(500, "POST", body={"detail": "the disk is full"})
    stage.cycle()
    event = stage.last()
    assert event.problem is not None
    assert event.problem.reason == (
        'Creating the resource was answered 500 InternalServerError: {"detail": "the disk is full"} '
        "It failed once; it is tried again after 2031-03-04T09:40:00Z."
    )
    assert event.exchanges[-1] == {"method": "POST", "path": "/Users", "status": 500}
    assert (event.steps[-1].status, event.steps[-1].details) == (Status.FAILURE, {"ErrorCode": "InternalServerError"})
    stage.cycle()
    assert stage.last().problem is not None
    assert "It failed 2 times; it is tried again after 2031-03-04T11:00:00Z." in stage.last().problem.reason  # type: ignore[union-attr]


def test_a_long_body_is_cut_and_any_bytes_are_put_up_with() -> None:
    stage = Stage.of(BEGIN)
    found = Answer(500, {}, b"\xff" + b"x" * 10_000)
    stage.target.faults.append(lambda request: found if request.method == "POST" else None)
    stage.cycle()
    assert stage.last().problem is not None
    assert len(stage.last().problem.reason) < 800  # type: ignore[union-attr]


def test_silence_stands_in_the_log_as_an_exchange_without_a_status() -> None:
    stage = Stage.of(BEGIN)
    stage.target.silent("POST")
    stage.cycle()
    assert stage.last().exchanges[-1] == {
        "method": "POST", "path": "/Users", "status": None, "error": "POST /Users: nobody answers",
    }  # fmt: skip


def test_a_create_in_doubt_is_matched_and_not_made_twice() -> None:
    stage = Stage.of(BEGIN)
    stage.target.silent("POST", timeout=True, after=True)
    stage.cycle()
    assert stage.last().problem is not None
    stage.cycle()
    assert len(stage.target.resources["Users"]) == 1
    assert stage.state.link(stage.id("ana")) is not None


def test_two_source_objects_of_different_cycles_for_one_resource() -> None:
    stage = Stage.of(BEGIN)
    stage.cycle()
    stage.script("hire bob; assign bob; set bob userPrincipalName=ana@fabrik.example")
    stage.cycle()
    assert stage.last("bob").problem is not None
    assert stage.last("bob").problem.code == "DuplicateSourceEntries"  # type: ignore[union-attr]
    assert stage.last("bob").target_id == ""
    stage.script("set bob userPrincipalName=bob@fabrik.example")
    stage.cycle()
    assert stage.target.user("bob")
    assert stage.state.escrows() == []


def test_an_invalid_anchor_stays_until_a_restart_breaks_the_links() -> None:
    stage = Stage.of(BEGIN)
    _gone(stage)
    stage.cycle()
    for scopes in ((), (ResetScope.FULL,)):
        stage.job.restart(scopes)
        stage.cycle()
        problem = stage.last().problem
        assert (problem.code if problem else None) == (None if scopes else "InvalidAnchor")
    assert len(stage.target.resources["Users"]) == 1


def test_groups_name_their_own_problems() -> None:
    stage = Stage.of("group Ops; assign Ops", groups=GROUPS)
    stage.target.fail(409, "POST /Groups")
    stage.cycle()
    assert [event.problem.code for event in stage.events() if event.problem] == ["EntryConflict"]


def test_members_that_cannot_be_added_fail_the_reference_only() -> None:
    stage = Stage.of(f"{BEGIN}; group Ops; assign Ops; join Ops ana")
    stage.target.fail(404, "PATCH /Groups")
    result = stage.cycle()
    found = stage.last("Ops")
    assert found.problem is not None
    assert found.problem.code == "InvalidAnchor"
    assert (result.counts.failed, result.counts.reference_failed, result.state) == (0, 1, "EntryLevelErrors")
