"""What a connector writes: bodies, values, PATCH."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.rfc_schema import CORE_GROUP, CORE_USER, ENTERPRISE_USER
from tests.conformance.connector.builders import (
    ANN,
    BEN,
    OPS,
    PATCH_OP,
    cases,
    evidence,
    new,
    op,
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

BOTH = [CORE_USER, ENTERPRISE_USER]
GONE: dict[str, Any] = {"status": 400, "answer": {"scimType": "noTarget"}}
DER = "MIIBszCCARw="


def put(body: dict[str, Any], id_: str = "7", kind: str = "Users", **more: Any) -> Any:
    return sent("PUT", f"/{kind}/{id_}", body, **more)


def typed(content: str | None, accept: str = "application/scim+json") -> Any:
    return simply(post(headers={"Content-Type": content, "Accept": accept}))


CASES = cases(
    {
        ("writing.names_the_schemas", "7643-2.1-C02"): (
            [simply(post()), simply(post_group())],
            [
                simply(post(body={"schemas": [ENTERPRISE_USER]})),
                simply(sent("POST", "/Users", {"userName": "a"})),
                simply(put({"userName": "a", "schemas": CORE_USER})),
            ],
        ),
        ("writing.names_the_schemas", "7643-3-C02"): (
            [simply(post(body={"schemas": BOTH}))],
            [
                simply(post(body={"schemas": [CORE_USER, CORE_USER]})),
                simply(post(body={"schemas": [CORE_USER, "urn:example:own"]})),
                simply(post_group(body={"schemas": [CORE_GROUP, CORE_USER]})),
            ],
        ),
        ("writing.chooses_no_id", "7643-3.1-C01"): ([simply(post())], [simply(post(body={"id": "1"}))]),
        ("writing.chooses_no_id", "7643-3.1-C02"): (
            [simply(post())],
            [simply(post(body={"externalId": "bulkId:1"}))],
        ),
        ("writing.gives_each_an_external_id", "7643-3.1-C03"): (
            [
                simply(post(), post(BEN)),
                simply(post(), post()),
                evidence(
                    run(post(), people=[ANN]),
                    run(post(replace(ANN, user_name="c")), people=[replace(ANN, user_name="c")]),
                ),
            ],
            [simply(post(), post(replace(BEN, id="1")), people=[ANN, BEN])],
        ),
        ("writing.declares_its_media_type", "7644-8.1-C01"): (
            [
                typed("application/scim+json; charset=utf-8"),
                typed("application/scim+json", "*/*"),
                simply(sent("GET", "/Users", headers={"Accept": None})),
            ],
            [
                typed("application/json"),
                typed(None),
                typed("application/scim+json", "application/json"),
                simply(sent("GET", "/Users", headers={"Accept": "application/json"})),
            ],
        ),
        ("writing.declares_its_media_type", "7644-3.8-C01"): (
            [
                simply(post(replace(ANN, display_name="Jörg"))),
                simply(
                    sent(
                        "POST",
                        "/Users",
                        b"\xef\xbf\xbd",
                        headers={"Content-Type": "application/scim+json; charset=latin-1"},
                    )
                ),
            ],
            [simply(sent("POST", "/Users", b'{"displayName": "J\xef\xbf\xbdrg"}'))],
        ),
        ("writing.sends_required_attributes", "7644-3.5.1-C02"): (
            [simply(put(new(ANN))), simply(put({"displayName": "Ops"}, kind="Groups"))],
            [simply(put({"active": True})), simply(put({"members": []}, kind="Groups"))],
        ),
        ("writing.sends_required_attributes", "7643-4.1.1-C01"): (
            [simply(post()), simply(patch(op("replace", "userName", "b")))],
            [
                simply(post(replace(ANN, user_name=""))),
                simply(sent("POST", "/Users", {"schemas": [CORE_USER]})),
                simply(patch(op("replace", "userName", " "))),
                simply(patch(op("replace", None, {"userName": None}))),
            ],
        ),
        ("writing.replaces_what_is_there", "7644-3.5.1-C03"): (
            [simply(put(new(ANN)), before=state(stored())), simply(post(), put(new(ANN)))],
            [simply(put(new(ANN), "1", status=404)), simply(put(new(ANN), "1"), before=state(stored()))],
        ),
        ("writing.replaces_what_is_there", "7644-3.5.1-C04"): (
            [
                simply(
                    put({"displayName": "Ops", "members": [{"value": "7", "type": "User"}]}, "8", "Groups"),
                    before=state(stored(), stored_group("7")),
                )
            ],
            [
                simply(
                    put({"displayName": "Ops", "members": [{"value": "7", "type": "Group"}]}, "8", "Groups"),
                    before=state(stored(), stored_group("7")),
                )
            ],
        ),
        ("writing.changes_members_through_groups", "7643-4.1.2-C01"): (
            [simply(patch(op("add", "members", [{"value": "7"}]), kind="Groups"))],
            [
                simply(patch(op("add", "groups", [{"value": "8"}]))),
                simply(post(body={"groups": [{"value": "8"}]})),
                simply(patch(op("remove", 'groups[value eq "8"]'))),
            ],
        ),
        ("values.sends_values_of_the_right_type", "7643-2.3.2-C01"): (
            [simply(post()), simply(patch(op("replace", "active", False)))],
            [
                simply(post(body={"active": "true"})),
                simply(patch(op("replace", "active", "False"))),
                simply(patch(op("replace", None, {"active": "False"}))),
                simply(post(body={"emails": ["ann@x.test"]})),
                simply(post(body={"title": 5})),
                simply(patch(op("replace", 'emails[type eq "work"].primary', "true"))),
            ],
        ),
        ("values.uses_the_parts_of_lists", "7643-2.4-C01"): (
            [simply(post())],
            [simply(post(body={"emails": [{"value": "a", "primary": True}, {"value": "b", "primary": True}]}))],
        ),
        ("values.uses_the_parts_of_lists", "7643-2.4-C02"): (
            [simply(post())],
            [
                simply(post(body={"emails": [{"value": "a", "primary": "true"}]})),
                simply(post(body={"phoneNumbers": [{"value": "1", "type": 5}]})),
            ],
        ),
        ("values.keeps_extensions_in_their_object", "7643-3.3-C01"): (
            [
                simply(post(body={ENTERPRISE_USER: {"department": "Ops"}})),
                simply(patch(op("add", None, {ENTERPRISE_USER: {"department": "Ops"}}))),
            ],
            [
                simply(post(body={"department": "Ops"})),
                simply(post(body={f"{ENTERPRISE_USER}:department": "Ops"})),
                simply(patch(op("replace", None, {f"{ENTERPRISE_USER}:manager": {"value": "7"}}))),
            ],
        ),
        ("values.refers_by_uris", "7643-2.3.7-C01"): (
            [simply(patch(op("add", "members", [{"value": "7", "$ref": "../Users/7"}]), kind="Groups"))],
            [
                simply(patch(op("add", "members", [{"value": "7", "$ref": "user 7"}]), kind="Groups")),
                simply(post(body={"profileUrl": "no uri"})),
                simply(post(body={"photos": [{"value": "a b"}]})),
            ],
        ),
        ("values.codes_what_has_a_code", "7643-4.1.2-C02"): (
            [simply(post(body={"addresses": [{"country": "DE"}]}))],
            [simply(post(body={"addresses": [{"country": "Germany"}]}))],
        ),
        ("values.codes_what_has_a_code", "7643-4.1.2-C03"): (
            [simply(post(body={"x509Certificates": [{"value": DER}]}))],
            [simply(post(body={"x509Certificates": [{"value": "-----BEGIN CERTIFICATE-----"}]}))],
        ),
        ("values.sends_what_the_source_holds", "7643-9.3-C01"): (
            [simply(post(body={"title": "x", "roles": [{"value": "Requester"}]}))],
            [simply(post(body={"nickName": "Annie"})), simply(patch(op("add", "locale", "de")))],
        ),
        ("patching.sends_a_patch_message", "7644-3.5.2-C01"): (
            [simply(patch(op("add", "title", "x")))],
            [simply(patch(op("add", "title", "x"), schemas=[])), simply(sent("PATCH", "/Users/7", {"Operations": []}))],
        ),
        ("patching.sends_a_patch_message", "7644-3.5.2-C02"): (
            [simply(patch(op("add", "title", "x")))],
            [simply(patch()), simply(patch(op("set", "title", "x"))), simply(patch({"path": "title"}))],
        ),
        ("patching.sends_a_patch_message", "7644-3.1-C02"): (
            [simply(patch(op("add", "title", "x")))],
            [simply(patch(schemas=["urn:scim:schemas:core:1.0"])), simply(patch(schemas=[]))],
        ),
        ("patching.spells_operations_and_paths", "7644-3.5.2-C03"): (
            [simply(patch(op("add", "title", "x")))],
            [simply(patch(op("Add", "title", "x")))],
        ),
        ("patching.spells_operations_and_paths", "7644-3.5.2-C04"): (
            [simply(patch(op("replace", 'emails[type eq "work"].value', "x"), op("add", "name.givenName", "A")))],
            [
                simply(patch(op("replace", "emails[type=work].value", "x"))),
                simply(patch(op("replace", "/title", "x"))),
                simply(patch(op("remove", 'members[value eq "7"'))),
                simply(patch(op("remove", "emails[]"))),
            ],
        ),
        ("patching.says_what_to_change", "7644-3.5.2.2-C01"): (
            [simply(patch(op("remove", "title")))],
            [simply(patch(op("remove"))), simply(patch(op("remove", None, {"title": "x"})))],
        ),
        ("patching.says_what_to_change", "7644-3.5.2.1-C01"): (
            [simply(patch(op("add", "title", "x")))],
            [simply(patch(op("add", "title"))), simply(patch(op("Add", "title", None)))],
        ),
        ("patching.says_what_to_change", "7644-3.5.2.2-C02"): (
            [simply(patch(op("remove", 'members[value eq "7"]'), kind="Groups"))],
            [simply(patch(op("remove", "members", [{"value": "7"}]), kind="Groups"))],
        ),
        ("patching.gives_complex_values_as_objects", "7644-3.5.2.1-C02"): (
            [
                simply(patch(op("add", f"{ENTERPRISE_USER}:manager", {"value": "7"}))),
                simply(patch(op("add", "members", [{"value": "7"}]), kind="Groups")),
            ],
            [
                simply(patch(op("add", f"{ENTERPRISE_USER}:manager", "7"))),
                simply(patch(op("add", "members", ["7"]), kind="Groups")),
                simply(patch(op("add", None, "x"))),
            ],
        ),
        ("patching.gives_complex_values_as_objects", "7644-3.5.2.3-C02"): (
            [
                simply(patch(op("replace", None, {"title": "x"}))),
                simply(patch(op("replace", "name", {"givenName": "A"}))),
            ],
            [
                simply(patch(op("replace", None, {"name.givenName": "A"}))),
                simply(patch(op("replace", "name", "Ann"))),
                simply(patch(op("replace", None, "x"))),
            ],
        ),
        ("patching.leaves_read_only_attributes", "7644-3.5.2-C05"): (
            [simply(patch(op("replace", "title", "x")))],
            [
                simply(patch(op("replace", "id", "8"))),
                simply(patch(op("replace", None, {"id": "7", "active": False}))),
                simply(patch(op("add", "groups", []))),
                simply(patch(op("replace", f"{ENTERPRISE_USER}:manager.displayName", "x"))),
                simply(patch(op("replace", 'members[value eq "7"].value', "9"), kind="Groups")),
            ],
        ),
        ("patching.reads_the_answer_to_a_patch", "7644-3.5.2-C06"): (
            [simply(patch(op("add", "title", "x"), status=204)), simply(patch(op("add", "title", "x")))],
            [simply(*[patch(op("add", "title", "x"), status=204)] * 2)],
        ),
        ("patching.reads_the_answer_to_a_patch", "7644-3.5.2.3-C01"): (
            [simply(patch(op("replace", 'emails[type eq "work"].value', "x"), **GONE), patch(op("add", "emails", [])))],
            [simply(*[patch(op("replace", 'emails[type eq "work"].value', "x"), **GONE)] * 2)],
        ),
    },
    silent={
        ("writing.replaces_what_is_there", "7644-3.5.1-C03"): [simply(post())],
        ("values.refers_by_uris", "7643-2.3.7-C01"): [
            simply(patch(op("add", "members", [{"value": "7", "$ref": None}]), kind="Groups"))
        ],
        ("patching.sends_a_patch_message", "7644-3.1-C02"): [simply(post(), post_group(OPS))],
        ("patching.sends_a_patch_message", "7644-3.5.2-C01"): [simply(post(body={"schemas": [PATCH_OP]}))],
    },
)
