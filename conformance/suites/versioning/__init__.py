"""Versions of resources: entity-tags and preconditions (RFC 7644 section 3.14, RFC 7232)."""
