"""Defects of what a service says of itself, of its errors, and of who it lets in."""

from __future__ import annotations

from typing import Any

from mock_samanage.scim.errors import Unauthorized
from mock_samanage.tenant import authentication
from mock_samanage.tenant.authentication import Authenticator, AuthorizationHeaders, Principal
from mock_samanage.tenant.phases import RULES, Kind, Phase, PhaseRule
from mock_samanage.web import resources as handlers
from mock_samanage.web.call import Call
from tests.mutants.answers import Json, asked, changed, declared, resources
from tests.mutants.mutant import Defect, Environ, Reply, mutant

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BROKEN = "500 INTERNAL SERVER ERROR"


@mutant(
    clauses=("7643-5-04",),
    trips={
        "auth_migration.passwords_are_not_changed_over_scim",
        "discovery.password_change_support_is_told",
    },
    only="changePassword",
)
def password_changes_are_not_mentioned(defect: Defect) -> None:
    """The configuration does not say whether passwords can be changed."""
    declared(defect, lambda document: document.pop("changePassword", None))


@mutant(
    clauses=("7643-6-01", "7643-6-02"), trips={"discovery.each_resource_type_is_described"}, only="the type of groups"
)
def a_type_is_described_by_a_list(defect: Defect) -> None:
    """The description of the resource type Group is a list of texts."""

    def change(document: Json) -> None:
        if document.get("endpoint") == "/Groups":
            document["description"] = [document.get("description")]

    declared(defect, change)


@mutant(
    clauses=("7643-7-04",),
    trips={
        "discovery.each_schema_identifies_itself",
        "discovery.every_schema_in_use_is_published",
        "discovery.the_schemas_of_a_type_exist",
    },
    only="the extension by its URN",
)
def an_extension_has_no_address(defect: Defect) -> None:
    """The schema of the enterprise extension is listed, and not found by its URN."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        away = asked(environ, "GET", f"/Schemas/{ENTERPRISE}")
        return Reply("404 NOT FOUND", reply.headers, reply.body) if away else reply

    defect.answers(rewrite)


@mutant(
    clauses=("7643-3.1-32", "7643-3.1-02"),
    trips={
        "discovery.common_attributes_keep_their_characteristics",
        "projection.what_is_always_returned_cannot_be_excluded",
        "representation.ids_are_exact_and_always_shown",
    },
    only="excludedAttributes",
)
def an_id_can_be_left_out(defect: Defect) -> None:
    """A GET with excludedAttributes=id leaves out the id."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        left_out = asked(environ, "GET", "/Users") and "excludedAttributes=id" in environ["QUERY_STRING"]
        if not left_out or reply.code != 200:
            return reply
        return changed(reply, lambda document: [each.pop("id", None) for each in resources(document)])

    defect.answers(rewrite)


@mutant(
    clauses=("7643-2.4-10",),
    trips={
        "discovery.complex_attributes_are_sound",
        "discovery.lists_of_objects_are_declared_complex",
        "schemas.strings_are_json_strings_in_utf_8",
    },
    only="roles",
)
def a_list_of_objects_is_declared_a_text(defect: Defect) -> None:
    """The schema of users says that roles are strings."""

    def change(document: Json) -> None:
        for attribute in document.get("attributes", ()):
            if attribute["name"] == "roles":
                attribute["type"] = "string"

    declared(defect, change)


@mutant(
    clauses=("7644-3.12-41",),
    trips={
        "errors.keyword_and_detail_are_sound",
        "filtering.unknown_operators_are_refused",
        "matching.the_refusal_names_the_attribute",
    },
    only="errors 400",
)
def a_detail_is_a_list(defect: Defect) -> None:
    """The detail of an error 400 is a list of texts."""

    def change(document: Json) -> None:
        document["detail"] = [document["detail"]]

    defect.answers(lambda _environ, reply: changed(reply, change) if reply.code == 400 else reply)


@mutant(
    clauses=("7644-3.12-40",),
    trips={
        "errors.keyword_and_detail_are_sound",
        "patch.a_broken_patch_body_is_refused",
        "patch.what_is_no_patch_message_is_refused",
        "replace.a_bad_replace_is_refused_and_changes_nothing",
        "replace.a_replace_names_its_schemas",
        "representation.the_schemas_of_a_body_are_checked",
        "resources.a_group_is_no_user",
        "resources.broken_json_is_refused",
        "resources.json_that_is_no_object_is_refused",
        "search.a_search_is_tagged",
        "search.a_search_that_is_no_json_is_refused",
        "unicode.what_is_no_unicode_is_refused",
    },
    only="errors 400 without a keyword of their own",
)
def a_syntax_error_has_a_keyword_of_its_own(defect: Defect) -> None:
    """Where the keyword is invalidSyntax, an error says badRequest."""

    def change(document: Json) -> None:
        if document.get("scimType") == "invalidSyntax":
            document["scimType"] = "badRequest"

    defect.answers(lambda _environ, reply: changed(reply, change) if reply.code == 400 else reply)


