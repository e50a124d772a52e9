"""Who may use the control API: this machine, under its own name, and off loopback with the control token."""

from __future__ import annotations

import hmac
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from mock_samanage.servers.sockets import LOOPBACK, is_loopback, url_host
from mock_samanage.web.control.errors import ControlError


@dataclass(frozen=True, slots=True)
class Guard:
    """The address the listener is bound to, and the token it demands, None for none."""

    host: str
    port: int
    token: str | None = None

    def check(self, fields: Mapping[str, str]) -> None:
        """Lets a request pass or raises ControlError: 403 for a foreign Host or Origin, 401 without the token.

        A web page that a browser shows could otherwise reach the listener through a name of its own.
        """
        host = fields.get("Host", "")
        if not self._own(host):
            raise ControlError(403, f"The Host {host[:80]!r} is not this listener's; it is {self._name()}.")
        origin = fields.get("Origin")
        if origin is not None and not (
            origin.startswith(("http://", "https://")) and self._own(urlsplit(origin).netloc)
        ):
            raise ControlError(403, f"Pages of the origin {origin[:80]!r} may not use the control API.")
        if self.token is not None and not self._knows(fields.get("Authorization", "")):
            fields_back = (("WWW-Authenticate", 'Bearer realm="control"'),)
            raise ControlError(401, "Send the control token as Authorization: Bearer TOKEN.", fields_back)

    def _name(self) -> str:
        return f"{url_host(self.host)}:{self.port}"

    def _own(self, netloc: str) -> bool:
        try:
            parts = urlsplit(f"//{netloc}")
            name, port = parts.hostname, parts.port
        except ValueError:
            return False
        if name is None or port not in {self.port, None if self.port in {80, 443} else self.port}:
            return False
        if name in LOOPBACK and (is_loopback(self.host) or _is_any(self.host)):
            return True
        return name == self.host.lower() or (_is_any(self.host) and _names_this_machine(name))

    def _knows(self, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        right = (self.token or "").encode()
        return scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode("utf-8", "replace"), right)


def _is_any(host: str) -> bool:
    return host in {"0.0.0.0", "::", ""}  # noqa: S104 compared, not bound


def _names_this_machine(name: str) -> bool:
    """True for addresses and the machine's own name; another page's host name is neither."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name == socket.gethostname().lower()
    return True
