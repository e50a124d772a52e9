"""Roles, quiet, leaving, the tenant's state, exit status, unusual answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.connector.model import Aim, Evidence, Exit, Person, State
from conformance.rfc_schema import CORE_USER, ENTERPRISE_USER
from tests.conformance.connector.builders import (
    ADMIN,
    ANN,
    BEN,
    OPS,
    ask,
    cases,
    evidence,
    op,
    page,
    patch,
    post,
    post_group,
    run,
    sent,
    simply,
    state,
    stored,
    stored_group,
)

AGENT = replace(ANN, role="Service Agent User")
GUEST = {"id": "50", "userName": "guest@x.test", "title": "Guest", "active": True}
DOUBLE = '"{\\"displayName\\":\\"Requester\\"}"'
LOST: dict[str, Any] = {ENTERPRISE_USER: {"manager": {"value": "2"}}}
REPORTS = replace(ANN, manager="2")
MANAGED: dict[str, Any] = {ENTERPRISE_USER: {"manager": {"value": "9"}}}
OFF = op("replace", "active", False)
GONE = sent("DELETE", "/Users/7", status=204)


def left(after: State, *, people: tuple[Person, ...] = (ANN,), before: State | None = None, **more: Any) -> Evidence:
    """One step whose tenant is like this afterwards."""
    return evidence(run(before=before, after=after, people=people, **more))


def role(value: Any, path: str = "roles") -> Evidence:
    """A creation, or a PATCH at another path, with this role."""
    return simply(post(body={"roles": value}) if path == "roles" else patch(op("replace", path, value)))


def leaving(after: State, team: bool = False) -> Evidence:  # noqa: FBT001, FBT002
    """Ann and the group were there and are in the source no more."""
    first = run(people=[ANN, BEN], teams=[OPS] if team else [], after=state(stored(), stored(BEN, "9")))
    return evidence(first, run(people=[BEN], before=state(stored(), stored(BEN, "9"), stored_group()), after=after))


def answered(answer: Any, fault: str, status: int = 0, **step: Any) -> Evidence:
    """A step with such an answer, and how it ended."""
    return simply(ask("ann@x.test", answer=answer, fault=fault), status=status, people=[ANN], **step)


SHOUTED = page({"ID": "7", "USERNAME": "ann@x.test"})
TURNED = page({"id": "7", "schemas": [ENTERPRISE_USER, CORE_USER]})

CASES = cases(
    {
        ("roles.sends_roles_in_the_documented_form", "CON-ROLE-01"): (
            [
                role({"displayName": "Requester"}),
                role('{"displayName":"Requester"}'),
                role([{"displayName": "Requester"}]),
                role([{"value": "Requester", "primary": True}]),
                role([{"value": '{"id":"1","value":"Requester","displayName":"Requester"}'}]),
                role("Requester", 'roles[primary eq "True"].value'),
            ],
            [
                role("Requester"),
                role([{"value": "Requester"}, {"value": "Administrator"}]),
                role({"name": "Requester"}),
                role(5),
                role(["Requester"]),
                role(DOUBLE),
            ],
        ),
        ("roles.sends_roles_in_the_documented_form", "CON-ROLE-02"): (
            [role('{"displayName":"Requester"}'), role([{"value": "Requester"}])],
            [role(DOUBLE), role([{"value": DOUBLE}]), role({"displayName": DOUBLE})],
        ),
        ("roles.sends_no_role_that_is_held", "CON-ROLE-03"): (
            [simply(patch(op("replace", "roles", [{"value": "Administrator"}])), before=state(stored()))],
            [
                simply(patch(op("replace", "roles", [{"value": "Requester"}])), before=state(stored())),
                simply(
                    patch(op("add", None, {"title": "x", "roles": {"displayName": "Requester"}})),
                    before=state(stored()),
                ),
            ],
        ),
        ("quiet.writes_nothing_when_nothing_changed", "CON-QUIET-01"): (
            [simply(ask("ann@x.test", stored()), before=state(stored(), stored_group("7")), people=[ANN], teams=[OPS])],
            [
                simply(patch(op("replace", "title", None)), before=state(stored()), people=[ANN]),
                simply(post_group(status=409), before=state(stored(), stored_group("7")), people=[ANN], teams=[OPS]),
                simply(sent("PUT", "/Users/7", {}), before=state(stored()), people=[ANN]),
            ],
        ),
        ("quiet.patches_what_differs", "CON-QUIET-02"): (
            [
                simply(patch(op("replace", "title", "x")), before=state(stored())),
                simply(patch(op("replace", "title", "x")), patch(op("replace", "title", "x")), before=state(stored())),
                simply(
                    patch(op("remove", 'members[value eq "7"]'), kind="Groups", id_="8"),
                    before=state(stored_group("7")),
                ),
                simply(patch(op("add", f"{ENTERPRISE_USER}:manager", "9")), before=state(stored())),
                simply(
                    patch(op("replace", "members", [{"value": "7"}]), kind="Groups", id_="8"),
                    before=state(stored_group("7", "9")),
                ),
            ],
            [
                simply(patch(op("replace", "active", True)), before=state(stored())),
                simply(patch(op("replace", 'emails[type eq "work"].value', "ann@x.test")), before=state(stored())),
                simply(patch(op("add", None, {"name": {"givenName": "Ann"}})), before=state(stored())),
                simply(patch(op("add", "emails", [{"type": "work", "value": "ann@x.test"}])), before=state(stored())),
                simply(
                    patch(op("add", "members", [{"value": "7", "$ref": None}]), kind="Groups", id_="8"),
                    before=state(stored_group("7")),
                ),
                simply(
                    patch(op("remove", "members", [{"value": "9"}]), kind="Groups", id_="8"),
                    before=state(stored_group("7")),
                ),
                simply(patch(op("remove", "title")), before=state(stored())),
                simply(
                    patch(op("replace", f"{ENTERPRISE_USER}:manager", {"value": "9"})), before=state(stored(**MANAGED))
                ),
                simply(patch(op("replace", "roles", [{"displayName": "Requester"}])), before=state(stored())),
            ],
        ),
        ("quiet.sends_no_password", "CON-QUIET-03"): (
            [simply(post())],
            [
                simply(post(body={"password": "[redacted]"})),
                simply(patch(op("replace", "password", "[redacted]"))),
                simply(patch(op("replace", None, {"password": "[redacted]"}))),
            ],
        ),
        ("quiet.leaves_out_what_is_empty", "CON-QUIET-04"): (
            [
                simply(post(), post_group(body={"members": []})),
                simply(patch(op("replace", "title", "")), before=state(stored(title="x"))),
                simply(patch(op("add", "members", [{"value": "7", "$ref": None}]), kind="Groups")),
                simply(post(body={"roles": [{"displayName": "Requester"}]})),
            ],
            [
                simply(post(body={"title": None})),
                simply(post(body={"name": {"givenName": "Ann", "familyName": None}})),
                simply(post(body={ENTERPRISE_USER: {"manager": {"value": ""}}})),
                simply(post(body={"phoneNumbers": []})),
                simply(post(body={"phoneNumbers": [{"type": "work", "value": None}]})),
                simply(patch(op("replace", "title", None)), before=state(stored())),
                simply(sent("PUT", "/Users/7", {"userName": "a", "title": ""}), before=state(stored())),
            ],
        ),
        ("leaving.disables_before_it_deletes", "CON-LEAVE-01"): (
            [
                simply(patch(OFF), GONE, before=state(stored())),
                simply(GONE, before=state(stored(active=False))),
                simply(patch(op("Replace", None, {"active": "False"})), GONE, before=state(stored())),
            ],
            [
                simply(GONE, before=state(stored())),
                simply(patch(OFF, status=503), GONE, before=state(stored())),
                simply(GONE, patch(OFF, status=404), before=state(stored())),
                simply(patch(OFF), patch(op("replace", "active", True)), GONE, before=state(stored())),
            ],
        ),
        ("leaving.leaves_strangers_alone", "CON-LEAVE-02"): (
            [simply(patch(OFF), before=state(stored(), GUEST), people=[ANN])],
            [
                simply(patch(OFF, id_="50"), before=state(stored(), GUEST), people=[ANN]),
                simply(patch(OFF, id_="100"), before=state(stored()), people=[ANN]),
                simply(sent("DELETE", "/Groups/8"), before=state(stored_group()), people=[ANN]),
            ],
        ),
        ("state.people_are_as_the_source_says", "CON-STATE-01"): (
            [
                left(state(stored())),
                left(state(stored(title="kept")), before=state(stored(title="kept"))),
                left(state(stored(displayName="Ann A.")), people=(replace(ANN, display_name=""),)),
                left(state(), people=(replace(ANN, active=False),)),
                left(state(), aim=Aim.BETWEEN),
                left(
                    state(stored(title="old")),
                    people=(replace(ANN, title="new"),),
                    before=state(stored(title="old")),
                    aim=Aim.BETWEEN,
                ),
            ],
            [
                left(state()),
                left(state(stored(title="made up"))),
                left(state(stored(externalId="2"))),
                left(state(stored(emails=[{"type": "home", "value": "ann@x.test"}]))),
                left(state(stored(id_="71"), stored(userName="b", externalId="b")), before=state(stored())),
                left(state(stored()), people=(replace(ANN, department="Ops"),)),
                left(state(), before=state(stored()), aim=Aim.BETWEEN),
                left(
                    state(stored(title="odd")),
                    people=(replace(ANN, title="new"),),
                    before=state(stored(title="old")),
                    aim=Aim.BETWEEN,
                ),
            ],
        ),
        ("state.people_are_active_as_the_source_says", "CON-STATE-02"): (
            [left(state(stored())), left(state(stored(active=False)), people=(replace(ANN, active=False),))],
            [left(state(stored(active=False))), left(state(stored()), people=(replace(ANN, active=False),))],
        ),
        ("state.people_have_the_role_of_the_source", "CON-STATE-03"): (
            [
                left(state(stored(AGENT)), people=(AGENT,)),
                left(state(stored(roles=[{"display": AGENT.role}])), people=(AGENT,)),
            ],
            [
                left(state(stored()), people=(AGENT,)),
                left(state(stored(AGENT), stored(BEN, "9", roles=[{"value": "Administrator"}])), people=(AGENT, BEN)),
            ],
        ),
        ("state.people_have_the_manager_of_the_source", "CON-STATE-04"): (
            [
                left(state(stored(**MANAGED), stored(BEN, "9")), people=(REPORTS, BEN)),
                evidence(
                    run(people=[REPORTS, BEN], after=state(stored(**MANAGED), stored(BEN, "9"))),
                    run(people=[ANN, BEN], before=state(stored(**MANAGED), stored(BEN, "9"))),
                ),
            ],
            [
                left(state(stored(), stored(BEN, "9")), people=(REPORTS, BEN)),
                left(
                    state(stored(**LOST), stored(BEN, "9")),
                    people=(REPORTS, BEN),
                ),
            ],
        ),
        ("state.groups_are_as_the_source_says", "CON-STATE-05"): (
            [left(state(stored(), stored_group("7")), teams=[OPS])],
            [
                left(state(stored()), teams=[OPS]),
                left(state(stored(), stored_group("7", displayName="Old ops")), teams=[OPS]),
                left(state(stored(), stored_group("7", externalId="x")), teams=[OPS]),
            ],
        ),
        ("state.groups_have_the_members_of_the_source", "CON-STATE-06"): (
            [
                left(state(stored(), stored_group("7")), teams=[OPS]),
                left(
                    state(stored(), GUEST, stored_group("7", "50")),
                    before=state(GUEST, stored_group("50")),
                    teams=[OPS],
                ),
                left(state(stored(), stored_group()), teams=[OPS], aim=Aim.BETWEEN),
            ],
            [
                left(state(stored(), stored_group()), teams=[OPS]),
                left(state(stored(), stored(BEN, "9"), stored_group("7", "9")), people=(ANN, BEN), teams=[OPS]),
                left(
                    state(stored(), stored_group()),
                    before=state(stored(), stored_group("7")),
                    teams=[OPS],
                    aim=Aim.BETWEEN,
                ),
            ],
        ),
        ("state.those_who_left_are_gone", "CON-STATE-07"): (
            [
                leaving(state(stored(BEN, "9"))),
                leaving(state(stored(active=False), stored(BEN, "9"))),
                leaving(state(stored(BEN, "9")), team=True),
            ],
            [leaving(state(stored(), stored(BEN, "9"))), leaving(state(stored(BEN, "9"), stored_group()), team=True)],
        ),
        ("state.others_are_as_they_were", "CON-STATE-08"): (
            [
                left(state(stored(), GUEST), before=state(GUEST)),
                left(state(stored(title="x")), before=state(stored(title="x")), aim=Aim.UNTOUCHED),
                evidence(
                    run(people=[ANN], after=state(stored())),
                    run(before=state(stored(), stored_group("7", team=OPS)), after=state(stored_group())),
                ),
            ],
            [
                left(state(stored()), before=state(GUEST)),
                left(state(stored(), {**GUEST, "active": False}), before=state(GUEST)),
                left(state(stored()), aim=Aim.UNTOUCHED),
                left(state(stored(title="x")), before=state(stored()), aim=Aim.UNTOUCHED),
                left(State({"100": {**ADMIN, "active": False}}), people=()),
            ],
        ),
        ("state.nobody_is_there_twice", "CON-STATE-09"): (
            [left(state(stored())), left(state(stored(), stored(id_="70")), before=state(stored(), stored(id_="70")))],
            [
                left(state(stored(), stored(id_="70"))),
                left(state(stored(), stored(id_="70", userName="other"))),
                left(state(stored(), stored(id_="70", userName="other", externalId="other"))),
                left(state(stored(), stored_group("7"), stored_group(id_="80")), teams=[OPS]),
            ],
        ),
        ("ending.tells_by_its_status_how_it_went", "CON-EXIT-01"): (
            [simply(ask("a"))],
            [simply(ask("a"), status=1, stderr="no"), simply(status=None)],
        ),
        ("ending.tells_by_its_status_how_it_went", "CON-EXIT-02"): (
            [simply(ask("a"), status=2, exit=Exit.NONZERO)],
            [simply(ask("a"), exit=Exit.NONZERO)],
        ),
        ("ending.claims_success_truly", "CON-EXIT-03"): (
            [left(state(stored()), aim=Aim.BETWEEN, exit=Exit.ANY)],
            [left(state(), aim=Aim.BETWEEN, exit=Exit.ANY)],
        ),
        ("coping.copes_with_more_than_it_sent", "7644-3.1-C01"): (
            [answered(page(), "extra")],
            [answered(page(), "extra", 1)],
        ),
        ("coping.copes_with_any_order_of_members", "7643-2.3.8-C01"): (
            [answered(page(), "shuffle")],
            [answered(page(), "shuffle", 1)],
        ),
        ("coping.copes_with_names_in_any_case", "7643-2.1-C01"): (
            [answered(SHOUTED, "other-shape")],
            [answered(SHOUTED, "other-shape", 1)],
        ),
        ("coping.copes_with_any_order_of_schemas", "7643-3-C01"): (
            [answered(TURNED, "shuffle")],
            [answered(TURNED, "shuffle", 1)],
        ),
    },
    silent={
        ("quiet.writes_nothing_when_nothing_changed", "CON-QUIET-01"): [
            simply(patch(op("replace", "title", "")), before=state(stored(title="x")), people=[ANN]),
            simply(patch(OFF), before=state(stored()), people=[replace(ANN, active=False)]),
            simply(post(fault="status"), before=state(stored()), people=[ANN]),
        ],
        ("roles.sends_no_role_that_is_held", "CON-ROLE-03"): [simply(post(body={"roles": [{"value": "Requester"}]}))],
        ("ending.claims_success_truly", "CON-EXIT-03"): [left(state(), aim=Aim.BETWEEN, exit=Exit.ANY, status=1)],
        ("coping.copes_with_more_than_it_sent", "7644-3.1-C01"): [answered(page(), "extra", 1, exit=Exit.ANY)],
        ("state.people_are_as_the_source_says", "CON-STATE-01"): [
            left(state(), aim=Aim.ANY),
            left(state(), trouble="it was not found"),
        ],
        ("state.people_have_the_role_of_the_source", "CON-STATE-03"): [left(state(stored()))],
    },
)
