"""What of a resource an answer shows: attributes and excludedAttributes (RFC 7644 section 3.9)."""
