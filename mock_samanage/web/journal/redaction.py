"""Takes secrets out of what is written down: by field name, by member name, and by value."""

from __future__ import annotations

import base64
import binascii
import json
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from urllib.parse import quote

from mock_samanage.web.journal.heads import Head

REDACTED = "[redacted]"
SECRET_FIELDS = frozenset({"authorization", "x-samanage-authorization", "cookie", "set-cookie", "proxy-authorization"})
_MEMBER = re.compile(
    r'("[^"]*(?:password|secret|token)[^"]*"\s*:\s*|"path"\s*:\s*"[^"]*password"\s*,\s*"value"\s*:\s*)'
    r'("(?:[^"\\]|\\.)*"?|-?\d[^,}\]\s]*)',
    re.IGNORECASE,
)
_VALUE_BEFORE_PATH = re.compile(
    r'("value"\s*:\s*)"(?:[^"\\]|\\.)*"(\s*,\s*"path"\s*:\s*"[^"]*password")', re.IGNORECASE
)
_PARAMETER = re.compile(r"([?&][^=&]*(?:password|secret|token)[^=&]*=)[^&#\s]*", re.IGNORECASE)
_JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]+")
HEADS = 256
"""Requests' heads that are remembered."""
SHORTEST = 6
"""Characters of a secret that can be told from other text."""


def spellings(secret: str) -> set[str]:
    """The secret as it may stand in a text: plain, in JSON, in a URL."""
    return {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], quote(secret, safe="")}


@lru_cache(maxsize=256)
def presented(field: str) -> tuple[str, ...]:
    """The secrets inside an Authorization field: the token, or the password with and without its base64 coat."""
    found: list[str] = []
    for part in field.split(","):
        scheme, _, credential = part.strip().partition(" ")
        if credential := credential.strip():
            found += [credential, *(_password(credential) if scheme.lower() == "basic" else [])]
    return tuple({text for secret in found if len(secret) >= SHORTEST for text in spellings(secret)})


@lru_cache(maxsize=256)
def masked(value: str) -> str:
    """The value of a secret field as it is written down: only the scheme of a credential is left."""
    scheme = value.partition(" ")[0]
    return f"{scheme} {REDACTED}" if scheme.lower() in {"basic", "bearer"} else REDACTED


def _password(credential: str) -> list[str]:
    try:
        decoded = base64.b64decode(credential, validate=True).decode()
    except (binascii.Error, ValueError):
        return []
    return [decoded.partition(":")[2]]


Written = tuple[str, Sequence[str]]


class Redactor:
    """Knows the secrets of this process's accounts and takes them, and whatever looks like one, out of texts."""

    def __init__(self) -> None:
        self._known: frozenset[str] = frozenset()
        self._heads: dict[Head, Written] = {}
        self._lock = threading.Lock()

    def know(self, *secrets: str | None, login: str | None = None) -> None:
        """Remembers secrets, and how Basic wraps them with the login.

        Those shorter than six characters are too common to be told from other text; tokens are known by their form.
        """
        given = [secret for secret in secrets if secret]
        coats = [base64.b64encode(f"{login}:{secret}".encode()).decode() for secret in given if login]
        told = {text for secret in (*given, *coats) if len(secret) >= SHORTEST for text in spellings(secret)}
        with self._lock:
            self._known |= {text for text in told if not _JWT.fullmatch(text)}
            self._heads = {}

    def remembered(self, head: Head, written: Callable[[Head], Written]) -> Written:
        """What `written` makes of the fields of a request, which most clients send again and again: text and secrets.

        The text is without secrets, and those that would be found without being named are left out.
        """
        heads = self._heads
        found = heads.get(head)
        if found is None:
            text, sent = written(head)
            unknown = [secret for secret in sent if secret not in self._known and not _JWT.fullmatch(secret)]
            found = self.text(text, sent), unknown
            if len(heads) >= HEADS:
                heads.clear()
            heads[head] = found
        return found

    def values(self, text: str, extra: Iterable[str] = ()) -> str:
        """The text without known secrets and tokens."""
        for secret in (*self._known, *extra):
            if secret in text:
                text = text.replace(secret, REDACTED)
        if "J" in text and "eyJ" in text:  # one letter is found much faster
            text = _JWT.sub(REDACTED, text)
        return text

    def text(self, text: str, extra: Iterable[str] = ()) -> str:
        """The text without known secrets, tokens, and values of members or parameters named like secrets."""
        text = self.values(text, extra)
        lowered = text.lower()
        if "password" in lowered or "secret" in lowered or "token" in lowered:
            text = _MEMBER.sub(rf'\1"{REDACTED}"', text)
            text = _VALUE_BEFORE_PATH.sub(rf'\1"{REDACTED}"\2', text)
            text = _PARAMETER.sub(rf"\1{REDACTED}", text)
        return text
