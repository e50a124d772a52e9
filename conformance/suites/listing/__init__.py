"""Lists (RFC 7644 section 3.4.2): the envelope, and queries on the base URI."""
