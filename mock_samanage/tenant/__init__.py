"""What Samanage does: accounts, credentials, phases, roles, users, groups, quirks; no Flask, no SQL."""
