"""The command line `mock-samanage`: serve, quirks, faults, credential reset."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mock_samanage.settings import BadSetting, Settings, name_list, pairs, read_toml, store_url

if TYPE_CHECKING:
    from mock_samanage.ready import Ready

PHASES = ("basic", "transition", "token")
PORT = click.IntRange(0, 65535)


class Failed(Exception):
    """A command cannot do what it was asked to; the text is one line for people."""


def _configure(context: click.Context, _parameter: click.Parameter, path: Path | None) -> None:
    if path is not None:
        context.default_map = {**(context.default_map or {}), **read_toml(path)}


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="mock-samanage", prog_name="mock-samanage")
def cli() -> None:
    """A fake Samanage (SolarWinds Service Desk) tenant that speaks SCIM 2.0."""


@cli.command(context_settings={"auto_envvar_prefix": "MOCK_SAMANAGE"})
@click.option("--host", default="127.0.0.1", show_default=True, help="Address SCIM listens on.")
@click.option("--port", type=PORT, default=8080, show_default=True, help="Port SCIM listens on; 0 picks a free one.")
@click.option("--store", help="SQLite file or URL, or postgresql://… URL; without it a temporary file.")
@click.option("--users", type=click.IntRange(0), default=0, help="People a new account starts with.")
@click.option("--seed", type=int, default=0, help="Which people: the same seed makes the same ones.")
@click.option("--phase", default="transition", show_default=True, help="basic, transition or token.")
@click.option("--preset", default="entra", show_default=True, help="entra or strict.")
@click.option("--plan", default="professional", show_default=True, help="Package of the account.")
@click.option("--schemas", default="samanage", show_default=True, help="samanage; laboratory (tests only) adds to it.")
@click.option("--filterable", multiple=True, help="Attributes a filter may name, by commas or repeated. [default: all]")
@click.option("--quirk", multiple=True, metavar="NAME=VALUE", help="Sets a quirk; repeatable; see `quirks`.")
@click.option("--token", help="Secret token to take instead of a fresh one.")
@click.option("--username", help="Administrator's e-mail.")
@click.option("--password", help="Administrator's password to take instead of a fresh one.")
@click.option(
    "--ready-file", type=click.Path(path_type=Path), help="JSON with URL and secrets, written once it answers."
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that serve SCIM.")
@click.option(
    "--faults",
    type=click.Path(path_type=Path),
    metavar="PLAN",
    help="TOML or JSON plan of faults (see `faults`), played by a threaded server instead of Granian; "
    "an empty file only lets the control API set faults of the wire.",
)
@click.option("--tls-cert", type=click.Path(path_type=Path), help="Certificate chain (PEM).")
@click.option("--tls-key", type=click.Path(path_type=Path), help="Private key (PEM).")
@click.option("--public-url", help="Base URL that references use, behind a proxy.")
@click.option("--trust-proxy", is_flag=True, help="Believe X-Forwarded-Proto, -Host and -Prefix.")
@click.option("--control-host", default="127.0.0.1", show_default=True, help="Address of the control API.")
@click.option("--control-port", type=PORT, help="Port of the control API. [default: the next one]")
@click.option("--control-token", help="Token the control API demands; off loopback one is made if none is given.")
@click.option("--durability", type=click.Choice(["normal", "full"]), default="normal", show_default=True)
@click.option("--config", type=click.Path(path_type=Path), is_eager=True, expose_value=False, callback=_configure,
              help="TOML file with any of these options.")  # fmt: skip
def serve(**options: Any) -> None:
    """Serve a tenant until interrupted. Every option can also be set as MOCK_SAMANAGE_OPTION."""
    settings = settings_from_options(options)
    from mock_samanage import live, serve  # noqa: PLC0415 the other commands start without them

    run = serve.serve if settings.faults is None else live.serve
    run(settings, lambda ready: announce(ready, settings))
    leave()


def leave() -> None:
    """Ends the process at once, everything being closed: Granian's threads would crash an interpreter that ends."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def settings_from_options(options: dict[str, Any]) -> Settings:
    """The settings that command-line options spell; raises BadSetting."""
    known = {each.name for each in fields(Settings)}
    values = {name: value for name, value in options.items() if name in known}
    values["store"] = store_url(options["store"]) if options["store"] else None
    values["filterable"] = name_list(options["filterable"])
    values["quirks"] = pairs(options["quirk"])
    return Settings(**values)


