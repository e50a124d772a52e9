"""Snapshots: a whole account as JSON, and how it is put back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from mock_samanage.scim.schema import ResourceType
from mock_samanage.store import Account, Credential, Record, Session
from mock_samanage.tenant.account import AccountSettings, AccountView, settings_from, view_of
from mock_samanage.tenant.transactions import settle

_PAGE = 1000  # resources read at once


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An account at one moment.

    settings: as the store holds them, without the baseline. credentials: id, kind, owner, login, secret
    (hexadecimal, a hash), state, created. resources: type, id, document, created, and for groups members (ids);
    in the order they were made.
    """

    settings: Mapping[str, Any]
    credentials: Sequence[Mapping[str, Any]]
    resources: Sequence[Mapping[str, Any]]

    def json(self) -> dict[str, Any]:
        """The snapshot as a JSON object."""
        return asdict(self)


def take(session: Session, account: AccountView) -> Snapshot:
    """The account as it is now."""
    plain = [
        _saved(record)
        for kind in (account.registry.user, *account.registry.others)
        for record in _every(session, account, kind)
    ]
    groups = [
        {**_saved(record), "members": [member.id for member in session.members(record)]}
        for record in _every(session, account, account.registry.group)
    ]
    return _snapshot(session, account.pk, account.settings, [*plain, *groups])


def first(session: Session, account: int, settings: AccountSettings, administrator: Record) -> Snapshot:
    """An account that was just made: it holds its administrator alone."""
    return _snapshot(session, account, settings, [_saved(administrator)])


def _snapshot(
    session: Session, account: int, settings: AccountSettings, resources: Sequence[Mapping[str, Any]]
) -> Snapshot:
    credentials = [_saved_credential(credential) for credential in session.credentials(account)]
    return Snapshot(replace(settings, baseline={}).json(), credentials, resources)


def _saved_credential(credential: Credential) -> dict[str, Any]:
    return {
        "id": credential.id,
        "kind": credential.kind,
        "owner": credential.owner,
        "login": credential.login,
        "secret": credential.secret.hex(),
        "state": credential.state,
        "created": credential.created,
    }


def _saved(record: Record) -> dict[str, Any]:
    return {"type": record.type, "id": record.id, "document": record.document, "created": record.created}


def _every(session: Session, account: AccountView, kind: ResourceType) -> Iterator[Record]:
    start = 1
    while records := session.query(account.pk, [kind], None, start=start, count=_PAGE).records:
        yield from records
        start += len(records)


def put_back(session: Session, account: Account, snapshot: Snapshot) -> Account:
    """The stored account as the snapshot holds it; versions start again, and no later token is ever issued twice."""
    present = settings_from(account.settings)
    session.empty_account(account.pk)
    _put_back_resources(session, view_of(account), snapshot)
    _put_back_credentials(session, account.pk, snapshot)
    saved = settings_from({**snapshot.settings, "baseline": present.baseline})
    youngest = max(present.token_second, saved.token_second)
    return settle(session, account, replace(saved, token_second=youngest))


def _put_back_resources(session: Session, account: AccountView, snapshot: Snapshot) -> None:
    groups = []
    for saved in snapshot.resources:
        kind = account.registry.type_named(saved["type"])
        assert kind is not None
        record = session.insert(account.pk, kind, dict(saved["document"]), id=saved["id"], now=saved["created"])
        if saved.get("members"):
            groups.append((record, saved["members"]))
    for record, members in groups:
        session.add_members(record, members)


def _put_back_credentials(session: Session, account: int, snapshot: Snapshot) -> None:
    present = {credential.id: credential for credential in session.credentials(account)}
    saved = {credential["id"]: credential for credential in snapshot.credentials}
    owners = {id_: credential["owner"] for id_, credential in saved.items()}
    for id_, credential in list(present.items()):
        if owners.get(id_) != credential.owner:  # of another account the same id may be another administrator's
            session.delete_credential(credential.pk)
            del present[id_]
    for wanted in saved.values():
        secret = bytes.fromhex(wanted["secret"])
        known = present.get(wanted["id"])
        if known is None:
            known = session.add_credential(
                account,
                id=wanted["id"],
                kind=wanted["kind"],
                owner=wanted["owner"],
                secret=secret,
                now=wanted["created"],
                login=wanted["login"],
            )
        if (known.secret, known.state, known.login) != (secret, wanted["state"], wanted["login"]):
            session.update_credential(known.pk, secret=secret, state=wanted["state"], login=wanted["login"])
