"""The provisioning job: cycles, links, escrows, quarantine, and the file that holds its state."""
