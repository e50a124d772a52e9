"""Authentication and authorization by the RFCs (RFC 7644 section 2, RFC 7235, RFC 6750, RFC 7617)."""
