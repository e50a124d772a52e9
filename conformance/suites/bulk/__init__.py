"""Bulk jobs (RFC 7644 section 3.7): messages, results, references, limits, rights."""
