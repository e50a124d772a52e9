"""Resources as they are shown and taken: names, lists, identifiers, common attributes (RFC 7643 sections 2 and 3)."""
