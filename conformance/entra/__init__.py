"""A simulator of Microsoft Entra's provisioning service: a SCIM client that knows a URL and credentials."""
