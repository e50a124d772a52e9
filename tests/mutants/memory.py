"""What the product remembers from one request to the next about texts and filters, whatever server it is for."""

from __future__ import annotations

from mock_samanage.scim import filter as filters
from mock_samanage.scim import lexer, path
from mock_samanage.store import querying
from mock_samanage.web.projection import projection


def forget() -> None:
    """Empties it, so that neither a sound reading hides a defect nor a wrong one outlives its mutant."""
    for remembered in (filters._remembered, path._remembered, lexer._cached_attr_path, projection):
        remembered.cache_clear()
    querying._plans.clear()
