"""Paging of lists: by index (RFC 7644 section 3.4.2.4) and by cursor (RFC 9865)."""
