"""The control API: accounts, credentials, phases and the journal, for tests and operators; never part of SCIM."""
