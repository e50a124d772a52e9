"""Events in Graph's shape, as stored, and as tables (GRAPH, LOGS, LOGHOW)."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from rich.console import Console

from conformance.entra.directory.model import Kind
from conformance.entra.errors import ProvisioningError
from conformance.entra.log.model import Action, Event, ModifiedProperty, Status, Step, StepType
from conformance.entra.log.problems import problem
from conformance.entra.log.stored import event_from_json, event_to_json, event_to_text
from conformance.entra.log.summary import Names, summary
from conformance.entra.log.tables import table, told, write_csv

NAMES = Names("Fabrik Planner")
CREATED = Event(
    id="e-1",
    at=datetime(2031, 3, 4, 9, 12, 33, tzinfo=UTC),
    cycle="b1",
    change="c9",
    kind=Kind.USER,
    action=Action.CREATE,
    status=Status.SUCCESS,
    source_id="33",
    source_name="Mara [Lopez]",
    target_id="u-7731",
    target_name="Mara Lopez",
    duration_ms=812,
    steps=(
        Step("EntryImportAdd", StepType.IMPORT, Status.SUCCESS, "User Mara was read."),
        Step("EntryExportAdd", StepType.EXPORT, Status.SUCCESS, "Made.", {"ReportableIdentifier": "m@fabrik.example"}),
    ),
    modified=(ModifiedProperty("userName", None, "m@fabrik.example"), ModifiedProperty("title", "A", "B")),
    exchanges=({"method": "POST", "path": "/Users", "status": 201},),
)
FAILED = replace(
    CREATED,
    id="e-2",
    change="c10",
    kind=Kind.GROUP,
    status=Status.FAILURE,
    modified=(),
    problem=problem("EntryConflict", "Creating the resource was answered 409."),
)
SKIPPED = replace(
    CREATED, id="e-3", change="c11", action=Action.OTHER, status=Status.SKIPPED, modified=(), skip_reason="OutOfScope"
)


def test_the_shape_of_a_provisioning_object_summary() -> None:
    found = summary(CREATED, NAMES)
    assert list(found) == [
        "id",
        "activityDateTime",
        "tenantId",
        "jobId",
        "cycleId",
        "changeId",
        "provisioningAction",
        "durationInMilliseconds",
        "initiatedBy",
        "servicePrincipal",
        "sourceSystem",
        "targetSystem",
        "sourceIdentity",
        "targetIdentity",
        "provisioningStatusInfo",
        "provisioningSteps",
        "modifiedProperties",
    ]
    assert found["activityDateTime"] == "2031-03-04T09:12:33Z"
    assert (found["cycleId"], found["changeId"], found["provisioningAction"]) == ("b1", "c9", "create")
    assert found["durationInMilliseconds"] == 812
    assert found["initiatedBy"] == {
        "id": "",
        "displayName": "Azure AD Provisioning Service",
        "initiatorType": "system",
    }
    assert found["sourceSystem"] == {
        "id": NAMES.guid("source"),
        "displayName": "Azure Active Directory",
        "details": {},
    }
    assert found["targetSystem"]["details"]["ServicePrincipalId"] == found["servicePrincipal"]["id"]
    assert found["sourceIdentity"] == {"id": "33", "displayName": "Mara [Lopez]", "identityType": "User", "details": {}}
    assert found["targetIdentity"] == {
        "id": "u-7731",
        "displayName": "Mara Lopez",
        "identityType": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        "details": {},
    }
    assert found["provisioningStatusInfo"] == {"status": "success", "errorInformation": None}
    assert found["provisioningSteps"][1] == {
        "name": "EntryExportAdd",
        "provisioningStepType": "export",
        "status": "success",
        "description": "Made.",
        "details": {"ReportableIdentifier": "m@fabrik.example"},
    }
    assert found["modifiedProperties"] == [
        {"displayName": "userName", "oldValue": None, "newValue": "m@fabrik.example"},
        {"displayName": "title", "oldValue": "A", "newValue": "B"},
    ]


def test_an_error_is_told_with_code_reason_category_and_what_to_do() -> None:
    found = summary(FAILED, NAMES)
    assert found["provisioningStatusInfo"] == {
        "status": "failure",
        "errorInformation": {
            "errorCode": "EntryConflict",
            "reason": "Creating the resource was answered 409.",
            "additionalDetails": "A value that is unique in the target is taken.",
            "errorCategory": "nonServiceFailure",
            "recommendedAction": (
                "Change the value, or choose matching attributes that find the resource that has it."
            ),
        },
    }
    assert found["targetIdentity"]["identityType"] == "urn:ietf:params:scim:schemas:core:2.0:Group"


def test_moments_are_told_in_utc() -> None:
    elsewhere = replace(CREATED, at=CREATED.at.astimezone(timezone(timedelta(hours=-5))))
    assert summary(elsewhere, NAMES)["activityDateTime"] == "2031-03-04T09:12:33Z"


def test_ids_of_an_application_are_its_own_and_always_the_same() -> None:
    assert Names("A").job == Names("A").job != Names("B").job
    assert re.fullmatch(r"scim\.[0-9a-f]{32}\.[0-9a-f-]{36}", Names("A").job)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("status", Status)
def test_every_action_and_status_has_graphs_word(action: Action, status: Status) -> None:
    found = summary(replace(CREATED, action=action, status=status), NAMES)
    assert found["provisioningAction"] in {"create", "update", "delete", "stageddelete", "disable", "other"}
    assert found["provisioningStatusInfo"]["status"] in {"success", "warning", "failure", "skipped"}


@pytest.mark.parametrize("event", [CREATED, FAILED, SKIPPED])
def test_an_event_is_stored_whole(event: Event) -> None:
    assert event_from_json(event_to_json(event)) == event
    assert event_from_json(json.loads(event_to_text(event))) == event


def test_three_tables_are_joined_by_the_id_of_the_change(tmp_path: Path) -> None:
    paths = write_csv(tmp_path / "log", [CREATED, FAILED, SKIPPED])
    assert [path.name for path in paths] == ["logs.csv", "steps.csv", "modified_properties.csv"]
    texts = (path.read_text(encoding="utf-8").splitlines() for path in paths)
    logs, steps, modified = (list(csv.DictReader(text)) for text in texts)
    assert [row["changeId"] for row in logs] == ["c9", "c10", "c11"]
    assert (logs[0]["action"], logs[0]["status"], logs[0]["type"], logs[0]["targetId"]) == (
        "create",
        "success",
        "User",
        "u-7731",
    )
    assert (logs[1]["errorCode"], logs[1]["reason"]) == ("EntryConflict", "Creating the resource was answered 409.")
    assert logs[2]["skipReason"] == "OutOfScope"
    assert [row["name"] for row in steps if row["changeId"] == "c9"] == ["EntryImportAdd", "EntryExportAdd"]
    assert [(row["displayName"], row["oldValue"], row["newValue"]) for row in modified] == [
        ("userName", "", "m@fabrik.example"),
        ("title", "A", "B"),
    ]


def test_tables_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ProvisioningError, match="file cannot be written: File exists"):
        write_csv(tmp_path / "file", [CREATED])


def test_a_line_of_the_terminal_table_tells_what_an_event_comes_to() -> None:
    assert told(CREATED) == "userName, title"
    assert told(FAILED) == "EntryConflict: Creating the resource was answered 409."
    assert told(SKIPPED) == "OutOfScope"


def test_the_terminal_table_shows_names_as_they_are() -> None:
    written = io.StringIO()
    Console(width=160, file=written).print(table([CREATED, FAILED, SKIPPED]))
    shown = written.getvalue()
    assert shown.count("Mara [Lopez]") == 3
    assert all(word in shown for word in ("03-04 09:12", "create", "failure", "u-7731", "OutOfScope"))
