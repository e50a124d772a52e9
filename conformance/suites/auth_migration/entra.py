"""What Entra's provisioning service expects of the authorization: one long-lived token, over TLS."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from conformance.client import Answer, ScimClient
from conformance.judging import budget, clause, holds, not_applicable
from conformance.population import Groups, Users
from conformance.suites.authentication.bearer import own_token

TIMEOUT_S = 10.0


@clause("ENTRA-1.8-01")
@budget(12)
def test_one_token_is_enough(scim: ScimClient, users: Users, groups: Groups) -> None:
    """Every request of matching users and groups works with the bearer token alone."""
    token = own_token(scim)
    if token is None:
        not_applicable("ENTRA-1.8-01", "the run has no bearer token")
        return
    users.client = groups.client = ScimClient(scim.base, scim.transport, {"Authorization": f"Bearer {token}"})
    for answer in (*user_requests(users), *group_requests(users, groups)):
        told = f"{answer.exchange.method} {answer.exchange.url}: {answer.status}"
        holds("ENTRA-1.8-01", answer.ok, expected="2xx", observed=told, answer=answer)


def user_requests(users: Users) -> Iterator[Answer]:
    """The requests Entra makes to match a user, and to create, change and disable one."""
    body = users.body()
    yield users.client.query(users.endpoint, f'userName eq "{body["userName"]}"')
    made = users.post(body)
    yield made
    path = users.path(made.resource)
    yield users.client.query(users.endpoint, f'userName eq "{body["userName"]}"')
    yield users.client.get(path)
    yield users.client.patch(path, [{"op": "Replace", "path": "displayName", "value": "Ada King"}])
    yield users.client.patch(path, [{"op": "Replace", "path": "active", "value": False}])


def group_requests(users: Users, groups: Groups) -> Iterator[Answer]:
    """The requests Entra makes to match a group, and to create one with a member."""
    body, member = groups.body(), users.post(users.body())
    yield groups.client.query(groups.endpoint, f'displayName eq "{body["displayName"]}"', excludedAttributes="members")
    made = groups.post(body)
    yield made
    added = [{"op": "Add", "path": "members", "value": [{"value": member.resource["id"]}]}]
    yield groups.client.patch(groups.path(made.resource), added)
    yield groups.client.get(groups.path(made.resource), params={"excludedAttributes": "members"})


@clause("ENTRA-1.8-02")
def test_the_url_is_https_and_trusted(scim: ScimClient) -> None:
    """The target is reached by https, with a certificate that verifies."""
    parts = urlsplit(scim.base)
    problem = mistrust(parts.hostname or "", parts.port or 443) if parts.scheme == "https" else "the URL is no https"
    holds("ENTRA-1.8-02", not problem, expected="https, a certificate that verifies", observed=problem or "verified")


def mistrust(host: str, port: int) -> str:
    """Why the certificate of a server does not verify with the machine's own authorities, empty where it does."""
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), TIMEOUT_S) as plain,
            context.wrap_socket(plain, server_hostname=host),
        ):
            return ""
    except ssl.SSLCertVerificationError as error:
        return f"the certificate does not verify: {error.verify_message}"
    except OSError as error:
        return f"no TLS connection: {error}"
