"""The helpers of the suite auth_migration tell what they say they tell."""

from __future__ import annotations

import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import jwt
import pytest

from conformance.accounts import AccountHandle
from conformance.client import ScimClient
from conformance.hooks import CommandHooks
from conformance.suites.auth_migration.entra import mistrust
from conformance.suites.auth_migration.forging import (
    forged,
    malformed_pairs,
    malformed_tokens,
    read_token,
    unknown_tokens,
)
from conformance.suites.auth_migration.people import difference, texts
from conformance.suites.auth_migration.secrecy import leaked
from conformance.suites.auth_migration.tokens import is_sound
from conformance.suites.authentication.challenges import challenges
from conformance.transport import Transport

KEY = b"k" * 64
CLAIMS = {"user_id": 7, "generated_at": "2026-02-03 04:05:06"}
REAL = jwt.encode(CLAIMS, KEY, algorithm="HS512", headers={"typ": None})
DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture
def account() -> Iterator[AccountHandle]:
    transport = Transport()
    client = ScimClient("http://scim.test", transport, {})
    yield AccountHandle("acme", client.base, REAL, "ann@example.com", "Secret-1", CommandHooks("true"), client)
    transport.close()


def test_a_token_is_read_without_its_key() -> None:
    token = read_token(REAL)
    assert token is not None
    assert (token.header, token.claims, token.signature) == ({"alg": "HS512"}, CLAIMS, REAL.rpartition(".")[2])
    assert read_token("a.b") is None
    assert read_token("W10.W10.x") is None


def test_a_forged_token_is_valid_under_its_own_key_only() -> None:
    token = forged(CLAIMS, KEY)
    assert jwt.decode(token, KEY, algorithms=["HS512"]) == CLAIMS
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(forged(CLAIMS), KEY, algorithms=["HS512"])


def test_no_unknown_or_malformed_token_is_the_real_one(account: AccountHandle) -> None:
    for token in (*unknown_tokens(account).values(), *malformed_tokens(account).values()):
        with pytest.raises(jwt.InvalidTokenError):
            jwt.decode(token, KEY, algorithms=["HS512"])


def test_no_malformed_pair_is_the_real_one(account: AccountHandle) -> None:
    assert b64encode(b"ann@example.com:Secret-1").decode() not in malformed_pairs(account).values()


@pytest.mark.parametrize(
    ("claims", "sound"),
    [
        (CLAIMS, True),
        ({**CLAIMS, "user_id": "7"}, True),
        ({**CLAIMS, "user_id": 8}, False),
        ({**CLAIMS, "exp": 1}, False),
        ({**CLAIMS, "generated_at": "2026-02-30 04:05:06"}, False),
        ({**CLAIMS, "generated_at": "2026-02-03T04:05:06Z"}, False),
        ({"user_id": 7}, False),
    ],
)
def test_a_token_is_judged_by_its_claims(claims: dict[str, object], sound: bool) -> None:  # noqa: FBT001
    token = read_token(forged(claims))
    assert token is not None
    assert is_sound(token, "7") is sound


def test_a_secret_is_found_in_every_spelling() -> None:
    secrets = {"the password": 'pä"ss/+word', "another": "not there"}
    raw = secrets["the password"].encode()
    for text in (
        raw.decode(),
        b64encode(raw).decode(),
        quote(raw),
        quote(raw, safe=""),
        '{"a": "p\\u00e4\\"ss/+word"}',
    ):
        assert leaked(f"before {text} after", secrets) == ["the password"]
    assert leaked("nothing of it", secrets) == []


def test_a_difference_names_what_was_lost_changed_and_doubled() -> None:
    before = {"/Users": texts([{"id": "1", "a": 1}, {"id": "2"}])}
    assert difference(before, before) == ""
    after = {"/Users": texts([{"id": "1", "a": 2}, {"id": "3"}, {"id": "3"}])}
    assert difference(before, after) == "/Users lost: 2; /Users added: 3; /Users changed: 1; /Users listed twice: 1"


def test_an_absent_header_holds_no_challenge() -> None:
    assert challenges(None) == []
    assert challenges("") == []
    assert [each.scheme for each in challenges('Bearer realm="a, b", Basic realm="c"')] == ["bearer", "basic"]


def test_a_certificate_nobody_signed_is_not_trusted() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(DATA / "tls-cert.pem", DATA / "tls-key.pem")
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # the handshake fails, as it should
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        told = mistrust("localhost", server.server_address[1])
        server.shutdown()
        thread.join()
    assert "does not verify" in told
    assert "no TLS connection" in mistrust("localhost", server.server_address[1])
