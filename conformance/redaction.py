"""Secrets leave this process as placeholders only."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping

HIDDEN = "[redacted]"
_HEADERS = frozenset({"authorization", "x-samanage-authorization", "cookie", "set-cookie", "proxy-authorization"})
_MEMBERS = re.compile(
    r'("(?:password|passwd|secret|client_secret|token|access_token|refresh_token)"\s*:\s*)"(?:[^"\\]|\\.)*"',
    re.IGNORECASE,
)


class Redactor:
    """Known secrets and what stands in their place.

    The run's own token becomes `$SCIM_TOKEN` and its Basic pair `$SCIM_BASIC`, so that a curl line can
    use them; every other secret becomes `[redacted]`.
    """

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def add(self, secret: str | None, place: str = HIDDEN) -> None:
        """The secret is replaced by `place` wherever it occurs; secrets under four characters are not known."""
        if secret and len(secret) >= 4:
            self._places.setdefault(secret, place)

    def add_basic(self, username: str, password: str, place: str = HIDDEN) -> None:
        """The password and the encoded pair are secrets."""
        self.add(b64encode(f"{username}:{password}".encode()).decode(), place)
        self.add(password)

    def text(self, text: str) -> str:
        """The text without known secrets and without the values of password and token members."""
        for secret in sorted(self._places, key=len, reverse=True):
            text = text.replace(secret, self._places[secret])
        return _MEMBERS.sub(rf'\1"{HIDDEN}"', text)

    def header(self, name: str, value: str) -> str:
        """The value of a header; credentials other than the run's own are hidden whole."""
        told = self.text(value)
        if name.lower() not in _HEADERS or self._is_placed(value, told):
            return told
        scheme, _, rest = value.partition(" ")
        return f"{scheme} {HIDDEN}" if rest and scheme.isalpha() else HIDDEN

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """All headers, redacted."""
        return {name: self.header(name, value) for name, value in headers.items()}

    def knows(self) -> Iterable[str]:
        """The secrets known so far."""
        return tuple(self._places)

    def _is_placed(self, value: str, told: str) -> bool:
        scheme, _, rest = value.partition(" ")
        return told == f"{scheme} {self._places.get(rest)}"
