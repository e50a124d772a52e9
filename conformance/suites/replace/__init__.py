"""Replacing a resource with PUT (RFC 7644 section 3.5.1)."""
