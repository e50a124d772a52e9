"""Defects of the filterable set: the attributes a filter of an account may name."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]
