"""Provisioning logs in the shape of Graph's provisioningObjectSummary, audit events, progress."""
