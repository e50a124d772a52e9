"""Credentials by account name, as the control API, the hooks and the command line handle them."""

from __future__ import annotations

from dataclasses import dataclass

from mock_samanage.store import Account, Credential, CredentialState, Session, Store
from mock_samanage.tenant import passwords
from mock_samanage.tenant.account import view_of
from mock_samanage.tenant.accounts import find_account
from mock_samanage.tenant.clock import Clock
from mock_samanage.tenant.credentials import Credentials, IssuedCredential, find_credential, find_owner, token_hash
from mock_samanage.tenant.errors import BadArgument, NoSuchThing
from mock_samanage.tenant.ids import Ids
from mock_samanage.tenant.phases import RULES, Kind
from mock_samanage.tenant.quirks import one_of
from mock_samanage.tenant.transactions import write


@dataclass(frozen=True, slots=True)
class CredentialView:
    """A credential without its secret: id, kind, state and the id of its owner; `username` for a password."""

    id: str
    kind: str
    state: str
    owner: str
    username: str | None


class Issuing:
    """Makes, lists and changes credentials; NoSuchThing for an account, credential or owner that does not exist."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._credentials = Credentials(store, clock, ids)

    def of(self, name: str) -> list[CredentialView]:
        """The credentials of the account, the oldest first."""
        with self._store.reading() as session:
            account = find_account(session, name)
            return [_view(credential) for credential in session.credentials(account.pk)]

    def create(
        self, name: str, kind: object, owner: str | None = None, *, password: str | None = None
    ) -> IssuedCredential:
        """A credential for the user of that id, else for the account's first administrator; the password may be given.

        Whether the owner is an administrator is judged when the credential is used. Refused for a token in phase basic.
        """
        if kind not in tuple(Kind):
            raise BadArgument(f"The kind of a credential is {one_of(Kind)}, not {str(kind)[:80]!r}.")
        if password is not None and kind != Kind.BASIC:
            raise BadArgument("A password belongs to the kind basic; leave it out.")
        chosen = self._credentials.password(password) if kind == Kind.BASIC else None

        def work(session: Session) -> IssuedCredential:
            account = find_account(session, name)
            view = view_of(account)
            record = find_owner(session, view, owner or view.settings.administrator)
            if chosen is not None:
                return self._credentials.issue_password(session, account, record, chosen)
            return self._credentials.issue_token(session, account, record.id)

        return write(self._store, work)

    def expire(self, name: str, credential_id: str) -> CredentialView:
        """The credential in state `expired`: every use of it is 401 from now on."""
        return self._set_state(name, credential_id, "expired")

    def disable(self, name: str, credential_id: str) -> CredentialView:
        """The credential in state `disabled`: every use of it is 401 until it is reset."""
        return self._set_state(name, credential_id, "disabled")

    def reset(self, name: str, credential_id: str, secret: str | None = None) -> IssuedCredential:
        """The credential with a new secret, the given one or a fresh one; the old secret is dead at once."""

        def work(session: Session) -> IssuedCredential:
            account = find_account(session, name)
            credential = find_credential(session, view_of(account), credential_id)
            return self._credentials.reset(session, account, credential, secret=secret)

        return write(self._store, work)

    def take(self, name: str, *, token: str | None, password: str | None) -> tuple[str | None, IssuedCredential]:
        """Makes the given secrets those of the account's administrator, where they are not already.

        The token, None if none was given; and the administrator's sign-in, whose password is None unless it was given.
        """

        def work(session: Session) -> IssuedCredential:
            account = find_account(session, name)
            administrator = view_of(account).settings.administrator
            own = [known for known in session.credentials(account.pk) if known.owner == administrator]
            basic = next((known for known in own if known.kind == "basic"), None)
            if basic is None:
                raise NoSuchThing(f"The administrator of {name} has no password; make one with credential reset.")
            if token is not None:
                self._take_token(session, account, own, token)
            if password is not None and not (basic.state == "active" and passwords.verify(password, basic.secret)):
                self._credentials.reset(session, account, basic, secret=password)
            return IssuedCredential(basic.id, Kind.BASIC, administrator, username=basic.login, password=password)

        return token, write(self._store, work)

    def _take_token(self, session: Session, account: Account, own: list[Credential], token: str) -> None:
        tokens = [known for known in own if known.kind == "token" and known.state != "reset"]
        if any(known.secret == token_hash(token) and known.state == "active" for known in tokens):
            return
        if tokens:
            self._credentials.reset(session, account, tokens[0], secret=token)
        else:
            self._credentials.issue_token(session, account, view_of(account).settings.administrator, token)

    def renew(self, name: str) -> list[IssuedCredential]:
        """New secrets for the account's administrator: a password, and a token where the phase has tokens."""

        def work(session: Session) -> list[IssuedCredential]:
            account = find_account(session, name)
            view = view_of(account)
            owner = view.settings.administrator
            own = [each for each in session.credentials(account.pk) if each.owner == owner and each.state != "reset"]
            kinds = (Kind.BASIC, Kind.TOKEN) if Kind.TOKEN in RULES[view.phase].accepts else (Kind.BASIC,)
            return [self._renewed(session, account, own, kind) for kind in kinds]

        return write(self._store, work)

    def _renewed(self, session: Session, account: Account, own: list[Credential], kind: Kind) -> IssuedCredential:
        for known in own:
            if known.kind == kind.value:
                return self._credentials.reset(session, account, known)
        view = view_of(account)
        if kind is Kind.TOKEN:
            return self._credentials.issue_token(session, account, view.settings.administrator)
        owner = find_owner(session, view, view.settings.administrator)
        return self._credentials.issue_password(session, account, owner, self._credentials.password())

    def _set_state(self, name: str, credential_id: str, state: CredentialState) -> CredentialView:
        def work(session: Session) -> CredentialView:
            view = view_of(find_account(session, name))
            credential = find_credential(session, view, credential_id)
            return _view(session.update_credential(credential.pk, state=state))

        return write(self._store, work)


def _view(credential: Credential) -> CredentialView:
    return CredentialView(credential.id, credential.kind, credential.state, credential.owner, credential.login)
