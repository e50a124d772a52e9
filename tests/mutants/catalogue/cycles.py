"""Defects that show when cycles of a provisioning job follow each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mock_samanage.scim import singular
from mock_samanage.scim.comparison import fold
from mock_samanage.scim.errors import InvalidFilter, Unauthorized
from mock_samanage.scim.filter import And, Filter
from mock_samanage.scim.patch import _Patching
from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.scim.syntax import AttrPath, Compare, Not, Operator
from mock_samanage.store import Record, Session
from mock_samanage.store.querying import Queries
from mock_samanage.tenant import users
from mock_samanage.tenant.accounts import Accounts
from mock_samanage.tenant.authentication import Authenticator, AuthorizationHeaders, Principal
from mock_samanage.tenant.phases import Phase
from mock_samanage.tenant.reading import Reading
from mock_samanage.tenant.resource import Query, ResourcePage
from mock_samanage.tenant.users import Users
from tests.mutants.answers import Json
from tests.mutants.edits import Edit, edits, enterprise
from tests.mutants.mutant import Defect, mutant
from tests.mutants.queries import names

_DISABLED = Compare(AttrPath(None, "active"), Operator.EQ, False)


@mutant(
    clauses=("ENTRA-5.3-01", "ENTRA-5.3-02"),
    trips={
        "dialects.a_disabled_user_stays",
        "listing.one_match_is_still_a_list",
        "matching.a_disabled_user_still_matches",
        "matching.entra_always_gets_a_list",
        "matching.entra_finds_disabled_users",
        "matching.entra_finds_users_by_user_name",
        "matching.entra_finds_users_in_capitals",
        "provisioning.a_deleted_user_is_disabled_then_gone",
        "provisioning.a_disabled_user_stays_and_comes_back",
        "provisioning.a_user_is_disabled_and_enabled_with_the_flag",
        "provisioning.an_unassigned_user_comes_back",
        "provisioning.too_many_deletions_wait",
        "search.a_search_reads_filters_as_a_query_does",
        "users.a_user_is_deactivated_and_activated",
    },
    only="filters on userName",
)
def a_disabled_user_is_not_found_by_name(defect: Defect) -> None:
    """A filter on userName finds no user who is disabled."""

    def query(self: Queries, account: int, types: Any, tree: Filter | None, **options: Any) -> Any:
        named = tree is not None and names(tree) == ["username"]
        return old(self, account, types, And((tree, Not(_DISABLED))) if named and tree else tree, **options)

    old = defect.replace(Queries, "query", query)


@mutant(
    clauses=("ENTRA-6.2-03", "ENTRA-6.2-04"),
    trips={
        "dialects.a_user_is_renamed_without_a_path",
        "matching.a_patched_user_matches_by_the_new_values",
        "patch.a_taken_name_cannot_be_patched_in",
        "patch.paths_may_be_qualified_and_in_any_case",
        "provisioning.a_rename_arrives",
        "provisioning.a_rename_arrives_with_the_flag",
        "schemas.writable_attributes_are_updated_by_put_and_patch",
        "users.a_user_name_can_be_changed",
        "users.a_user_name_is_given_once",
    },
    only="userName in a PATCH",
)
def a_user_name_outlives_a_patch(defect: Defect) -> None:
    """A PATCH of userName is answered 200, and the user keeps the one it has."""

    def apply(kind: Any, document: Mapping[str, Any], *arguments: Any, **options: Any) -> Json:
        found: Json = old(kind, document, *arguments, **options)
        return {**found, "userName": document["userName"]}

    old = defect.replace(users, "apply_patch", apply)


@mutant(
    clauses=("ENTRA-6.3-02",),
    trips={"provisioning.a_user_deleted_behind_its_back_is_made_again"},
    only="the userName of deleted users",
)
def who_is_made_again_is_disabled(defect: Defect) -> None:
    """A user who is made with the userName of one who was deleted is disabled, whatever the body says."""
    gone: set[tuple[int, str]] = set()

    def delete(self: Users, session: Session, record: Record) -> None:
        gone.add((self.account.pk, fold(record.document["userName"])))
        old_delete(self, session, record)

    def create(self: Users, session: Session, document: Json) -> Record:
        again = (self.account.pk, fold(document["userName"])) in gone
        found: Record = old_create(self, session, {**document, "active": False} if again else document)
        return found

    old_delete = defect.replace(Users, "delete", delete)
    old_create = defect.replace(Users, "create", create)


@mutant(
    clauses=("ENTRA-6.1-08",),
    trips={"provisioning.an_attribute_that_is_not_filterable_makes_nobody"},
    only="externalId",
)
def an_external_id_outside_the_set_finds_nobody(defect: Defect) -> None:
    """A filter on externalId finds nobody where it is not filterable, instead of being refused."""

    def query(self: Reading, kinds: Sequence[str], asked: Query) -> ResourcePage:
        try:
            found: ResourcePage = old(self, kinds, asked)
        except InvalidFilter:
            if asked.filter is None or names(asked.filter) != ["externalid"]:
                raise
            return ResourcePage(0, 1, ())
        return found

    old = defect.replace(Reading, "query", query)


@mutant(
    clauses=("ENTRA-6.5-05",),
    trips={
        "auth_migration.the_move_to_tokens_counts_at_once",
        "provisioning.a_job_with_a_token_notices_no_migration",
    },
    only="tokens of the transition",
)
def a_token_of_the_transition_ends_with_it(defect: Defect) -> None:
    """When passwords are switched off, tokens that were used until then stop working, too."""
    used: dict[AuthorizationHeaders, str] = {}
    ended: set[AuthorizationHeaders] = set()

    def set_phase(self: Accounts, name: str, phase: str) -> Any:
        view = old_phase(self, name, phase)
        if view.phase is Phase.TOKEN:
            ended.update(headers for headers, account in used.items() if account == name)
        return view

    def authenticate(self: Authenticator, headers: AuthorizationHeaders) -> Principal:
        principal: Principal = old(self, headers)
        if headers in ended:
            raise Unauthorized("The credential is not valid.")
        used[headers] = principal.account.name
        return principal

    old_phase = defect.replace(Accounts, "set_phase", set_phase)
    old = defect.replace(Authenticator, "authenticate", authenticate)


@mutant(
    clauses=("ENTRA-6.1-03", "ENTRA-6.2-05"),
    trips={
        "dialects.a_manager_is_a_list_with_a_reference",
        "patch.paths_may_be_qualified_and_in_any_case",
        "provisioning.a_first_cycle_makes_every_user",
        "provisioning.a_first_cycle_with_the_flag_is_complete",
        "provisioning.a_storm_of_429_is_weathered",
        "provisioning.a_storm_of_500_is_weathered",
        "schemas.writable_attributes_are_updated_by_put_and_patch",
    },
    only="the manager in a PATCH",
)
def a_manager_takes_the_place_of_the_department(defect: Defect) -> None:
    """A PATCH that sets a manager leaves nothing else in the extension."""

    def store(self: _Patching, target: Any, value: object) -> None:
        old(self, target, value)
        if target.attribute.name == "manager" and value:
            self.document[ENTERPRISE_URN] = {"manager": enterprise(self.document)["manager"]}

    old = defect.replace(_Patching, "_store", store)


@mutant(
    clauses=("ENTRA-6.2-06",),
    trips={
        "dialects.a_manager_is_cleared",
        "provisioning.managers_follow",
        "users.a_manager_is_unassigned",
    },
    only="the manager in a PATCH",
)
def a_manager_cannot_be_taken_away(defect: Defect) -> None:
    """A PATCH that takes the manager away is answered 200, and the user keeps the manager."""

    def edit(edit: Edit, sound: Any) -> Any:
        found = sound(edit)
        return edit.before if edit.name == "manager" and not found else found

    edits(defect, singular, edit)
