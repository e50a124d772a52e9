"""Secrets stay where they belong: in no answer, no error, no journal."""

from __future__ import annotations

import json
import uuid
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

from conformance.accounts import AccountHandle, Accounts
from conformance.client import Answer, ScimClient
from conformance.errors import Unusable
from conformance.judging import budget, clause, holds
from conformance.run import Run
from conformance.suites.auth_migration.forging import CLAIMS, forged, pair
from conformance.suites.auth_migration.people import REQUESTER, hire, token_for, users_of
from conformance.suites.auth_migration.phased import SAMANAGE, credential_of, probe
from conformance.transport import Field


def spellings(secret: str) -> set[str]:
    """The secret as it may stand in a text: plain, in JSON, in Base64 of both alphabets, percent-encoded."""
    raw = secret.encode()
    coded = {b64encode(raw).decode(), urlsafe_b64encode(raw).decode()}
    return {
        secret,
        json.dumps(secret)[1:-1],
        quote(secret),
        quote(secret, safe=""),
        *(each.rstrip("=") for each in coded),
    }


def leaked(text: str, secrets: Mapping[str, str]) -> list[str]:
    """The names of the secrets that stand in the text in any spelling."""
    return [name for name, secret in secrets.items() if any(each in text for each in spellings(secret))]


def text_of(answer: Answer) -> str:
    """Header fields and body of an answer."""
    fields = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{fields}\n{answer.body.decode(errors='replace')}"


def tells_nothing(clause_id: str, answers: Iterable[Answer], secrets: Mapping[str, str]) -> None:
    """Judge that none of the secrets stands in any of the answers."""
    for answer in answers:
        found = leaked(text_of(answer), secrets)
        told = f"{answer.exchange.method} answered {answer.status}: {', '.join(found) or 'no secret'}"
        holds(clause_id, not found, expected="no secret", observed=told, answer=answer, harm=True)


def secrets_of(account: AccountHandle) -> dict[str, str]:
    """What opens the account; the signature of the token alone is as secret as the whole."""
    username, password, token = account.username or "", account.password or "", account.token
    known = {"the password": password, "the Basic credential": pair(username, password)}
    return {**known, "the token": token, "the token's signature": token.rpartition(".")[2]} if token else known


def everything(client: ScimClient, run: Run) -> Iterator[Answer]:
    """Answers of every kind: resources, lists, discovery documents, errors."""
    users = users_of(client, run)
    made = users.post(users.body(password=run.name("Pw1!")))
    owner = client.query("/Users", 'roles.value eq "Administrator"')
    yield from (made, owner, users.post(users.body(userName=made.resource["userName"])))
    for path in ("/Users", "/Users?attributes=password", "/Groups", "/ServiceProviderConfig", "/Schemas"):
        yield client.get(path)
    for path in ("/ResourceTypes", "/Users/unknown", "/Users?filter=password+pr", "/Users?filter=)", "/Nothing"):
        yield client.get(path)
    yield client.request("POST", "/Users", body=b'{"userName":')
    yield client.request("POST", "/Users", body=b"<user/>", content_type="application/xml")
    yield client.patch(users.path(made.resource), [{"op": "replace", "path": "password", "value": run.name("Pw2!")}])
    yield client.put(users.path(made.resource), {"password": run.name("Pw3!")})
    yield client.get(users.path(made.resource), headers={"Accept": "text/html"})


@clause("SAM-AUTH-53")
@budget(21)
def test_no_answer_holds_a_secret(accounts: Accounts, run: Run) -> None:
    """No resource, discovery document or error holds a password, a token or their encoded text."""
    account = accounts.create(phase="transition")
    secrets = secrets_of(account)
    tells_nothing("SAM-AUTH-53", everything(account.bearer(), run), secrets)
    account.hook("phase.set", phase="token")
    tells_nothing("SAM-AUTH-53", (probe(account.basic()), probe(account.bearer())), secrets)


def refused_fields(account: AccountHandle) -> Iterator[tuple[str, Mapping[str, Field]]]:
    """Wrong secrets, each with the header fields that carry it."""
    fresh = (f"wrong-{uuid.uuid4()}" for _ in range(8))
    for scheme in ("Bearer", "Digest", ""):
        secret = next(fresh)
        yield secret, {"Authorization": f"{scheme} {secret}".strip()}
    token, secret = forged({**CLAIMS, "nonce": next(fresh)}), next(fresh)
    yield token, {"Authorization": f"Bearer {token}"}
    yield token, {SAMANAGE: f"Bearer {token}"}
    yield secret, {"Authorization": f"Basic {pair(account.username or '', secret)}"}
    yield secret, {"Authorization": f"Basic {secret}"}
    yield secret, {"Authorization": (f"Bearer {secret}", f"Bearer {secret}")}


@clause("SAM-AUTH-54")
@budget(11)
def test_no_error_repeats_the_credential(accounts: Accounts, run: Run) -> None:
    """What is refused with 401 or 403 is not repeated in the answer."""
    account = accounts.create(phase="transition")
    for secret, fields in refused_fields(account):
        tells_nothing("SAM-AUTH-54", [probe(account.client(), fields)], {"the credential that was sent": secret})
    poor = token_for(account, hire(account.bearer(), run, REQUESTER))
    tells_nothing("SAM-AUTH-54", [probe(account.bearer(poor))], {"the token that was sent": poor})


def scim_passwords(client: ScimClient, run: Run) -> Iterator[tuple[str, str]]:
    """Sends passwords over SCIM in every kind of write, and names their beginnings and ends."""
    users, halves = users_of(client, run), [(uuid.uuid4().hex, uuid.uuid4().hex) for _ in range(4)]
    created, by_path, without, replaced = (f'{begin}"ä\\{end}' for begin, end in halves)
    made = users.post(users.body(password=created)).resource
    client.patch(users.path(made), [{"op": "replace", "path": "password", "value": by_path}])
    client.patch(users.path(made), [{"op": "add", "value": {"password": without}}])
    client.put(users.path(made), users.body(userName=made["userName"], password=replaced))
    for number, (begin, end) in enumerate(halves):
        yield f"the beginning of SCIM password {number}", begin
        yield f"the end of SCIM password {number}", end


def renewed(account: AccountHandle) -> Iterator[tuple[str, str]]:
    """Resets both credentials, uses the new ones, and names their secrets."""
    password = account.hook("credential.reset", credential=credential_of(account, "basic"))
    token = account.hook("credential.reset", credential=credential_of(account, "token"))
    fresh = replace(account, password=str(password["password"]), token=str(token["token"]))
    for client in (fresh.basic(), fresh.bearer()):
        probe(client)
    return ((f"{name}, renewed", secret) for name, secret in secrets_of(fresh).items())


@clause("SAM-AUTH-55")
@budget(16)
def test_the_journal_holds_no_secret(accounts: Accounts, run: Run) -> None:
    """The journal has the requests, and none of the secrets that they carried."""
    account = accounts.create(phase="transition")
    mark = hire(account.bearer(), run)["userName"]
    secrets = {**secrets_of(account), **dict(scim_passwords(account.basic(), run))}
    for number, (secret, fields) in enumerate(refused_fields(account)):
        secrets[f"wrong credential {number}"] = secret
        probe(account.client(), fields)
    secrets |= dict(renewed(account))
    journal = str(account.hook("journal.read")["text"])
    if mark not in journal:
        raise Unusable("journal.read does not show the requests of the account", setup=True)
    found = leaked(journal, secrets)
    told = f"{len(journal)} characters, {', '.join(found) or 'no secret'}"
    holds("SAM-AUTH-55", not found, expected="no secret", observed=told, harm=True)
