"""Changing a part of a resource: PATCH (RFC 7644 section 3.5.2)."""
