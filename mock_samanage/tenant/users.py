"""Users: what Samanage makes of a SCIM User before it is stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mock_samanage.scim.comparison import fold, fold_name
from mock_samanage.scim.errors import InvalidValue, Uniqueness
from mock_samanage.scim.immutable import with_immutable
from mock_samanage.scim.patch import apply_patch
from mock_samanage.scim.registry import ENTERPRISE_URN
from mock_samanage.scim.syntax import And, AttrPath, Compare, Filter, Operator, ValuePath
from mock_samanage.scim.validation import present_schemas, validate
from mock_samanage.store import NameTaken, Record, Session
from mock_samanage.tenant.account import AccountView, settings_from
from mock_samanage.tenant.credentials import email_of
from mock_samanage.tenant.ids import Ids, new_id
from mock_samanage.tenant.meta import read_only
from mock_samanage.tenant.removal import remove
from mock_samanage.tenant.role_patch import RolePatch
from mock_samanage.tenant.roles import assign, role_of
from mock_samanage.tenant.transactions import settle

_OPAQUE = frozenset({"roles"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Users:
    """Creates and changes the users of one account, inside the caller's session."""

    account: AccountView
    ids: Ids
    now: Callable[[], int]

    def read(self, body: Mapping[str, Any]) -> Document:
        """The document of a POST or PUT, its `roles` still as they were sent; the password is dropped."""
        document = validate(self.account.registry.user, body, dialect=self.account.dialect, opaque=_OPAQUE)
        if "active" not in document and any(key.lower() == "active" for key in body):
            document["active"] = None  # sent empty, which is not the same as left out
        return document

    def create(self, session: Session, document: Document) -> Record:
        """The new user, active and with the default role unless the document says otherwise."""
        document = dict(document)
        if document.get("active") is None:
            document["active"] = True
        assign(document, self.account.role_rules)
        if (disabled := self._disabled_twin(session, document)) is not None:
            return self._changed(session, disabled, {**document, "active": True})
        self._settle(session, document, None)
        kind = self.account.registry.user
        return session.insert(
            self.account.pk, kind, document, id=new_id(session, self.account, self.ids), now=self.now()
        )

    def replace(self, session: Session, record: Record, document: Document) -> Record:
        """The user with another document; role and `active` are kept where the document leaves them out."""
        document = with_immutable(self.account.registry.user, record.document, dict(document))
        assign(document, self.account.role_rules, kept=role_of(record.document))
        if "active" not in document and "active" in record.document:
            document["active"] = record.document["active"]
        if document.get("active", True) is None:
            del document["active"]
        return self._changed(session, record, document)

    def patch(self, session: Session, record: Record, body: Mapping[str, Any]) -> Record:
        """The user after the operations of the body."""
        roles = RolePatch(self.account.role_rules, self.account.dialect)
        document = apply_patch(
            self.account.registry.user,
            record.document,
            body,
            dialect=self.account.dialect,
            interpreters={"roles": roles.interpret},
            shown=self._shown_to_clients(session, record, body),
        )
        return self._changed(session, record, document)

    def _shown_to_clients(self, session: Session, record: Record, body: Mapping[str, Any]) -> Mapping[str, Any]:
        values = read_only(record)
        if _names(body, "groups"):
            values["groups"] = [{"value": group.id} for group in session.groups_of(record)]
        return values

    def delete(self, session: Session, record: Record) -> None:
        """Removes the user and the memberships, or disables the user under the quirk delete."""
        if self.account.quirks["delete"] == "disable":
            self._changed(session, record, {**record.document, "active": False})
        else:
            remove(session, self.account, record, now=self.now())

    def _changed(self, session: Session, record: Record, document: Document) -> Record:
        self._settle(session, document, record)
        if document == record.document:
            return record
        return session.update(record, document, now=self.now())

    def _settle(self, session: Session, document: Document, before: Record | None) -> None:
        """What the account's quirks make of a document; `before` is the user as stored, None for a new one."""
        old: Mapping[str, Any] = before.document if before else {}
        if self.account.quirks["username-is-email"] == "on" and not _EMAIL.fullmatch(document["userName"]):
            raise InvalidValue(f"userName is an e-mail address here, such as a.b@acme.example, not {_shown(document)}.")
        self._settle_department(session, document, old)
        if self.account.quirks["unique-work-email"] == "on":
            self._check_work_email(session, document, before)
        if before is not None and _addresses(document) != _addresses(old):
            _move_login(session, before, email_of(document))

    def _settle_department(self, session: Session, document: Document, old: Mapping[str, Any]) -> None:
        department = document.get(ENTERPRISE_URN, {}).get("department")
        known = (*self.account.settings.departments, old.get(ENTERPRISE_URN, {}).get("department"))
        if department is None or department in known:
            return
        match self.account.quirks["unknown-department"]:
            case "create":
                _list_department(session, self.account, department)
            case "ignore":
                rest = {key: value for key, value in document[ENTERPRISE_URN].items() if key != "department"}
                document[ENTERPRISE_URN] = rest
                if not rest:
                    del document[ENTERPRISE_URN]
                document["schemas"] = present_schemas(self.account.registry.user, document)
            case _:
                listed = ", ".join(self.account.settings.departments)[:200] or "none"
                raise InvalidValue(f"department: the account has no department {department[:80]!r}; it has: {listed}.")

    def _check_work_email(self, session: Session, document: Document, before: Record | None) -> None:
        for address in _work_emails(document) - _work_emails(before.document if before else {}):
            page = session.query(self.account.pk, [self.account.registry.user], _work_email_is(address), count=2)
            if any(before is None or record.id != before.id for record in page.records):
                raise Uniqueness(f"The work e-mail {address[:200]!r} is another user's; it must be unique here.")

    def _disabled_twin(self, session: Session, document: Document) -> Record | None:
        if self.account.quirks["recreate-disabled"] != "revive":
            return None
        same = Compare(AttrPath(None, "userName"), Operator.EQ, document["userName"])
        records = session.query(self.account.pk, [self.account.registry.user], same, count=1).records
        return records[0] if records and records[0].document.get("active") is False else None


