"""What a provisioning job makes of the target, scenario by scenario: its final state, and what the log tells."""
