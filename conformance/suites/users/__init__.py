"""The core User and the enterprise extension (RFC 7643 sections 4.1, 4.3 and 8)."""
