"""A connector of a dozen lines on scim2-client from PyPI, as one writes it after its tutorial: query, create, replace.

`python -m tests.connectors.scim2`; it reads the source as JSON only, and keeps no state.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

import httpx2
from scim2_client import SCIMClientException
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import (
    Email,
    EnterpriseUser,
    Group,
    GroupMember,
    Manager,
    Name,
    PhoneNumber,
    ResourceType,
    Role,
    SCIMException,
    ScimProvider,
    SearchRequest,
    User,
)

Account = User[EnterpriseUser]
PROVIDER = ScimProvider(
    models=[User, EnterpriseUser, Group],
    resource_types=[ResourceType.from_resource(Account), ResourceType.from_resource(Group)],
)


def account(person: Mapping[str, Any], ids: Mapping[str, str]) -> Any:
    """The model of a person."""
    made = Account(user_name=person["userName"], external_id=person["id"], active=person["active"])
    made.display_name, made.title = person.get("displayName"), person.get("title")
    made.name = Name(given_name=person.get("givenName"), family_name=person.get("familyName"))
    if email := person.get("email"):
        made.emails = [Email(value=email, type=Email.Type.work, primary=True)]
    if phone := person.get("phone"):
        made.phone_numbers = [PhoneNumber(value=phone, type=PhoneNumber.Type.work)]
    if role := person.get("role"):
        made.roles = [Role(value=role)]
    manager = Manager(value=ids[person["manager"]]) if person.get("manager") in ids else None
    if manager or person.get("department"):
        made[EnterpriseUser] = EnterpriseUser(department=person.get("department"), manager=manager)
    return made


def bring(client: SyncSCIMClient, model: Any, filter: str, resource: Any) -> str:
    """The id of the resource, which replaces what the filter finds or is created."""
    found = client.query(model, query_parameters=SearchRequest(filter=filter)).resources
    if found:
        resource.id = found[0].id
        client.replace(resource)
    else:
        resource = client.create(resource)
    return str(resource.id)


def synchronise(client: SyncSCIMClient, source: Mapping[str, Any]) -> None:
    """Every person and every group of the source is in the tenant; who has left is deleted."""
    ids: dict[str, str] = {}
    for person in source["users"]:
        ids[person["id"]] = bring(client, Account, f'userName eq "{person["userName"]}"', account(person, ids))
    for team in source["groups"]:
        members = [GroupMember(value=ids[each]) for each in team["members"]]
        group = Group(display_name=team["displayName"], external_id=team["id"], members=members)
        bring(client, Group, f'displayName eq "{team["displayName"]}"', group)
    for user in client.query(Account, query_parameters=SearchRequest(filter="externalId pr")).resources or []:
        if user.external_id not in ids:
            client.delete(Account, user.id)


def main(environ: Mapping[str, str], told: TextIO | None = None) -> int:
    """The exit status of one run."""
    source = json.loads(Path(environ["SAMANAGE_SOURCE"]).read_text(encoding="utf-8"))
    token = environ.get("SAMANAGE_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else None
    auth = None if token else (environ["SAMANAGE_USERNAME"], environ["SAMANAGE_PASSWORD"])
    with httpx2.Client(base_url=environ["SAMANAGE_URL"], headers=headers, auth=auth) as http:
        try:
            synchronise(SyncSCIMClient(http, provider=PROVIDER), source)
        except (SCIMClientException, SCIMException, httpx2.HTTPError) as error:
            print(f"{type(error).__name__}: {error}", file=told or sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