def announce(ready: Ready, settings: Settings) -> None:
    """Tells people where the server is and how to get in."""
    from rich.console import Console  # noqa: PLC0415 only loaded once the server answers

    unchanged = "[dim]unchanged; mock-samanage credential reset makes new ones[/dim]"
    no_token = "[dim]none in phase basic[/dim]" if settings.phase == "basic" else unchanged
    rows = {
        "Tenant URL": ready.url,
        "Secret token": ready.token or no_token,
        "Administrator": ready.username,
        "Password": ready.password or unchanged,
        "Control API": ready.control,
        **({"Control token": ready.control_token} if ready.control_token else {}),
    }
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"\n[bold green]The Samanage account {ready.account} is served.[/bold green] Stop it with Ctrl+C.\n")
    for name, value in rows.items():
        console.print(f"[bold]{name:<14}[/bold] {value}")
    console.print("\nTry it:", style="bold")
    console.print(f"{ready.curl(phase=settings.phase, cert=settings.tls_cert)}\n", markup=False)


@cli.command()
def quirks() -> None:
    """List what the real service may do beyond documents, and how to switch it."""
    from rich.console import Console  # noqa: PLC0415 only this command shows tables
    from rich.table import Table  # noqa: PLC0415

    from mock_samanage.tenant.quirks import REGISTER  # noqa: PLC0415 serve loads it by itself

    table = Table("Quirk", "Statement", "Values", "Confidence", "Source", show_lines=True)
    for quirk in REGISTER.values():
        values = "\n".join(
            f"[bold]{value}[/bold]: {text}" + (" (default)" if value == quirk.default else "")
            for value, text in quirk.alternatives.items()
        )
        table.add_row(quirk.id, quirk.statement, values, quirk.confidence, quirk.source)
    Console().print(table)


@cli.command()
def faults() -> None:
    """List the kinds of faults that a plan may hold, and the keys of each."""
    from rich.console import Console  # noqa: PLC0415 only this command and quirks show tables
    from rich.table import Table  # noqa: PLC0415

    from mock_samanage.web.faults.kinds import KINDS  # noqa: PLC0415 serve loads it by itself

    table = Table("Kind", "What happens", "Keys", "Played by", show_lines=True)
    for name, kind in KINDS.items():
        keys = "\n".join(
            f"[bold]{key}[/bold]: {each.says}" + (" (needed)" if each.needed else "") for key, each in kind.keys.items()
        )
        table.add_row(name, kind.says, keys, "serve --faults, LiveServer" if kind.wire else "every server")
    Console().print(table)


@cli.group()
def credential() -> None:
    """Credentials of a stored account."""


@credential.command("reset")
@click.option("--store", required=True, help="SQLite file or URL, or postgresql://… URL.")
@click.option("--account", help="Name of the account. [default: the first]")
def reset_credential(store: str, account: str | None) -> None:
    """Make new secrets for the account's administrator; the old ones are dead at once."""
    from mock_samanage.store import Store  # noqa: PLC0415 only this command opens a store by itself
    from mock_samanage.tenant.tenant import Tenant  # noqa: PLC0415

    url = store_url(store)
    path = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not path.is_file():
        raise Failed(f"there is no store {path}")
    opened = Store.open(url)
    try:
        tenant = Tenant(opened)
        default = tenant.accounts.default()
        if default is None:
            raise Failed(f"the store {store} has no account")
        for issued in tenant.credentials.renew(account or default.name):
            click.echo(f"{issued.kind}: {issued.token or f'{issued.username} {issued.password}'}")
    finally:
        opened.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line; what is wrong with it is one line on stderr and exit code 2."""
    try:
        code = cli.main(None if arguments is None else list(arguments), "mock-samanage", standalone_mode=False)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        _complain(error.format_message())
    except (BadSetting, Failed) as error:
        _complain(str(error))
    except Exception as error:
        if not _is_expected(error):
            raise
        _complain(str(error))
    sys.exit(code if isinstance(code, int) else 0)


def _is_expected(error: Exception) -> bool:
    """True for what the layers below say about wrong settings."""
    from mock_samanage.servers.errors import ServerError  # noqa: PLC0415 the layers are loaded by the commands
    from mock_samanage.store import StoreError  # noqa: PLC0415
    from mock_samanage.tenant.errors import TenantError  # noqa: PLC0415

    return isinstance(error, ServerError | StoreError | TenantError)


def _complain(text: str) -> None:
    click.echo(f"mock-samanage: {' '.join(text.split())}", err=True)
    sys.exit(2)
