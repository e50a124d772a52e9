"""The discovery endpoints: /ServiceProviderConfig, /Schemas, /ResourceTypes (RFC 7644 section 4)."""