def _names(body: Mapping[str, Any], attribute: str) -> bool:
    """True if a path-less value of a PATCH names the attribute, so that its present value is needed."""
    operations = next((value for key, value in body.items() if key.lower() == "operations"), None)
    listed = operations if isinstance(operations, list) else []
    given = [operation.get("value") for operation in listed if isinstance(operation, dict)]
    return any(key.lower() == attribute for value in given if isinstance(value, dict) for key in value)


def _shown(document: Mapping[str, Any]) -> str:
    return repr(str(document["userName"])[:80])


def _work_emails(document: Mapping[str, Any]) -> set[str]:
    emails = document.get("emails", ())
    return {fold(email["value"]) for email in emails if fold(email.get("type", "")) == "work" and "value" in email}


def _addresses(document: Mapping[str, Any]) -> tuple[Any, Any]:
    return document.get("userName"), document.get("emails")


def _work_email_is(address: str) -> Filter:
    work = Compare(AttrPath(None, "type"), Operator.EQ, "work")
    same = Compare(AttrPath(None, "value"), Operator.EQ, address)
    return ValuePath(AttrPath(None, "emails"), And((work, same)))


def _list_department(session: Session, account: AccountView, department: str) -> None:
    present = session.account(account.name, locked=True)
    assert present is not None
    settings = settings_from(present.settings)
    if department not in settings.departments:
        listed = (*settings.departments, department)
        settle(session, present, replace(settings, departments=listed))


def _move_login(session: Session, owner: Record, address: str) -> None:
    """Lets the passwords of a user follow a change of the e-mail address; addresses with a password are unique."""
    for credential in session.credentials(owner.account):
        if credential.owner == owner.id and credential.login not in {None, fold_name(address)}:
            try:
                session.update_credential(credential.pk, login=fold_name(address))
            except NameTaken:
                raise Uniqueness(f"The e-mail {address[:200]!r} signs another administrator in.") from None
