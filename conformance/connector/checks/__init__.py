"""The checks of connectors, one file per subject: pure functions over the evidence of a scenario."""
