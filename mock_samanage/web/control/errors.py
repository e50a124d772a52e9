"""The errors of the control API itself.

    ControlError    the request cannot be served; carries the status and one line of text

What accounts refuse is a `tenant.errors.TenantError`, answered in the same form.
"""

from __future__ import annotations


class ControlError(Exception):
    """A request the control API refuses, answered as `{"error": text}`."""

    def __init__(self, status: int, text: str, fields: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.fields = fields
