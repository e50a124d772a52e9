"""What Samanage does: accounts, credentials, phases, roles, users, groups, quirks, over the store."""
