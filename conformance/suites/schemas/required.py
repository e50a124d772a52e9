"""Required attributes (RFC 7643 sections 2.2 and 4.1.1)."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.described import Described
from conformance.errors import Unusable
from conformance.judging import budget, clause, refused
from conformance.population import Document, Users
from conformance.specimens import Workshop
from conformance.suites.schemas.comparing import Workshops, made

BAD = ("invalidValue", "invalidSyntax")


def required(workshop: Workshop) -> Iterator[Described]:
    """The required attributes of a type's own schema, and of the extensions that it requires."""
    for each in workshop.attributes:
        if (
            each.says("required") is True
            and each.writable
            and (not each.extension or each.extension in workshop.needed)
        ):
            yield each


def without(body: Document, each: Described) -> Document:
    """The body without an attribute."""
    if not each.extension:
        return {name: value for name, value in body.items() if name != each.name}
    held = {name: value for name, value in body[each.extension].items() if name != each.name}
    return {**body, each.extension: held}


@clause("7643-2.2-02")
@budget(22)
def test_required_attributes_are_required(workshops: Workshops) -> None:
    """A POST or PUT without an attribute that is described as required is refused, and changes nothing."""
    for workshop in workshops.values():
        body = workshop.plain()
        before = made(workshop, body)
        client, path = workshop.resources.client, workshop.resources.path(before)
        for each in required(workshop):
            refused("7643-2.2-02", workshop.resources.post(without(workshop.plain(), each)), status=400, scim_type=BAD)
            answer = client.put(path, without(body, each))
            kept = each.held(workshop.resources.read(before)) == each.held(before)
            refused("7643-2.2-02", answer, status=400, scim_type=BAD, unchanged=kept)


@clause("7644-3.12-04", "7643-4.1.1-03")
@budget(6)
def test_a_required_text_is_not_unassigned(users: Users) -> None:
    """null and the empty text are no value for userName, in PUT and in POST."""
    own = users.body()
    answer = users.post(own)
    identifier = answer.resource.get("id") if answer.ok else None
    if not isinstance(identifier, str):
        raise Unusable(f"a user cannot be created: {answer}", answer.exchange, setup=True)
    client, path = users.client, users.path(identifier)
    answer = client.put(path, {**own, "userName": None})
    kept = str(users.read(identifier).get("userName")).lower() == str(own["userName"]).lower()
    refused("7644-3.12-04", answer, status=400, scim_type=BAD, unchanged=kept)
    refused("7643-4.1.1-03", users.post({**users.body(), "userName": ""}), status=400, scim_type=BAD)
