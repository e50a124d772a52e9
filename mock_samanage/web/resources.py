"""The handlers of /Users, /Groups, the root and .search: RFC 7644 sections 3.3 to 3.6."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mock_samanage.scim.messages import cursor_response, list_response
from mock_samanage.tenant.resource import Query
from mock_samanage.tenant.versions import etag
from mock_samanage.web.answer import Answer, json_answer
from mock_samanage.web.call import Call
from mock_samanage.web.parameters import read_projection, read_query, search_parameters
from mock_samanage.web.projection import Projection


def _page(call: Call, types: Sequence[str], parameters: Mapping[str, Any]) -> Answer:
    kept = read_projection(parameters)
    query = read_query(parameters, kept)
    if query.cursor is not None:
        return _cursor_page(call, types, query, kept)
    page = call.directory.query(types, query)
    entries = [call.shown(resource, kept) for resource in page.resources]
    return json_answer(list_response(entries, page.total, page.start_index), call.media_type)


def _cursor_page(call: Call, types: Sequence[str], query: Query, kept: Projection) -> Answer:
    page = call.directory.walk(types, query)
    entries = [call.shown(resource, kept) for resource in page.resources]
    return json_answer(cursor_response(entries, page.total, page.next, page.previous), call.media_type)


def list_all(call: Call) -> Answer:
    """A query over every type (RFC 7644 section 3.4.2.1)."""
    return _page(call, call.directory.type_names, call.parameters)


def list_one(call: Call, type_name: str) -> Answer:
    """A query over one type."""
    return _page(call, (type_name,), call.parameters)


def search_all(call: Call) -> Answer:
    """A query over every type whose parameters are in the body (RFC 7644 section 3.4.3)."""
    return _page(call, call.directory.type_names, search_parameters(call.body()))


def search_one(call: Call, type_name: str) -> Answer:
    """A query over one type whose parameters are in the body."""
    return _page(call, (type_name,), search_parameters(call.body()))


def read(call: Call, type_name: str, resource_id: str) -> Answer:
    """The resource, 304 when the client has this version already, or 412 when If-Match names others."""
    kept = read_projection(call.parameters)
    resource = call.directory.get(type_name, resource_id, wanted=kept.wanted)
    if call.preconditions.known(resource.version):
        return Answer(304, fields=[("ETag", etag(resource.version))])
    return call.resource_answer(resource, kept)


def create(call: Call, type_name: str) -> Answer:
    """201 with the new resource and its Location."""
    kept = read_projection(call.parameters)
    body = call.body()
    return call.resource_answer(call.directory.create(type_name, body, wanted=kept.wanted), kept, 201, body)


def replace(call: Call, type_name: str, resource_id: str) -> Answer:
    """200 with the resource as it is now."""
    kept = read_projection(call.parameters)
    body = call.body()
    resource = call.directory.replace(type_name, resource_id, body, call.preconditions, wanted=kept.wanted)
    return call.resource_answer(resource, kept, body=body)


def patch(call: Call, type_name: str, resource_id: str) -> Answer:
    """200 with the resource; 204 for a group, as Entra expects, unless the client asked for attributes."""
    kept = read_projection(call.parameters)
    bare = type_name == "Group" and not kept.attributes
    wanted = frozenset[str]() if bare else kept.wanted
    body = call.body()
    resource = call.directory.patch(type_name, resource_id, body, call.preconditions, wanted=wanted)
    if bare:
        return Answer(204, fields=[("ETag", etag(resource.version))])
    return call.resource_answer(resource, kept, body=body)


def delete(call: Call, type_name: str, resource_id: str) -> Answer:
    """204 without a body."""
    call.directory.delete(type_name, resource_id, call.preconditions)
    return Answer(204)
