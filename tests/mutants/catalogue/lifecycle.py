"""Defects that only a sequence shows: create, change, delete, and look again."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]
