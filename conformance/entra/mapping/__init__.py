"""What becomes of a source object in the target: attribute mappings, matching, scope."""
