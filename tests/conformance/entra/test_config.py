"""app.toml, and what is said about a wrong one."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from conformance.entra.application.model import AdminCredentials, JobSettings, QuarantineRules, SyncScope
from conformance.entra.config import Config, read_config, template, write_config
from conformance.entra.directory.generate import Wish
from conformance.entra.directory.model import Kind
from conformance.entra.errors import ConfigError
from conformance.entra.mapping.defaults import custom_schema, samanage_schema
from conformance.entra.mapping.model import (
    Apply,
    AttributeMapping,
    Flow,
    MappingType,
    Operator,
    Schema,
    ScopeClause,
    ScopingFilter,
)

SMALLEST = """
[application]
tenant_url = "https://api.samanage.com"
[source.generate]
"""
ENVIRONMENT = {"SCIM_TOKEN": "t0ken", "SCIM_PASSWORD": "pass"}


def _read(folder: Path, text: str, *, url: str = "", token: str = "") -> Config:
    path = folder / "app.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path, url=url, token=token, environment=ENVIRONMENT)


def _same(one: Schema, other: Schema) -> bool:
    return {kind: [*mapping.attributes] for kind, mapping in one.objects.items()} == {
        kind: [*mapping.attributes] for kind, mapping in other.objects.items()
    }


def test_what_is_not_said_is_the_default(tmp_path: Path) -> None:
    config = _read(tmp_path, SMALLEST)
    application = config.application
    assert (application.name, application.tenant_url) == ("Samanage", "https://api.samanage.com")
    assert (application.scope, application.enabled, application.email) == (SyncScope.ASSIGNED, True, "")
    assert application.settings == JobSettings()
    assert application.credentials == AdminCredentials(migrated=True)
    assert _same(application.schema, samanage_schema())
    assert config.source == Wish()
    assert config.directory == tmp_path / "job"


def test_the_template_is_read_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "app.toml"
    write_config(path)
    config = read_config(path, environment=ENVIRONMENT)
    assert config.application.credentials == AdminCredentials(token="t0ken", migrated=True)
    assert config.source == Wish()


def test_every_key_of_the_template_is_one_and_shows_its_default(tmp_path: Path) -> None:
    shown = re.sub(r"^# (?=\S+ = |\[)", "", template(), flags=re.MULTILINE)
    (tmp_path / "directory.json").write_text("{}", encoding="utf-8")
    before, _, after = shown.partition("[source.generate]")
    shown = before + after[after.index("[job]") :].replace("deletions = 500", "").replace("rate = 25", "")
    shown = shown.replace('token = "env:SCIM_TOKEN"', "").replace('ca_file = "ca.pem"', "")
    config = _read(tmp_path, shown)
    assert config.source == tmp_path / "directory.json"
    assert config.application.settings == JobSettings()
    assert config.application.credentials == AdminCredentials("admin@fabrik.example", "pass")
    users = config.application.schema.objects[Kind.USER]
    title = AttributeMapping("title", MappingType.EXPRESSION, "PCase([jobTitle])", default="Colleague")
    expected = [title if each.target == "title" else each for each in samanage_schema().objects[Kind.USER].attributes]
    assert [*users.attributes] == [each for each in expected if each.target != "externalId"]
    assert users.scope == (ScopingFilter("Operations", (ScopeClause("department", Operator.EQUALS, "Ops"),)),)


def test_a_generated_source_has_the_numbers_of_the_template(tmp_path: Path) -> None:
    part = template().partition("[source.generate]")[2].partition("[job]")[0].partition("\n")[2]
    config = _read(tmp_path, SMALLEST + re.sub(r"^# (?=\S+ = )", "", part, flags=re.MULTILINE))
    assert config.source == Wish()


def test_everything_can_be_said(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    config = _read(
        tmp_path,
        """
        [application]
        name = "Desk"
        tenant_url = "https://desk.fabrik.example/scim?aadOptscim062020"
        template = "custom"
        scope = "all"
        enabled = false
        notification_email = "ops@fabrik.example"
        notify = true
        [credentials]
        username = "admin"
        password = "env:SCIM_PASSWORD"
        migrated = true
        [source]
        path = "people"
        [job]
        directory = "state/desk"
        interval_minutes = 0.5
        deletions = 10
        skip_out_of_scope_deletions = true
        concurrency = 2
        rate = 12.5
        batch = 20
        timeout = 5
        [job.quarantine]
        evaluated_from = 10
        share = 1
        failures = 20
        total = 30
        disabled_after_days = 1.5
        [switches]
        office-address = "other"
        [users]
        flows = ["Add"]
        soft_delete = false
        without = ["preferredLanguage"]
        [[users.mapping]]
        target = "nickName"
        source = "mailNickname"
        matching = 2
        apply = "only during object creation"
        case_exact = false
        flow_always = true
        [groups]
        enabled = false
        """,
    )
    application, users = config.application, config.application.schema.objects[Kind.USER]
    assert (application.name, application.scope, application.enabled) == ("Desk", SyncScope.ALL, False)
    assert (application.email, application.notify) == ("ops@fabrik.example", True)
    assert application.dialect.flagged
    assert application.credentials == AdminCredentials("admin", "pass", "", migrated=True)
    assert application.settings == JobSettings(
        timedelta(seconds=30), 10, True, 2, 12.5, 20, 5.0, QuarantineRules(10, 1.0, 20, 30, timedelta(days=1.5))
    )
    assert (users.flows, users.soft_delete) == (frozenset({Flow.ADD}), False)
    assert not application.schema.objects[Kind.GROUP].enabled
    kept = custom_schema(application.dialect).objects[Kind.USER].attributes
    added = AttributeMapping(
        "nickName", source="mailNickname", matching=2, apply=Apply.ON_CREATE, case_exact=False, flow_always=True
    )
    assert [*users.attributes] == [*(each for each in kept if each.target != "preferredLanguage"), added]
    assert (config.source, config.directory) == (tmp_path / "people", tmp_path / "state/desk")


def test_with_all_in_scope_the_default_role_is_all_there_is(tmp_path: Path) -> None:
    text = SMALLEST.replace("[source", 'scope = "all"\n[source') + '[users]\ndefault_role = "Administrator"'
    schema = _read(tmp_path, text).application.schema
    assert _same(schema, samanage_schema(everyone=True, role="Administrator"))


def test_url_and_token_stand_in_place_of_the_files(tmp_path: Path) -> None:
    text = SMALLEST + '[credentials]\ntoken = "env:NOT_SET"'
    application = _read(tmp_path, text, url="http://127.0.0.1:9/scim", token="given").application
    assert application.tenant_url == "http://127.0.0.1:9/scim"
    assert application.credentials == AdminCredentials(token="given", migrated=True)


@pytest.mark.parametrize(
    ("added", "problem"),
    [
        ("[aplication]", "app.toml: aplication: is no key here; near is application"),
        ("[job]\nconcurency = 3", "app.toml: job.concurency: is no key here; near is concurrency"),
        ("[job]\nconcurrency = 0", "app.toml: job.concurrency: is a whole number from 1 on, not 0"),
        ("[job.quarantine]\nshare = 40", "job.quarantine.share: is a number above 0 and at most 1, not 40"),
        ("[switches]\noffice = 'x'", "app.toml: switches: there is no switch 'office'; the switches are disable-value"),
        ("[switches]\noffice-address = 'x'", "app.toml: switches: the switch office-address is work or other, not 'x'"),
        ("[switches]\noffice-address = 1", "app.toml: switches.office-address: is a string"),
        ("[credentials]\ntoken = 'env:NONE'", "credentials.token: the environment variable 'NONE' is not set"),
        ("[credentials]\ntoken = 'x'\nusername = 'y'\npassword = 'z'", "credentials.token: stands alone"),
        ("[credentials]\nusername = 'y'", "credentials.password: is missing"),
        ("[credentials]\npassword = 'y'", "credentials.username: is missing"),
        ("[credentials]\ntoken = 'x'\nmigrated = false", "credentials.migrated: is true with a token"),
        ("[users]\nwithout = ['ttle']", "users.without: 'ttle' is not mapped by default; near is title"),
        ("[users]\nwithout = ['xyz']", "users.without: 'xyz' is not mapped by default; there are userName, active"),
        ("[users]\nwithout = ['userName']", "app.toml: users: no attribute of User is a matching attribute"),
        ("[users]\nflows = ['Move']", "users.flows: lists Add, Update, Delete, not 'Move'"),
        ("[users]\nenabled = false", "app.toml: users: users are always mapped"),
        ("[[users.mapping]]\nsource = 'x'", "app.toml: users.mapping 1.target: is missing"),
        ("[[users.mapping]]\ntarget = 'title'\nsorce = 'x'", "users.mapping 1.sorce: is no key here; near is source"),
        (
            "[[users.mapping]]\ntarget = 'title'\ntype = 'exp'",
            'users.mapping 1.type: is "direct", "constant", "expression" or "none", not \'exp\'',
        ),
        (
            "[[users.mapping]]\ntarget = 'title'\ntype = 'expression'\nsource = 'Upper([a])'",
            "app.toml: users: the mapping of title of User: there is no function Upper; near are ToUpper",
        ),
        (
            "[[groups.filter]]\ntitle = 'A'\nclauses = [{ attribute = 'a', operator = 'LIKE' }]",
            'groups.filter 1.clauses 1.operator: is "EQUALS", ',
        ),
        (
            "[[users.filter]]\ntitle = 'A'\nclauses = [{ attribute = 'userType', value = 'x' }]",
            "app.toml: users: the scoping filter 'A' of User names userType",
        ),
        ("[[users.filter]]\nclauses = []", "users.filter 1.title: is missing"),
        ("[users]\nsoft_delete = 'no'", "users.soft_delete: is true or false"),
    ],
)
def test_errors_name_file_key_and_what_would_be_right(tmp_path: Path, added: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _read(tmp_path, f"{SMALLEST}{added}\n")
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[application]\n[source.generate]", "application.tenant_url: is missing"),
        (SMALLEST.replace("https://", "ftp://"), "application.tenant_url: the tenant URL is an http(s) URL"),
        (SMALLEST.replace("[source", "scope = 'some'\n[source"), 'application.scope: is "assigned" or "all"'),
        (SMALLEST.replace("[source", "template = 'x'\n[source"), 'application.template: is "samanage" or "custom"'),
        (SMALLEST.replace("[source", "notify = true\n[source"), "application.notification_email: is an address"),
        (SMALLEST.replace("[source.generate]", ""), 'source: has either path = "directory.json" or a table'),
        (SMALLEST.replace("[source", "[source]\npath = 'x'\n[source"), "source: has either path"),
        (SMALLEST.replace("[source.generate]", "[source]\npath = 'x'"), "source.path: "),
        (SMALLEST + "users = -1", "source.generate.users: is a whole number from 0 on, not -1"),
        (
            SMALLEST.replace("[source", "template = 'custom'\n[source") + "[users]\ndefault_role = 'x'",
            "users.default_role: is no key here",
        ),
        ("[application", "is no TOML: "),
    ],
)
def test_what_is_missing_or_wrong_is_named(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _read(tmp_path, text)
    assert problem in str(caught.value)


def test_a_role_function_is_refused_with_all_in_scope(tmp_path: Path) -> None:
    mapping = (
        "[[users.mapping]]\ntarget = 'roles'\ntype = 'expression'\n"
        "source = 'SingleAppRoleAssignment([appRoleAssignments])'"
    )
    _read(tmp_path, f"{SMALLEST}{mapping}")
    with pytest.raises(ConfigError, match="calls SingleAppRoleAssignment, which works with assigned users only"):
        _read(tmp_path, SMALLEST.replace("[source", f"scope = 'all'\n{mapping}\n[source"))


def test_files_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file or directory; `conformance provision init`"):
        read_config(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="is no UTF-8 text"):
        read_config(tmp_path / "bytes.toml")
    with pytest.raises(ConfigError, match="is there already; name another file"):
        write_config(tmp_path / "bytes.toml")
    with pytest.raises(ConfigError, match="cannot be written: No such file"):
        write_config(tmp_path / "none" / "app.toml")


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    config = _read(tmp_path, SMALLEST + '[credentials]\ntoken = "env:SCIM_TOKEN"')
    assert "t0ken" not in repr(config)
