"""Following a reference that an answer holds."""

from __future__ import annotations


def place(reference: object) -> str:
    """The path to request for an absolute reference or one relative to the SCIM base (RFC 7643 section 2.3.7)."""
    text = str(reference)
    return text if text.lower().startswith(("http://", "https://")) else "/" + text.removeprefix("./").lstrip("/")
