"""app.toml: one application with its provisioning configuration, where its source is, where its job keeps its state."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Final

from conformance.entra.application.model import AdminCredentials, Application, JobSettings, QuarantineRules, SyncScope
from conformance.entra.dialect import Dialect, TenantUrl
from conformance.entra.directory.generate import Wish
from conformance.entra.directory.model import Kind
from conformance.entra.errors import ConfigError
from conformance.entra.mapping.defaults import FREE_ROLE, custom_schema, samanage_schema
from conformance.entra.mapping.model import Schema
from conformance.entra.mapping.reading import read_object
from conformance.entra.tables import Table

ENVIRONMENT: Final = "env:"
"""What stands before the name of an environment variable in place of a secret."""


class Template(StrEnum):
    """Whose default mappings an application begins with."""

    SAMANAGE = "samanage"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Config:
    """What app.toml says; source: a JSON file, a folder of CSV files, or what is generated. directory: the job's."""

    application: Application
    source: Path | Wish
    directory: Path

    def hastened(self, concurrency: int | None, rate: float | None) -> Config:
        """The configuration with so many requests under way, and so many a second; None keeps what it says."""
        usual = self.application.settings
        settings = replace(usual, concurrency=concurrency or usual.concurrency, rate=rate or usual.rate)
        return replace(self, application=replace(self.application, settings=settings))


def template(**generated: int) -> str:
    """The commented configuration that `provision init` writes; generated: settings of [source.generate]."""
    text = (files(__package__) / "app.template.toml").read_text(encoding="utf-8")
    for name, number in generated.items():
        text = re.sub(rf"^# {name} = \d+", f"{name} = {number}", text, flags=re.MULTILINE)
    return text


