"""What /Schemas says of every attribute, compared with what the target does (RFC 7643 sections 2 and 7)."""
