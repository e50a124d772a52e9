"""Defects of what surrounds the resources of a list, and of which resources a list holds."""

from __future__ import annotations

import json

from mock_samanage.scim.filter import Compare, Operator
from mock_samanage.scim.syntax import AttrPath
from tests.mutants.answers import Json
from tests.mutants.mutant import Reply

NOBODY = Compare(AttrPath(None, "id"), Operator.EQ, "")


def _listed(reply: Reply) -> Json | None:
    """The list in an answer, None if it holds none."""
    document: Json = json.loads(reply.body) if reply.code == 200 and reply.body.startswith(b"{") else {}
    return document if "totalResults" in document else None
