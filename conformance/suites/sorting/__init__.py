"""Sorting (RFC 7644 section 3.4.2.3)."""
