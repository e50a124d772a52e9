"""Tokens that nobody issued, and reading one that somebody did (RFC 7519)."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.accounts import AccountHandle

CLAIMS = {"user_id": 1, "generated_at": "2020-04-22 09:30:00"}


def encoded(data: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def part(document: Mapping[str, Any]) -> str:
    """One part of a token."""
    return encoded(json.dumps(document, separators=(",", ":")).encode())


def forged(claims: Mapping[str, Any], key: bytes = b"a key of somebody else") -> str:
    """A well-formed token with these claims, signed with a key the server does not have."""
    text = f"{part({'alg': 'HS512'})}.{part(claims)}"
    return f"{text}.{encoded(hmac.digest(key, text.encode(), hashlib.sha512))}"


@dataclass(frozen=True, slots=True)
class Token:
    """What a token holds; `signature` as it stands in the text."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signature: str


def read_token(text: str) -> Token | None:
    """The parts of a token, None where the text is no JWT."""
    try:
        first, second, signature = text.split(".")
        header, claims = (json.loads(urlsafe_b64decode(each + "=" * (-len(each) % 4))) for each in (first, second))
    except ValueError:
        return None
    return Token(header, claims, signature) if isinstance(header, dict) and isinstance(claims, dict) else None


def unknown_tokens(account: AccountHandle) -> dict[str, str]:
    """Tokens in the right form that are not valid, made from the account's own where it has one."""
    real = read_token(account.token or "") or Token({"alg": "HS512"}, CLAIMS, encoded(b"signature"))
    altered = {**real.claims, "generated_at": "2030-01-01 00:00:00"}
    return {
        "signed with another key": forged(real.claims),
        "alg none": f"{part({'alg': 'none'})}.{part(real.claims)}.",
        "an altered claim": f"{part(real.header)}.{part(altered)}.{real.signature}",
    }


def malformed_tokens(account: AccountHandle) -> dict[str, str]:
    """Values of a bearer credential that are no token."""
    real = account.token or forged(CLAIMS)
    return {
        "two parts": real.rpartition(".")[0],
        "four parts": f"{real}.{real.rpartition('.')[2]}",
        "empty": "",
        "bad base64url": "e!!!.e###.e$$$",
        "no JSON": ".".join(encoded(word) for word in (b"no", b"JSON", b"here")),
    }


def pair(username: str, password: str) -> str:
    """What a Basic credential carries (RFC 7617)."""
    return b64encode(f"{username}:{password}".encode()).decode()


def malformed_pairs(account: AccountHandle) -> dict[str, str]:
    """Values of a Basic credential that are no pair of e-mail and password."""
    right = pair(account.username or "", account.password or "")
    return {
        "bad Base64": "!!!",
        "no colon": b64encode((account.username or "nobody").encode()).decode(),
        "empty": "",
        "a second blank": f"{right[:8]} {right[8:]}",
    }
