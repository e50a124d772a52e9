"""Tables of resources, attribute values, memberships, accounts and credentials, on SQLite and PostgreSQL."""
