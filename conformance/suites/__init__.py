"""The checks: pytest functions, one file per subject."""
