"""Transport security of a remote target (RFC 7644 section 7.2)."""

from __future__ import annotations

import socket
import ssl
import warnings
from urllib.parse import urlsplit

from conformance.client import ScimClient
from conformance.errors import Interruption
from conformance.judging import clause, holds, not_applicable

TIMEOUT_S = 10
OLD = (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)


def negotiates(url: str, version: ssl.TLSVersion) -> bool:
    """Whether the server completes a handshake of exactly this version."""
    parts = urlsplit(url)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are tried because they are old
        context.minimum_version = context.maximum_version = version
    try:
        with (
            socket.create_connection((parts.hostname or "", parts.port or 443), TIMEOUT_S) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname),
        ):
            return True
    except OSError:
        return False


@clause("7644-7.2-01", "BCP195-01")
def test_the_transport_is_secured(scim: ScimClient) -> None:
    """The target is reached over TLS 1.2 or newer, and not over older versions."""
    secure = scim.base.startswith("https://")
    modern = secure and (negotiates(scim.base, ssl.TLSVersion.TLSv1_2) or negotiates(scim.base, ssl.TLSVersion.TLSv1_3))
    holds("7644-7.2-01", modern, expected="https with TLS 1.2 or 1.3", observed=scim.base)
    if not secure:
        not_applicable("BCP195-01", "the target is not reached over TLS")
        return
    old = [version.name for version in OLD if negotiates(scim.base, version)]
    holds("BCP195-01", not old, expected="no TLS 1.0, no TLS 1.1", observed=old or "none")


@clause("7644-7.4-04")
def test_credentials_travel_over_tls_only(scim: ScimClient) -> None:
    """Plain http accepts no credential, and cookies are marked Secure."""
    cookie = scim.get("/Users", params={"count": 1}).headers.get("Set-Cookie", "")
    marked = not cookie or "secure" in cookie.lower()
    try:
        plain = scim.get(scim.base.replace("https://", "http://", 1) + "/Users?count=1").status
    except Interruption:
        plain = 0
    holds(
        "7644-7.4-04",
        marked and not 200 <= plain < 300,
        expected="no 2xx over http, Secure cookies",
        observed=(plain, cookie),
    )
