"""The only Flask code: SCIM routes, discovery, authentication, wire format, control."""
