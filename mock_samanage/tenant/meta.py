"""The readOnly attributes of a record as clients see them, apart from URIs, which need the address of the request."""

from __future__ import annotations

from typing import Any

from mock_samanage.store import Record
from mock_samanage.tenant.clock import timestamp
from mock_samanage.tenant.versions import etag


def read_only(record: Record) -> dict[str, Any]:
    """`id` and `meta` of the record, without `meta.location`."""
    return {
        "id": record.id,
        "meta": {
            "resourceType": record.type,
            "created": timestamp(record.created),
            "lastModified": timestamp(record.modified),
            "version": etag(record.version),
        },
    }
