"""Everything one pytest process of a run shares: client, target, selection, names, ledger."""

from __future__ import annotations

import secrets
import tempfile
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance.checks import Check
from conformance.clauses import Catalogue, catalogue
from conformance.client import ScimClient
from conformance.errors import TargetUnfit, UsageFault
from conformance.findings import Readings
from conformance.hooks import Hooks, hooks_for
from conformance.ledger import Ledger
from conformance.options import Options
from conformance.population import Document, users_template
from conformance.probe import capabilities, discover, prober
from conformance.profiles import Selection, select
from conformance.redaction import Redactor
from conformance.run import Run, effort_of, new_prefix
from conformance.samples import parse_samples, read_template
from conformance.target import Target
from conformance.transport import Transport

LEDGER = "ledger.jsonl"


@dataclass(slots=True)
class Session:
    """One process of a run; `shared` is what the workers get from the controller, as JSON data.

    `gone` is set, with the reason, once the target answers nothing any more.
    """

    options: Options
    catalogue: Catalogue
    selection: Selection
    run: Run
    client: ScimClient
    target: Target
    ledger: Ledger
    template: Document
    shared: dict[str, Any]
    checks: dict[str, Check] = field(default_factory=dict)
    gone: str = ""

    @property
    def transport(self) -> Transport:
        """The one transport of this process."""
        return self.client.transport

    def away(self, check: Check) -> dict[str, str]:
        """The clauses of a check that do not apply, with the reason."""
        found = {}
        for clause in check.clauses:
            if clause.id in check.unknown:
                continue
            if not self.selection.holds(clause.id):
                found[clause.id] = f"not in the selected profiles ({', '.join(self.selection.names)})"
            elif reason := self.target.absent(clause.applies_when):
                found[clause.id] = reason
        return found

    def readings(self) -> Readings:
        """The readings of ambiguities the tables name and the profiles want."""
        rows = {key: row.fields for key, row in self.catalogue.ambiguities.items()}
        return Readings(
            named={key: [*row.get("accept", {}), *row.get("warn", {})] for key, row in rows.items()},
            warn={key: [*row.get("warn", {})] for key, row in rows.items()},
            wanted=self.selection.variants,
        )


def open_client(options: Options, redactor: Redactor | None = None) -> ScimClient:
    """The client a run judges with; its own credential is known as $SCIM_TOKEN or $SCIM_BASIC from now on."""
    redactor = redactor or Redactor()
    transport = Transport(timeout=options.timeout, verify=options.verify, rate=options.rate, redactor=redactor)
    return ScimClient(options.target, transport, own_headers(options, redactor))


def own_headers(options: Options, redactor: Redactor) -> Mapping[str, str]:
    """The header fields of every request."""
    found = options.extra_headers()
    for value in found.values():
        redactor.add(value if len(value) >= 16 else None)
    if options.token:
        redactor.add(options.token, "$SCIM_TOKEN")
        found["Authorization"] = f"Bearer {options.token}"
    elif options.username:
        redactor.add_basic(options.username, options.password or "", "$SCIM_BASIC")
        pair = b64encode(f"{options.username}:{options.password}".encode()).decode()
        found["Authorization"] = f"Basic {pair}"
    return found


def begin(options: Options) -> dict[str, Any]:
    """What all processes of a run share: seed, prefix, discovery documents, the ledger's place.

    Raises TargetUnfit or UsageFault before anything is written to the target.
    """
    if not options.target:
        raise UsageFault("no target: give its SCIM base URL, for example http://127.0.0.1:8080/scim/v2")
    effort_of(options.effort)
    select(options.profiles, catalogue())
    if options.openapi and not Path(options.openapi).is_file():
        raise UsageFault(f"--openapi {options.openapi} is no file")
    client = open_client(options)
    try:
        documents = discover(client)
    except TargetUnfit as unfit:
        raise TargetUnfit(client.transport.redactor.text(str(unfit))) from unfit
    finally:
        client.transport.close()
    return {
        "seed": options.seed if options.seed is not None else secrets.randbelow(2**32),
        "prefix": new_prefix(),
        "documents": documents,
        "ledger": str(_ledger_path(options)),
        "worker": "",
    }


def _ledger_path(options: Options) -> Path:
    if options.report is None:
        return Path(tempfile.mkdtemp(prefix="conformance-")) / LEDGER
    folder = Path(options.report)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageFault(f"--report {folder} cannot be made: {error.strerror}") from error
    return folder / LEDGER


def open_session(options: Options, shared: dict[str, Any]) -> Session:
    """The state of one process; raises UsageFault for options that cannot be read."""
    client = open_client(options)
    known = capabilities(shared["documents"])
    ledger = Ledger(Path(shared["ledger"]), options.target)
    client.transport.on_answer = ledger.listen
    client.transport.ping_with(client.url("/ServiceProviderConfig"), client.headers)
    tables = catalogue()
    return Session(
        options=options,
        catalogue=tables,
        selection=select(options.profiles, tables),
        run=Run(shared["prefix"], options.user_domain, shared["seed"], effort_of(options.effort), shared["worker"]),
        client=client,
        target=Target(
            url=options.target,
            capabilities=known,
            credential=options.credential,
            opt_ins=frozenset(options.opt_in),
            profiles=options.profiles,
            hooks=open_hooks(options),
            probe=prober(client),
        ),
        ledger=ledger,
        template=_template(options, known.schema("urn:ietf:params:scim:schemas:core:2.0:User")),
        shared=shared,
    )


def open_hooks(options: Options) -> Hooks | None:
    """What offers the hooks, None without `--hooks`."""
    return hooks_for(options.hooks, token=options.hooks_token, verify=options.verify) if options.hooks else None


def _template(options: Options, schema: Mapping[str, Any] | None) -> Document:
    attributes = (schema or {}).get("attributes")
    definitions = [entry for entry in attributes if isinstance(entry, dict)] if isinstance(attributes, list) else []
    return users_template(definitions, read_template(options.template), parse_samples(options.sample))
