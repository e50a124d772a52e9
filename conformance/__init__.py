"""A judge for SCIM tenants and connectors; it sees only HTTP and JSON."""