@mutant(clauses=("7644-3.12-06",), trips={"resources.a_group_is_no_user"}, only="groups below /Users")
def the_body_decides_the_type(defect: Defect) -> None:
    """The body of a group below /Users makes a group."""

    def create(call: Call, type_name: str) -> Any:
        listed = call.body().get("schemas")
        group = isinstance(listed, list) and any(str(each).endswith("core:2.0:Group") for each in listed)
        return old(call, "Group" if group else type_name)

    old = defect.replace(handlers, "create", create)


@mutant(clauses=("7644-3.8-03",), trips={"resources.odd_spellings_of_a_path_are_told"}, only="the suffix .scim")
def a_suffix_breaks_the_read(defect: Defect) -> None:
    """A GET of a user whose path ends with .scim is answered 500."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        odd = environ["PATH_INFO"].endswith(".scim")
        return Reply(BROKEN, reply.headers, reply.body) if odd else reply

    defect.answers(rewrite)


@mutant(
    clauses=("7644-7.4-03",),
    trips={"authentication.no_lasting_cookie_and_no_open_door"},
    only="answers to GET of users",
)
def a_cookie_lasts_a_year(defect: Defect) -> None:
    """A list of users sets a cookie that lasts a year."""

    def rewrite(environ: Environ, reply: Reply) -> Reply:
        if not asked(environ, "GET", "/Users") or reply.code != 200:
            return reply
        return Reply(reply.status, [*reply.headers, ("Set-Cookie", "visitor=1; Max-Age=31536000")], reply.body)

    defect.answers(rewrite)


@mutant(
    clauses=("SAM-AUTH-01",),
    trips={
        "auth_migration.a_password_opens_before_migration",
        "auth_migration.a_reset_password_dies_at_once",
        "auth_migration.a_stored_password_survives_the_beginning",
        "auth_migration.an_expired_password_opens_nothing",
        "auth_migration.the_configuration_offers_basic_before_migration",
        "auth_migration.the_plan_includes_provisioning",
        "authentication.the_right_password_opens",
        "provisioning.a_migration_in_mid_cycle_loses_nobody",
    },
    only="phase basic",
)
def passwords_do_not_work_before_the_migration(defect: Defect) -> None:
    """In phase basic a password is refused, though it is announced."""
    defect.replace(authentication, "RULES", {**RULES, Phase.BASIC: PhaseRule((Kind.TOKEN,))})


@mutant(
    clauses=("ENTRA-1.8-01",),
    trips={
        "auth_migration.one_token_is_enough",
        "dialects.members_are_left_out",
        "groups.a_group_is_read_without_its_members",
        "matching.entra_matches_groups_without_members",
        "projection.members_can_be_left_out",
        "provisioning.a_first_cycle_makes_every_group",
        "provisioning.a_first_cycle_with_the_flag_is_complete",
        "provisioning.a_group_is_provisioned_on_demand",
        "provisioning.a_group_is_renamed",
        "provisioning.a_group_that_left_is_made_again",
        "provisioning.a_member_moves_from_group_to_group",
        "provisioning.a_member_moves_with_the_flag",
        "provisioning.a_migration_in_mid_cycle_loses_nobody",
        "provisioning.a_storm_of_429_is_weathered",
        "provisioning.a_storm_of_500_is_weathered",
        "provisioning.a_user_is_provisioned_on_demand",
        "provisioning.an_expired_token_stops_the_job_until_a_new_one",
    },
    only="groups without their members",
)
def groups_want_the_header_of_samanage(defect: Defect) -> None:
    """A list of groups without members is answered 401 unless X-Samanage-Authorization has the token."""
    asking: list[str] = []

    def divert(environ: Environ) -> None:
        asking[:] = [f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"]

    def authenticate(self: Authenticator, headers: AuthorizationHeaders) -> Principal:
        principal: Principal = old(self, headers)
        if "/Groups?" in asking[0] and "excludedAttributes=members" in asking[0] and headers.samanage is None:
            raise Unauthorized("The token is missing.")
        return principal

    old = defect.replace(Authenticator, "authenticate", authenticate)
    defect.requests(divert)
