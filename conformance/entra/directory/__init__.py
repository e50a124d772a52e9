"""The source directory: users, groups, app roles and assignments, and the changes between two moments."""
