"""Defects of the authorization migration: what each phase accepts, announces and keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mock_samanage.scim.errors import NotFound, Unauthorized
from mock_samanage.scim.syntax import And, AttrPath, Compare, Not, Operator
from mock_samanage.tenant import accounts, authentication, credentials
from mock_samanage.tenant.accounts import Accounts
from mock_samanage.tenant.authentication import Authenticator, AuthorizationHeaders, Principal
from mock_samanage.tenant.cursors import reader_of
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.phases import RULES, Kind, Phase, PhaseRule
from mock_samanage.tenant.resource import Query
from mock_samanage.tenant.tenant import Tenant
from tests.mutants.mutant import Defect, mutant


@mutant(
    clauses=("SAM-AUTH-06", "SAM-AUTH-47"),
    trips={"auth_migration.the_move_to_tokens_counts_at_once"},
    only="passwords that were used before",
)
def a_known_password_outlives_the_migration(defect: Defect) -> None:
    """A password that was right before goes on working in phase token, because it is remembered."""
    known: dict[AuthorizationHeaders, Principal] = {}

    def authenticate(self: Authenticator, headers: AuthorizationHeaders) -> Principal:
        try:
            principal: Principal = old(self, headers)
        except Unauthorized:
            seen = known.get(headers)
            with self._store.reading() as session:
                account = session.account(seen.account.name) if seen else None
            if seen and seen.credential_kind is Kind.BASIC and account and account.settings["phase"] == Phase.TOKEN:
                return seen
            raise
        known[headers] = principal
        return principal

    old = defect.replace(Authenticator, "authenticate", authenticate)


@mutant(clauses=("SAM-AUTH-48",), trips={"auth_migration.phases_only_move_forward"}, only="from token to transition")
def a_migration_can_be_taken_back(defect: Defect) -> None:
    """An account in phase token can go back to transition."""

    def forward(present: Phase, wanted: Phase) -> Phase:
        back = (present, wanted) == (Phase.TOKEN, Phase.TRANSITION)
        return wanted if back else old(present, wanted)

    old = defect.replace(accounts, "forward", forward)


@mutant(
    clauses=("SAM-AUTH-09", "7644-2-03"),
    trips={
        "auth_migration.both_schemes_are_offered_in_transition",
        "auth_migration.wrong_pairs_are_refused_alike",
        "authentication.a_refusal_challenges_with_every_scheme",
    },
    only="the second challenge",
)
def the_transition_asks_for_tokens_only(defect: Defect) -> None:
    """A 401 in phase transition has a challenge for tokens and none for passwords."""

    def challenges(phase: Phase, *, bearer_sent: bool) -> Any:
        found = old(phase, bearer_sent=bearer_sent)
        return found[:1] if phase is Phase.TRANSITION else found

    old = defect.replace(authentication, "challenges", challenges)


def _when_moved(defect: Defect, then: Any) -> None:
    """Does something to the account, in a transaction of its own, after each change of its phase."""

    def set_phase(self: Accounts, name: str, phase: str) -> Any:
        before = self.get(name).phase
        view = old(self, name, phase)
        if view.phase is not before:
            with self._store.writing() as session:
                then(session, view)
        return self.get(name)

    old = defect.replace(Accounts, "set_phase", set_phase)


@mutant(clauses=("SAM-AUTH-50",), trips={"auth_migration.a_phase_change_touches_no_resource"}, only="members of groups")
def a_migration_empties_the_groups(defect: Defect) -> None:
    """A change of phase leaves every group without members."""

    def empty(session: Any, view: Any) -> None:
        page = session.query(view.pk, [view.registry.group], None, sort=None, descending=False, start=1, count=1000)
        for group in page.records:
            session.remove_members(group, None)

    _when_moved(defect, empty)


class _ByPassword(Directory):
    """The directory of whoever signed in with a password: a list is not the same."""

    def query(self, type_names: Any, query: Query) -> Any:
        return super().query(type_names, self.seen(query) if tuple(type_names) == ("User",) else query)

    def seen(self, query: Query) -> Query:
        return query


def _by_password(defect: Defect, kind: type[_ByPassword]) -> None:
    def directory(self: Tenant, principal: Principal) -> Directory:
        found: Directory = old(self, principal)
        if principal.credential_kind is not Kind.BASIC:
            return found
        return kind(
            self.store,
            principal.account,
            self._ids,
            found._now,
            cursors=self._cursors,
            reader=reader_of(principal.owner),
        )

    old = defect.replace(Tenant, "directory", directory)


@mutant(
    clauses=("SAM-AUTH-49",),
    trips={
        "auth_migration.a_credential_opens_its_own_account_only",
        "auth_migration.a_phase_change_touches_no_resource",
        "auth_migration.a_walk_survives_a_phase_change",
        "auth_migration.both_credentials_see_the_same",
        "auth_migration.the_administrator_is_a_user",
    },
    only="lists read with a password",
)
def a_password_does_not_see_the_administrators(defect: Defect) -> None:
    """Lists that are read with a password leave out the administrators."""
    administrator = Compare(AttrPath(None, "roles", "value"), Operator.EQ, "Administrator")

    class Others(_ByPassword):
        def seen(self, query: Query) -> Query:
            others = Not(administrator)
            return replace(query, filter=others if query.filter is None else And((query.filter, others)))

    _by_password(defect, Others)


@mutant(clauses=("SAM-AUTH-44",), trips={"auth_migration.a_credential_opens_its_own_account_only"}, only="GET by id")
def an_id_is_found_in_any_account(defect: Defect) -> None:
    """A GET by id finds the users of every account."""

    def directory(self: Tenant, principal: Principal) -> Directory:
        found: Directory = old(self, principal)

        class Anywhere(Directory):
            def get(self, type_name: str, resource_id: str, **options: Any) -> Any:
                for each in others:
                    try:
                        return each.get(type_name, resource_id, **options)
                    except NotFound:
                        continue
                return super().get(type_name, resource_id, **options)

        others = [self.directory_of(account) for account in self.accounts.list()]
        return Anywhere(
            self.store,
            principal.account,
            self._ids,
            found._now,
            cursors=self._cursors,
            reader=reader_of(principal.owner),
        )

    old = defect.replace(Tenant, "directory", directory)


@mutant(clauses=("SAM-AUTH-03",), trips={"auth_migration.no_token_is_made_before_migration"}, only="phase basic")
def a_token_can_be_made_before_the_migration(defect: Defect) -> None:
    """A token can be made in phase basic, though it does not work there."""
    defect.replace(credentials, "RULES", {**RULES, Phase.BASIC: PhaseRule((Kind.BASIC, Kind.TOKEN))})


@mutant(
    clauses=("SAM-AUTH-06", "SAM-AUTH-47"),
    trips={
        "auth_migration.a_password_opens_nothing_after_migration",
        "auth_migration.bearer_alone_is_offered_after_migration",
        "auth_migration.nothing_changes_without_a_valid_credential",
        "auth_migration.phases_only_move_forward",
        "auth_migration.the_move_to_tokens_counts_at_once",
    },
    only="phase token",
)
def passwords_work_after_the_migration(defect: Defect) -> None:
    """Passwords are accepted in phase token too, though nothing announces it."""
    accepted = {**RULES, Phase.TOKEN: PhaseRule((Kind.TOKEN, Kind.BASIC))}
    defect.replace(authentication, "RULES", accepted)


@mutant(
    clauses=("SAM-AUTH-04", "SAM-AUTH-46"),
    trips={
        "auth_migration.a_password_opens_in_transition",
        "auth_migration.a_reset_password_dies_at_once",
        "auth_migration.a_reset_token_dies_at_once",
        "auth_migration.a_stored_password_survives_the_beginning",
        "auth_migration.an_expired_password_opens_nothing",
        "auth_migration.phases_only_move_forward",
        "auth_migration.the_move_to_tokens_counts_at_once",
        "auth_migration.writers_survive_a_phase_change",
    },
    only="phase transition",
)
def passwords_end_in_the_transition(defect: Defect) -> None:
    """Passwords are refused in phase transition already, though it announces them."""
    defect.replace(authentication, "RULES", {**RULES, Phase.TRANSITION: PhaseRule((Kind.TOKEN,))})


def _also_refused(defect: Defect, refuses: Any) -> None:
    """Refuses some of the credentials that are accepted."""

    def authenticate(self: Authenticator, headers: AuthorizationHeaders) -> Principal:
        principal: Principal = old(self, headers)
        if refuses(self, principal, headers):
            self._refuse(principal.account, "The credential is not valid.", bearer=True)
        return principal

    old = defect.replace(Authenticator, "authenticate", authenticate)


@mutant(
    clauses=("SAM-AUTH-05", "SAM-AUTH-31"),
    trips={
        "auth_migration.a_field_of_samanage_carries_the_token",
        "auth_migration.a_reset_token_dies_at_once",
        "auth_migration.a_token_opens_in_transition",
        "auth_migration.an_expired_password_opens_nothing",
        "auth_migration.an_expired_token_opens_nothing",
        "auth_migration.phases_only_move_forward",
        "auth_migration.the_move_to_tokens_counts_at_once",
        "auth_migration.the_same_token_twice_counts_as_one",
        "auth_migration.tokens_do_not_expire",
        "authentication.two_subjects_have_different_rights",
    },
    only="accounts other than the first",
)
def later_accounts_have_no_tokens_in_transition(defect: Defect) -> None:
    """In phase transition only the first account of the server accepts its token."""

    def refuses(judge: Authenticator, principal: Principal, _headers: AuthorizationHeaders) -> bool:
        with judge._store.reading() as session:
            first = session.default_account()
        later = first is not None and principal.account.pk != first.pk
        return later and principal.account.phase is Phase.TRANSITION and principal.credential_kind is Kind.TOKEN

    _also_refused(defect, refuses)


@mutant(
    clauses=("SAM-AUTH-07", "SAM-AUTH-45"),
    trips={
        "auth_migration.a_reset_token_dies_at_once",
        "auth_migration.a_token_opens_after_migration",
        "auth_migration.an_expired_token_opens_nothing",
        "auth_migration.authorization_carries_the_token",
        "auth_migration.phases_only_move_forward",
        "auth_migration.the_configuration_offers_bearer_after_migration",
        "auth_migration.the_move_to_tokens_counts_at_once",
        "auth_migration.tokens_do_not_expire",
    },
    only="phase token",
)
def a_migrated_account_wants_the_header_of_samanage(defect: Defect) -> None:
    """In phase token a token counts in X-Samanage-Authorization only."""

    def refuses(_judge: Authenticator, principal: Principal, headers: AuthorizationHeaders) -> bool:
        return principal.account.phase is Phase.TOKEN and headers.samanage is None

    _also_refused(defect, refuses)


@mutant(
    clauses=("SAM-AUTH-12",),
    trips={"auth_migration.the_configuration_offers_both_in_transition"},
    only="phase transition",
)
def the_transition_lists_tokens_only(defect: Defect) -> None:
    """The configuration of an account in phase transition does not list httpbasic."""

    def schemes(self: Tenant, account: Any = None) -> tuple[str, ...]:
        found: tuple[str, ...] = old(self, account)
        return found[:1]

    old = defect.replace(Tenant, "schemes", schemes)


@mutant(
    clauses=("SAM-AUTH-08", "SAM-AUTH-10"),
    trips={
        "auth_migration.basic_alone_is_offered_before_migration",
        "auth_migration.bearer_alone_is_offered_after_migration",
    },
    only="phases basic and token",
)
def challenges_do_not_know_the_phase(defect: Defect) -> None:
    """A 401 has the challenges of phase transition in every phase."""

    def challenges(_phase: Phase, *, bearer_sent: bool) -> Any:
        return old(Phase.TRANSITION, bearer_sent=bearer_sent)

    old = defect.replace(authentication, "challenges", challenges)


@mutant(
    clauses=("SAM-AUTH-11", "SAM-AUTH-13"),
    trips={
        "auth_migration.the_configuration_offers_basic_before_migration",
        "auth_migration.the_configuration_offers_bearer_after_migration",
    },
    only="phases basic and token",
)
def the_configuration_does_not_know_the_phase(defect: Defect) -> None:
    """The configuration lists the schemes of phase transition in every phase."""
    defect.replace(Tenant, "schemes", lambda _self, _account=None: RULES[Phase.TRANSITION].schemes)
