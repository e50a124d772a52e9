"""The mutants, one file per subject."""
