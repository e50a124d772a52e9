"""Lists (RFC 7644 sections 3.4.2, 3.4.2.3 and 3.4.2.4): the envelope, sorting, paging by index."""