def write_config(path: Path, **generated: int) -> None:
    """The template stands in a new file, with these settings of its source; raises ConfigError where there is one."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template(**generated))
    except FileExistsError as error:
        raise ConfigError(f"{path} is there already; name another file, or remove it") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from error


def read_config(path: Path, *, url: str = "", token: str = "", environment: Mapping[str, str] | None = None) -> Config:
    """The configuration in a file; paths in it are relative to the file's folder.

    url, token: in place of the tenant URL and the credentials of the file. Raises ConfigError, which names the file,
    the key, and what would be right.
    """
    whole = Table(_document(path), path)
    read = _Reader(whole, path.parent, os.environ if environment is None else environment)
    config = read.config(url, token)
    whole.close()
    return config


def _document(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read: {error.strerror}; `conformance provision init` writes one"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is no UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is no TOML: {error}") from error


@dataclass(frozen=True, slots=True)
class _Reader:
    whole: Table
    folder: Path
    environment: Mapping[str, str]

    def config(self, url: str, token: str) -> Config:
        head = self.whole.table("application")
        tenant_url = head.text("tenant_url", url or None)
        given = url or tenant_url
        flagged = head.checked("tenant_url", lambda: TenantUrl.parse(given)).flagged
        dialect = self._dialect(flagged=flagged)
        scope = head.word("scope", SyncScope.ASSIGNED)
        email, notify = self._email(head)
        application = Application(
            name=head.text("name", "Samanage"),
            tenant_url=given,
            credentials=self._credentials(token),
            schema=self._schema(head.word("template", Template.SAMANAGE), scope, dialect),
            scope=scope,
            enabled=head.flag("enabled", default=True),
            email=email,
            notify=notify,
            switches=dialect.chosen,
            settings=self._settings(),
        )
        head.close()
        return Config(application, self._source(), self.folder / self.whole.table("job").text("directory", "job"))

    def _dialect(self, *, flagged: bool) -> Dialect:
        table = self.whole.table("switches")
        chosen = {name: table.text(name) for name in table.names()}
        return self.whole.checked("switches", lambda: Dialect.of(flagged=flagged, chosen=chosen))

    def _email(self, head: Table) -> tuple[str, bool]:
        email, notify = head.text("notification_email", ""), head.flag("notify", default=False)
        if (notify and not email) or (email and "@" not in email.strip("@")):
            raise head.wrong("notification_email", f"is an address such as ops@fabrik.example, not {email!r}")
        return email, notify

    def _schema(self, name: Template, scope: SyncScope, dialect: Dialect) -> Schema:
        everyone, users = scope is SyncScope.ALL, self.whole.table("users")
        if name is Template.SAMANAGE:
            base = samanage_schema(dialect, everyone=everyone, role=users.text("default_role", FREE_ROLE))
        else:
            base = custom_schema(dialect)
        tables = {Kind.USER: users, Kind.GROUP: self.whole.table("groups")}
        return Schema({kind: read_object(base.objects[kind], tables[kind], everyone=everyone) for kind in tables})

    def _credentials(self, given: str) -> AdminCredentials:
        table = self.whole.table("credentials")
        if given:
            return AdminCredentials(token=given, migrated=True)
        token, username, password = (self._secret(table, name) for name in ("token", "username", "password"))
        migrated = table.flag("migrated", default=not username)
        table.close()
        if token and (username or password):
            raise table.wrong("token", "stands alone; right is a token, or a username and a password")
        if bool(username) is not bool(password):
            raise table.wrong("password" if username else "username", "is missing; the two are given together")
        if token and not migrated:
            raise table.wrong("migrated", "is true with a token; before the migration there are username and password")
        return AdminCredentials(username, password, token, migrated)

    def _secret(self, table: Table, name: str) -> str:
        found = table.text(name, "")
        if not found.startswith(ENVIRONMENT):
            return found
        variable = found.removeprefix(ENVIRONMENT)
        if not self.environment.get(variable):
            raise table.wrong(name, f"the environment variable {variable!r} is not set; right is env:SCIM_TOKEN")
        return self.environment[variable]

    def _source(self) -> Path | Wish:
        table = self.whole.table("source")
        named, generated = table.has("path"), table.has("generate")
        wish = _wish(table.table("generate")) if generated else None
        path = self.folder / table.text("path", "")
        table.close()
        if named is generated:
            raise table.wrong("", 'has either path = "directory.json" or a table [source.generate]')
        if wish is None and not path.exists():
            raise table.wrong("path", f"{path} is not there; right is a JSON file or a folder of CSV files")
        return wish or path

    def _settings(self) -> JobSettings:
        table, usual = self.whole.table("job"), JobSettings()
        table.text("directory", "job")
        found = JobSettings(
            interval=timedelta(minutes=table.number("interval_minutes", usual.interval / timedelta(minutes=1))),
            deletions=table.whole("deletions", 1, least=1) if table.has("deletions") else None,
            skip_out_of_scope_deletions=table.flag("skip_out_of_scope_deletions", default=False),
            concurrency=table.whole("concurrency", usual.concurrency, least=1),
            rate=table.number("rate", 1) if table.has("rate") else None,
            batch=table.whole("batch", usual.batch, least=1),
            timeout=table.number("timeout", usual.timeout),
            ca_file=self._ca_file(table) if table.has("ca_file") else None,
            quarantine=_quarantine(table.table("quarantine")),
        )
        table.close()
        return found

    def _ca_file(self, table: Table) -> Path:
        path = self.folder / table.text("ca_file")
        if not path.is_file():
            raise table.wrong("ca_file", f"{path} is not there; right is a PEM file with certificates to trust")
        return path


def _wish(table: Table) -> Wish:
    usual = Wish()
    found = Wish(
        users=table.whole("users", usual.users),
        groups=table.whole("groups", usual.groups),
        members=table.whole("members", usual.members),
        seed=table.whole("seed", usual.seed),
        domain=table.text("domain", usual.domain),
        assigned=table.flag("assigned", default=usual.assigned),
    )
    table.close()
    return found


def _quarantine(table: Table) -> QuarantineRules:
    usual = QuarantineRules()
    found = QuarantineRules(
        evaluated_from=table.whole("evaluated_from", usual.evaluated_from, least=1),
        share=table.number("share", usual.share, most=1),
        failures=table.whole("failures", usual.failures, least=1),
        total=table.whole("total", usual.total, least=1),
        disabled_after=timedelta(days=table.number("disabled_after_days", usual.disabled_after / timedelta(days=1))),
    )
    table.close()
    return found
